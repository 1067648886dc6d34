"""Accounts > Contacts."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Page, Paginator
from django.utils.decorators import method_decorator
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView

from contacts.listing import PER_PAGE, Listing, Tab
from contacts.models import Contact

from .common import is_partial


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class ContactList(PermissionRequiredMixin, TemplateView):
    """The contacts of one tab; typing into the search fetches the list alone."""

    permission_required = "contacts.view_contact"

    def get_template_names(self) -> list[str]:
        """The list for htmx, the page for everybody else."""
        return ["contacts/_list.html" if is_partial(self.request) else "contacts/list.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page of rows, and the tabs with their counts."""
        listing = Listing.from_query(self.request.GET)
        tabs = [_tab(listing, tab) for tab in Tab]
        count = next(tab["count"] for tab in tabs if tab["is_current"])
        page = _page(listing, count, self.request.GET.get("page"))
        context = {"listing": listing, "tabs": tabs, "page": page, "is_partial": is_partial(self.request)}
        return super().get_context_data(**context, **kwargs)


def _tab(listing: Listing, tab: Tab) -> dict[str, Any]:
    there = listing.of(tab)
    return {
        "label": tab.label,
        "url": there.query,
        "count": there.count(),
        "is_current": tab == listing.tab,
    }


def _page(listing: Listing, count: int, number: str | None) -> Page[Contact]:
    rows = listing.contacts().select_related("company").prefetch_related("addresses")
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = count  # known from the tab: no second COUNT
    return paginator.get_page(number)
