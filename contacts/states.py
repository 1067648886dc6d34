"""What leads a drafted contact from one state to another, its tickets with it. For the lifecycle alone."""

from .draft import Draft
from .models import Action, Contact, Ticket
from .values import Sync

Cause = Ticket.SpamCause
By = Contact.DeletedBy


def cut_link(draft: Draft) -> None:
    """No connection holds the contact any more."""
    draft.mark("connection", None)
    draft.set("external_id", "")
    draft.mark("entra_fields", [])
    draft.mark("entra_active", True)
    draft.mark("unapplied", [])
    draft.mark("sync_failed_at", None)
    draft.changes["linked"] = [True, False]


def follow(draft: Draft, sync: Sync) -> Action | None:
    """Move the contact where Entra's `active` wants it; the action to log, None when it stays.

    R26: false deletes. R31: true restores. R32: silence restores what an agent deleted while Entra holds it
    active. R33: silence leaves what Entra itself deactivated.
    """
    contact = draft.contact
    if sync.active is not None:
        draft.mark("entra_active", sync.active)
    if sync.active is False:
        if contact.is_deleted:
            draft.mark("deleted_by", By.ENTRA)
            return None
        delete(draft, By.ENTRA, keep_tickets=sync.keep_tickets)
        return Action.DEACTIVATED
    if contact.is_deleted and contact.entra_active:
        restore(draft)
        return Action.REACTIVATED
    return None


def settle(draft: Draft, absorbed: Contact) -> None:
    """Merged, a contact lives if one of two did, is suspended if one was; tickets follow (R27, R35)."""
    contact = draft.contact
    if contact.is_deleted and not absorbed.is_deleted:
        restore(draft)
    if absorbed.is_suspended and not contact.is_suspended:
        draft.set("suspended_at", draft.now, shown=(False, True))
    if contact.is_suspended:
        move_tickets(draft, Cause.NONE, Cause.DELETION, to=Cause.SUSPENSION)
    elif contact.is_deleted:
        move_tickets(draft, Cause.NONE, to=Cause.DELETION)
    else:
        move_tickets(draft, Cause.DELETION, to=Cause.NONE)


def delete(draft: Draft, by: Contact.DeletedBy, *, keep_tickets: bool) -> None:
    """Into Deleted Contacts; tickets to spam, unless the connection keeps them (R27)."""
    draft.set("deleted_at", draft.now, shown=(False, True))
    draft.mark("deleted_by", by)
    if not keep_tickets:
        move_tickets(draft, Cause.NONE, to=Cause.DELETION)


def restore(draft: Draft) -> None:
    """Out of Deleted Contacts, and what that made spam out of spam (R31)."""
    draft.set("deleted_at", None, shown=(True, False))
    draft.mark("deleted_by", By.NOBODY)
    move_tickets(draft, Cause.DELETION, to=Cause.NONE)


def move_tickets(draft: Draft, *causes: Ticket.SpamCause, to: Ticket.SpamCause) -> None:
    """R27: only tickets that are spam for these very causes move."""
    if not draft.is_new:
        draft.tickets = draft.tickets.then(causes, to)
