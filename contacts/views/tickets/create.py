"""A ticket on behalf of a contact."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from contacts import lifecycle, tickets
from contacts.errors import ContactError
from contacts.models import Contact, Ticket
from contacts.ticketforms import TicketForm
from contacts.views.common import acting

TEMPLATE = "contacts/tickets/form.html"
RIGHT_TO_BRING_BACK = "contacts.restore_contact"


class TicketCreate(PermissionRequiredMixin, View):
    """A new ticket; ?contact= has its contact chosen already.

    Who is suspended or deleted can open none (R35). The page says so before the form is sent, and offers to
    bring the contact back in the same step: the field `back`.
    """

    permission_required = "contacts.add_ticket"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return render(request, TEMPLATE, {"form": TicketForm(contact=request.GET.get("contact", ""))})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open it, or show what is wrong."""
        form = TicketForm(request.POST)
        ticket = self._open(form) if form.is_valid() else None
        if ticket is None:
            return render(request, TEMPLATE, {"form": form})
        messages.success(request, _("The ticket is open."))
        return redirect("tickets:detail", pk=ticket.pk)

    def _open(self, form: TicketForm) -> Ticket | None:
        said = form.cleaned_data
        try:
            with transaction.atomic():
                contact = lifecycle.lock(said["contact"].pk)
                self._bring_back(contact)
                return tickets.open_ticket(
                    contact=contact, subject=said["subject"], description=said["description"]
                )
        except ContactError as refused:
            form.add_error(None, str(refused))
        except Contact.DoesNotExist:
            form.add_error("contact", _("This contact has been deleted forever."))
        return None

    def _bring_back(self, contact: lifecycle.LockedContact) -> None:
        if "back" not in self.request.POST or not self.request.user.has_perm(RIGHT_TO_BRING_BACK):
            return
        if contact.is_deleted:
            lifecycle.restore(contact=contact, actor=acting(self.request))
        if contact.is_suspended:
            lifecycle.unsuspend(contact=contact, actor=acting(self.request))
