"""The list of tickets (R27)."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.vary import vary_on_headers

from companies.paging import count_capped, page_of
from contacts.models import Ticket
from contacts.ticketlisting import Tab, TicketListing
from deskscim.web import is_partial


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class TicketList(PermissionRequiredMixin, View):
    """The tickets of one tab, narrowed by status, contact, company and search; all of it in the address."""

    permission_required = "contacts.view_ticket"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; for htmx, which asks while somebody types, the list alone."""
        listing = TicketListing.from_query(request.GET)
        tabs = [_tab(listing, tab) for tab in Tab]
        rows = listing.tickets().select_related("contact")
        context = {
            "listing": listing,
            "tabs": tabs,
            "statuses": _statuses(listing),
            "page": page_of(rows, listing.order, request.GET.get("page", "")),
            "count": next(tab["count"] for tab in tabs if tab["is_current"]),
            "is_partial": is_partial(request),
        }
        template = "contacts/tickets/_list.html" if is_partial(request) else "contacts/tickets/list.html"
        return render(request, template, context)


def _tab(listing: TicketListing, tab: Tab) -> dict[str, Any]:
    there = listing.of(tab)
    return {
        "label": tab.label,
        "url": there.query,
        "count": count_capped(there.tickets()),
        "is_current": tab == listing.tab,
    }


def _statuses(listing: TicketListing) -> list[dict[str, Any]]:
    choices = [("", _("Any status")), *Ticket.Status.choices]
    return [
        {"label": label, "url": listing.with_status(value).query, "is_current": value == listing.status}
        for value, label in choices
    ]
