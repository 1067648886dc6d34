"""Tickets into spam and out of it, after saying what follows (R35)."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views import View

from contacts import tickets
from contacts.errors import ContactError
from contacts.models import Ticket
from contacts.views.common import acting, next_url, undoable
from deskscim.web import ask

from .detail import ticket_url


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
            "next": next_url(request, ticket_url(pk)),
        }
        return ask(request, "contacts/tickets/_mark_spam.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, and offer to undo it: with the suspension, if this is what suspended the contact."""
        suspends = Ticket.objects.filter(pk=pk, contact__suspended_at=None).exists()
        try:
            ticket = tickets.mark_spam(ticket_id=pk, actor=acting(request))
        except ContactError as refused:
            messages.warning(request, str(refused))
        except Ticket.DoesNotExist:
            raise Http404 from None
        else:
            text = _("The ticket is spam. %(contact)s is suspended.") % {"contact": ticket.contact.name}
            undo = reverse("tickets:unspam", args=[pk])
            messages.success(request, undoable(text, undo, ["yes"] if suspends else [], name="lift"))
        return redirect(next_url(request, ticket_url(pk)))


class UnmarkSpam(PermissionRequiredMixin, View):
    """Out of spam; with `lift` the contact's suspension ends in the same step."""

    permission_required = "contacts.mark_spam"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether the suspension is to end too."""
        ticket = get_object_or_404(Ticket.objects.select_related("contact"), pk=pk)
        suspended = ticket.contact.tickets.filter(spam_cause=Ticket.SpamCause.SUSPENSION)
        context = {
            "ticket": ticket,
            "contact": ticket.contact,
            "others": suspended.exclude(pk=pk).count(),
            "action": reverse("tickets:unspam", args=[pk]),
            "next": next_url(request, ticket_url(pk)),
        }
        return ask(request, "contacts/tickets/_unmark_spam.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        lift = bool(request.POST.get("lift"))
        try:
            ticket = tickets.unmark_spam(ticket_id=pk, lifted_by=acting(request) if lift else None)
        except ContactError as refused:
            messages.warning(request, str(refused))
        except Ticket.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, _done(ticket, lift=lift))
        return redirect(next_url(request, ticket_url(pk)))


def _done(ticket: Ticket, *, lift: bool) -> str:
    """What was done; where the suspension stays, with the button that lifts it (a form of base.html)."""
    said = {"contact": ticket.contact.name}
    if lift:
        return _("The ticket is no longer spam, and the suspension of %(contact)s is lifted.") % said
    if ticket.contact.is_deleted or not ticket.contact.is_suspended:
        return _("The ticket is no longer spam.")
    return format_html(
        '{} <button type="submit" class="link" form="post" formaction="{}">{}</button>',
        _("The ticket is no longer spam. %(contact)s stays suspended.") % said,
        reverse("contacts:unsuspend", args=[ticket.contact_id]),
        _("Lift suspension"),
    )
