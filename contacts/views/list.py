"""Accounts > Contacts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView

from contacts.listing import SIZES, Listing, Tab
from contacts.listing.columns import Column
from contacts.listing.matches import Number
from contacts.listing.paging import Page, page
from contacts.listing.state import Place
from contacts.models import Contact, ListPreference, SavedView
from deskscim.web import is_partial

from .common import agent_id, from_list
from .list_forms import kept


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class ContactList(PermissionRequiredMixin, TemplateView):
    """The contacts of one tab; typing into the search fetches the list alone."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who says nothing gets what they like: their default view, or the columns they chose last."""
        if not request.GET and (liked := _liked(request)):
            return redirect(reverse("contacts:list") + liked)
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        """The list for htmx, the page for everybody else."""
        return ["contacts/_list.html" if is_partial(self.request) else "contacts/list.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page of rows, and the tabs with their counts."""
        listing = Listing.from_query(self.request.GET)
        shown = page(listing)
        context = {
            "listing": shown.listing,
            "tabs": [_tab(listing, tab, shown.numbers[tab]) for tab in Tab],
            "page": shown,
            "heads": [_head(shown.listing, column) for column in shown.listing.columns],
            "rows": [(contact, _cells(contact, listing.columns)) for contact in shown.contacts],
            "pages": _pages(shown),
            "chips": [(one, listing.without(one).query) for one in listing.filters],
            "sizes": [(size, replace(listing, size=size, place=None).query) for size in SIZES],
            "kept": kept(replace(listing, search="", place=None)),
            "from_list": from_list(shown.listing),
            "is_partial": is_partial(self.request),
            **self._views(shown.listing),
        }
        return super().get_context_data(**context, **kwargs)

    def _views(self, listing: Listing) -> dict[str, Any]:
        """The saved views; of the one that is open, whether the list has left it and who may change it."""
        agent = agent_id(self.request)
        views = list(SavedView.objects.visible_to(agent))
        view = next((view for view in views if view.pk == listing.view), None)
        may_share = self.request.user.has_perm("contacts.share_savedview")
        return {
            "views": views,
            "view": view,
            "differs": view and view.query != listing.unnamed().query,
            "may_change": view and view.may_be_changed_by(agent, may_share=may_share),
        }


def _liked(request: HttpRequest) -> str:
    preference = ListPreference.objects.select_related("view").filter(agent=agent_id(request)).first()
    if preference is None:
        return ""
    if preference.view:
        return preference.view.address
    return Listing(shown=tuple(preference.columns.split(","))).query if preference.columns else ""


def _tab(listing: Listing, tab: Tab, count: Number) -> dict[str, Any]:
    return {
        "label": tab.label,
        "url": listing.of(tab).query,
        "count": count,
        "is_current": tab == listing.tab,
    }


def _head(listing: Listing, column: Column) -> dict[str, Any]:
    """The head of a column: which way it sorts, and where a click on it leads."""
    ascending = listing.sort == column.name
    descending = listing.sort == f"-{column.name}"
    other = f"-{column.name}" if ascending else column.name
    return {
        "column": column,
        "direction": "ascending" if ascending else "descending" if descending else "",
        "url": listing.sorted_by(other).query,
    }


def _cells(contact: Contact, columns: Sequence[Column]) -> list[tuple[Column, Any]]:
    return [(column, column.of(contact)) for column in columns]


def _pages(page: Page) -> dict[str, str]:
    """Addresses of the pages that there are."""
    listing = page.listing
    end = Place(None, is_before=True)
    places = {"previous": page.previous, "next": page.next, "last": end if page.next else None}
    urls = {name: listing.page_query(place) for name, place in places.items() if place}
    return urls | ({"first": listing.query} if page.previous else {})
