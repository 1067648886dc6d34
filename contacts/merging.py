"""Two contacts that are one person: what the one that stays takes over from the other (R15)."""

from django.utils.translation import gettext as _

from . import addresses, errors
from .draft import Draft
from .models import Contact, ContactAddress, Ticket, TimelineEntry
from .values import PLAIN_COLUMNS, Email

# Who the person is for Entra: taken from the contact whose link is kept, all or nothing.
_LINK = (
    "connection_id",
    "external_id",
    "user_name",
    "user_name_key",
    "entra_active",
    "entra_fields",
    "last_synced_at",
    "sync_failed_at",
    "unapplied",
)
_NAMES = ("given_name", "family_name", "formatted_name")  # parts of one thing: all or none


def holder(survivor: Contact, absorbed: Contact) -> Contact | None:
    """The one of the two whose link is kept; None when neither has one.

    Raises InvalidTransition when Entra holds both as active users: to it they are two people.
    """
    linked = [one for one in (survivor, absorbed) if one.is_linked]
    active = [one for one in linked if one.entra_active]
    if len(active) > 1:
        raise errors.InvalidTransition(
            _(
                "Entra ID holds both contacts as active users, so they cannot become one. Disable or delete"
                " one of the two users in Entra ID first."
            )
        )
    return next(iter(active or linked), None)


def take_over(draft: Draft, absorbed: Contact, holder: Contact | None) -> None:
    """Draft the survivor with all that it lacks and the other has."""
    survivor = draft.contact
    named = any(getattr(survivor, column) for column in _NAMES)
    for column in PLAIN_COLUMNS:
        if column not in (*_LINK, *(_NAMES if named else ())) and not getattr(survivor, column):
            draft.set(column, getattr(absorbed, column))
    draft.apply({"custom_fields": {**absorbed.custom_fields, **survivor.custom_fields}})
    draft.apply({"note": "\n\n".join(filter(None, (survivor.note, absorbed.note)))})
    draft.mark("verified", survivor.verified or absorbed.verified)
    # Before the link moves: the plan must not take the survivor's addresses for those of its new user.
    draft.plan_addresses(addresses.plan(survivor, _emails(survivor, absorbed, holder), keep_others=True))
    _take_company(draft, absorbed, holder)
    if holder is absorbed or (holder is None and not survivor.user_name):
        _take_link(draft, absorbed)
    draft.changes["merged"] = [None, absorbed.name]


def move_rows(survivor: Contact, absorbed: Contact) -> None:
    """Tickets and timeline change hands; what the log and the conflicts say of the one concerns the other."""
    Ticket.objects.filter(contact=absorbed).update(contact=survivor)
    TimelineEntry.objects.filter(contact=absorbed).update(contact=survivor)
    absorbed.provisioning_log.update(contact=survivor)
    if absorbed.connection:
        absorbed.connection.conflicts.left_behind_by(absorbed).delete()
    absorbed.own_conflicts.update(contact=survivor)
    absorbed.chosen_in_conflicts.update(chosen=survivor)
    for entry in absorbed.conflicts.all():
        entry.contacts.add(survivor)


def _take_link(draft: Draft, absorbed: Contact) -> None:
    if not draft.contact.is_linked and absorbed.is_linked:
        draft.changes["linked"] = [False, True]
    for column in _LINK:
        step = draft.set if column in ("external_id", "user_name") else draft.mark
        step(column, getattr(absorbed, column))


def _take_company(draft: Draft, absorbed: Contact, holder: Contact | None) -> None:
    """An agent's blank is a choice too (R38); a connection's company comes with its link (R4)."""
    survivor, source = draft.contact, Contact.CompanySource
    is_bound = holder is absorbed and absorbed.company_source == source.CONNECTION
    if absorbed.company and (is_bound or survivor.company_source == source.NONE):
        old = survivor.company.name if survivor.company else None
        draft.mark("company", absorbed.company)
        draft.mark("company_source", absorbed.company_source)
        draft.changes["company"] = [old, absorbed.company.name]


def _emails(survivor: Contact, absorbed: Contact, holder: Contact | None) -> list[Email]:
    """The addresses of both; the survivor's primary stays so, unless Entra's user is the other (R23)."""
    order = (absorbed, survivor) if holder is absorbed else (survivor, absorbed)
    return [_email(row, holder) for one in order for row in addresses.held(one)]


def _email(row: ContactAddress, holder: Contact | None) -> Email:
    is_entras = holder is not None and row.contact_id == holder.pk
    return Email(row.address, row.is_primary, row.scim_type if is_entras else "")
