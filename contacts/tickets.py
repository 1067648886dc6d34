"""Opening tickets, and what spam does to a ticket and its contact (R27, R35)."""

from django.db import transaction
from django.utils.translation import gettext as _

from . import lifecycle
from .errors import InvalidTransition, SuspendedContact
from .models import Contact, Ticket
from .values import Actor


@transaction.atomic
def open_ticket(*, contact: lifecycle.LockedContact, subject: str, description: str = "") -> Ticket:
    """A new ticket. Raises SuspendedContact (R35), and InvalidTransition for a deleted contact."""
    if contact.is_suspended:
        raise SuspendedContact
    if contact.is_deleted:
        raise InvalidTransition(_("This contact is deleted and can open no new ticket. Restore it first."))
    _count(contact)
    return Ticket.objects.create(contact=contact, subject=subject, description=description)


@transaction.atomic
def set_status(*, ticket_id: int, status: Ticket.Status) -> str:
    """Where the work stands from now on; the status until now. Raises Ticket.DoesNotExist."""
    _lock_contact_of(ticket_id)
    ticket = Ticket.objects.get(pk=ticket_id)
    before = ticket.status
    if before != status:
        ticket.status = status
        ticket.save(update_fields=["status", "updated_at"])
    return before


@transaction.atomic
def mark_spam(*, ticket_id: int, actor: Actor) -> Ticket:
    """R35: the ticket is spam by an agent's word; its contact is suspended and all its tickets become spam.

    Raises Ticket.DoesNotExist, and InvalidTransition when an agent marked it before.
    """
    contact = _lock_contact_of(ticket_id)
    ticket = Ticket.objects.get(pk=ticket_id)
    if ticket.spam_cause == Ticket.SpamCause.AGENT:
        raise InvalidTransition(_("This ticket is marked as spam already."))
    _set_cause(ticket, Ticket.SpamCause.AGENT)
    lifecycle.suspend(contact=contact, actor=actor)
    return ticket


@transaction.atomic
def unmark_spam(*, ticket_id: int, lifted_by: Actor | None = None) -> Ticket:
    """Take one ticket out of spam; its contact stays as it is, unless somebody lifts its suspension with it.

    Raises Ticket.DoesNotExist, and InvalidTransition when it is no spam or there is nothing to lift.
    """
    contact = _lock_contact_of(ticket_id)
    ticket = Ticket.objects.get(pk=ticket_id)
    if not ticket.is_spam:
        raise InvalidTransition(_("This ticket is not marked as spam."))
    _set_cause(ticket, Ticket.SpamCause.NONE)
    if lifted_by:
        lifecycle.unsuspend(contact=contact, actor=lifted_by)
    return ticket


def _lock_contact_of(ticket_id: int) -> lifecycle.LockedContact:
    """Whoever changes tickets locks their contact first, so that nobody waits in a circle."""
    try:
        return lifecycle.lock(Ticket.objects.values_list("contact_id", flat=True).get(pk=ticket_id))
    except Contact.DoesNotExist:
        raise Ticket.DoesNotExist from None  # erased since


def _count(contact: lifecycle.LockedContact) -> None:
    """Tell whoever is about to move the contact's tickets, to spam or back, that it has one more (R27).

    A change worked out before is Overtaken: the statement that carries it out may not see the new ticket.
    """
    contact.version += 1
    Contact.objects.filter(pk=contact.pk).update(version=contact.version)


def _set_cause(ticket: Ticket, cause: Ticket.SpamCause) -> None:
    ticket.spam_cause = cause
    ticket.save(update_fields=["spam_cause", "updated_at"])
