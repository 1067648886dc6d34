"""The page of one ticket, and its status."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from contacts import tickets
from contacts.models import Ticket
from contacts.views.common import next_url, undoable

OTHERS = 5


class TicketDetail(PermissionRequiredMixin, View):
    """One ticket, whose it is, and what else they asked for."""

    permission_required = "contacts.view_ticket"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        rows = Ticket.objects.select_related("contact__company").prefetch_related("contact__addresses")
        ticket = get_object_or_404(rows, pk=pk)
        others = list(ticket.contact.tickets.exclude(pk=pk)[: OTHERS + 1])
        context = {
            "ticket": ticket,
            "statuses": Ticket.Status.choices,
            "others": others[:OTHERS],
            "has_more": len(others) > OTHERS,
        }
        return render(request, "contacts/tickets/detail.html", context)


class TicketStatus(PermissionRequiredMixin, View):
    """Where the work stands: the field `status` says."""

    permission_required = "contacts.change_ticket"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it, and offer to undo that."""
        status = request.POST.get("status", "")
        if status not in Ticket.Status.values:
            messages.warning(request, _("Nothing was changed: choose a status."))
            return redirect(next_url(request, ticket_url(pk)))
        try:
            before = tickets.set_status(ticket_id=pk, status=Ticket.Status(status))
        except Ticket.DoesNotExist:
            raise Http404 from None
        if before != status:
            text = _("The ticket is now: %(status)s.") % {"status": Ticket.Status(status).label}
            undo = undoable(text, reverse("tickets:status", args=[pk]), [before], name="status")
            messages.success(request, undo)
        return redirect(next_url(request, ticket_url(pk)))


def ticket_url(pk: int) -> str:
    """The ticket's page."""
    return reverse("tickets:detail", args=[pk])
