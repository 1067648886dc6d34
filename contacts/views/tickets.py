"""Tickets: the lists of all and of spam, the page of one, into spam and out of it (R27, R35)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import F, TextChoices
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views import View
from django.views.decorators.vary import vary_on_headers

from contacts import tickets
from contacts.errors import ContactError
from contacts.models import Ticket
from contacts.querysets import TicketQuerySet

from .common import acting, ask, is_partial, next_url

PER_PAGE = 30


class Tab(TextChoices):
    """R27: spam has a tab of its own and stays, marked, among all."""

    ALL = "all", "All"
    SPAM = "spam", "Spam"


NEWEST_FIRST = "-opened"
COLUMNS: Mapping[str, F | Lower] = {
    "subject": Lower("subject"),
    "contact": Lower("contact__name"),
    "status": F("status"),
    "opened": F("id"),
}


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class TicketList(PermissionRequiredMixin, View):
    """The tickets of one tab; ?q= searches, ?sort= names a column, with a minus for the other way round."""

    permission_required = "contacts.view_ticket"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; for htmx, which asks while somebody types, the list alone."""
        tab = Tab.SPAM if request.GET.get("tab") == Tab.SPAM else Tab.ALL
        search = request.GET.get("q", "").replace("\0", "").strip()
        sort = _sort(request.GET)
        tabs = [_tab(one, search, is_current=one == tab) for one in Tab]
        paginator = Paginator(_ordered(_found(tab, search), sort).select_related("contact"), PER_PAGE)
        paginator.count = tabs[0 if tab == Tab.ALL else 1]["count"]  # no second COUNT
        context = {
            "tab": tab,
            "tabs": tabs,
            "search": search,
            "sort": sort,
            "page": paginator.get_page(request.GET.get("page")),
            "is_partial": is_partial(request),
        }
        template = "contacts/tickets/_list.html" if is_partial(request) else "contacts/tickets/list.html"
        return render(request, template, context)


def _sort(query: QueryDict) -> str:
    asked = query.get("sort", "")
    return asked if asked.removeprefix("-") in COLUMNS else NEWEST_FIRST


def _ordered(found: TicketQuerySet, sort: str) -> TicketQuerySet:
    column = COLUMNS[sort.removeprefix("-")]
    return found.order_by(column.desc() if sort.startswith("-") else column.asc(), "-id")


def _found(tab: Tab, search: str) -> TicketQuerySet:
    found = Ticket.objects.search(search)
    return found.spam() if tab == Tab.SPAM else found


def _tab(tab: Tab, search: str, *, is_current: bool) -> dict[str, Any]:
    state = {"tab": tab.value if tab != Tab.ALL else "", "q": search}
    return {
        "label": tab.label,
        "url": "?" + urlencode({name: value for name, value in state.items() if value}),
        "count": _found(tab, search).count(),
        "is_current": is_current,
    }


class TicketDetail(PermissionRequiredMixin, View):
    """One ticket and whose it is."""

    permission_required = "contacts.view_ticket"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        rows = Ticket.objects.select_related("contact__company").prefetch_related("contact__addresses")
        return render(request, "contacts/tickets/detail.html", {"ticket": get_object_or_404(rows, pk=pk)})


class MarkSpam(PermissionRequiredMixin, View):
    """R35: spam by an agent's word, after naming everything that follows."""

    permission_required = "contacts.mark_spam"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        ticket = get_object_or_404(Ticket.objects.select_related("contact"), pk=pk)
        context = {
            "ticket": ticket,
            "contact": ticket.contact,
            "others": ticket.contact.tickets.working().exclude(pk=pk).count(),
            "action": reverse("tickets:spam", args=[pk]),
            "next": next_url(request, _url(pk)),
        }
        return ask(request, "contacts/tickets/_mark_spam.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        try:
            ticket = tickets.mark_spam(ticket_id=pk, actor=acting(request))
            messages.success(request, f"The ticket is spam. {ticket.contact.name} is suspended.")
        except ContactError as refused:
            messages.warning(request, str(refused))
        except Ticket.DoesNotExist:
            raise Http404 from None
        return redirect(next_url(request, _url(pk)))


class UnmarkSpam(PermissionRequiredMixin, View):
    """Out of spam; the contact stays as it is."""

    permission_required = "contacts.mark_spam"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it; harmless, so nothing is asked."""
        try:
            messages.success(request, _no_longer_spam(tickets.unmark_spam(ticket_id=pk)))
        except ContactError as refused:
            messages.warning(request, str(refused))
        except Ticket.DoesNotExist:
            raise Http404 from None
        return redirect(next_url(request, _url(pk)))


def _no_longer_spam(ticket: Ticket) -> str:
    """What was done, and that the suspension stays, with the button that lifts it (a form of base.html)."""
    contact = ticket.contact
    if contact.is_deleted or not contact.is_suspended:
        return "The ticket is no longer spam."
    return format_html(
        "The ticket is no longer spam. {} stays suspended."
        ' <button type="submit" class="link" form="post" formaction="{}">Lift suspension</button>',
        contact.name,
        reverse("contacts:unsuspend", args=[contact.pk]),
    )


def _url(pk: int) -> str:
    return reverse("tickets:detail", args=[pk])
