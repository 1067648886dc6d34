"""What an admin makes of a conflict (R15, R23).

Each decision is one transaction: the contacts locked in the order of their ids, then the entry. Entra's next
try finds the way free, or asks `conflicts.ruling`.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import lifecycle
from contacts.draft import Change
from contacts.errors import ContactError
from contacts.models import Contact
from contacts.normal import key
from contacts.values import Actor

from .models import Conflict

Decision = Conflict.Decision


class Stale(ContactError):
    """The entry, or one of its contacts, has changed since the admin looked at it."""

    message = _("Something has changed in the meantime: look again, and decide anew.")


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry with its people, as an admin looks at them. `own` is the contact that Entra would change."""

    entry: Conflict
    own: Contact | None
    contacts: Sequence[Contact]  # who stands in the way; each has a `ticket_count`

    @classmethod
    def of(cls, entry: Conflict) -> "Seen":
        """As they are now, in an order that stays."""
        standing = set(entry.contacts.values_list("pk", flat=True)) - {entry.contact_id}
        people = Contact.objects.filter(pk__in=[*standing, entry.contact_id]).order_by("pk")
        rows = people.select_related("company", "connection").prefetch_related("addresses")
        found = list(rows.annotate(ticket_count=Count("tickets")))
        own = next((one for one in found if one.pk == entry.contact_id), None)
        return cls(entry, own, [one for one in found if one.pk in standing])

    @property
    def version(self) -> str:
        """Changes whenever the decision would be about something else."""
        people = [*self.contacts, *([self.own] if self.own else [])]
        return " ".join(f"{one.pk}/{one.connection_id}/{one.version}" for one in people)

    def named(self, pk: uuid.UUID) -> Contact:
        """One of those in the way. Raises Stale when it is not among them."""
        for one in self.contacts:
            if one.pk == pk:
                return one
        raise Stale


def rivals(seen: Seen) -> list[Contact]:
    """Who holds, in this connection, the externalId or userName that Entra's user has.

    A connection can have it once only, so a rival that is somebody else lets go of its link.
    """
    names = seen.entry.attempted
    wanted_id, wanted_name = names.get("external_id"), key(str(names.get("user_name", "")))
    ours = [one for one in seen.contacts if one.connection_id == seen.entry.connection_id]
    return [one for one in ours if one.user_name_key == wanted_name or one.external_id == wanted_id]


def moves_link(seen: Seen, chosen: Contact) -> bool:
    """Whether the contact is another user of Entra so far."""
    same = chosen.external_id and chosen.external_id == seen.entry.attempted.get("external_id")
    return chosen.is_linked and not (same and chosen.connection_id == seen.entry.connection_id)


def can_link(seen: Seen) -> bool:
    """Only a user that has no contact yet can become an existing one."""
    return seen.entry.contact_id is None


def pairs(seen: Seen) -> list[tuple[Contact, Contact]]:
    """(survivor, absorbed): what can be merged. A contact that Entra knows keeps its id."""
    if seen.own:
        return [(seen.own, one) for one in seen.contacts]
    return [(stays, goes) for stays in seen.contacts for goes in seen.contacts if stays != goes]


@transaction.atomic
def link(entry: Conflict, chosen: uuid.UUID, *, actor: Actor, version: str) -> Contact:
    """Entra's user is this contact. Raises Stale."""
    seen = _locked(entry, version)
    contact = seen.named(chosen)
    if not can_link(seen):
        raise Stale
    if moves_link(seen, contact):
        _release(contact, actor)
    seen.entry.chosen = contact
    _decide(seen.entry, Decision.LINKED, actor)
    return contact


@transaction.atomic
def keep_apart(entry: Conflict, *, actor: Actor, version: str) -> None:
    """Entra's user is none of these contacts; the addresses that they hold stay theirs. Raises Stale.

    Rivals let go of their links at Entra's next try: until then they would match it.
    """
    seen = _locked(entry, version)
    _decide(seen.entry, Decision.APART, actor)


@transaction.atomic
def merge(entry: Conflict, survivor: uuid.UUID, absorbed: uuid.UUID, *, actor: Actor, version: str) -> Change:
    """Two contacts are one person, and Entra's user is that one. Raises Stale and InvalidTransition."""
    seen = _locked(entry, version)
    if (survivor, absorbed) not in [(stays.pk, goes.pk) for stays, goes in pairs(seen)]:
        raise Stale
    stays, goes = lifecycle.lock(survivor), lifecycle.lock(absorbed)
    change = lifecycle.merge(survivor=stays, absorbed=goes, actor=actor)
    if can_link(seen):
        if moves_link(seen, change.contact):
            _release(change.contact, actor)
        seen.entry.chosen = stays
    _decide(seen.entry, Decision.MERGED, actor)
    return change


def drop(entry: Conflict) -> None:
    """Forget the entry and what was decided of it; a link or a merge that was made stays made."""
    entry.delete()


def person(seen: Seen) -> Contact | None:
    """Whom Entra's next try writes, or has written; None until Keep apart has led to a contact."""
    chosen = next((one for one in seen.contacts if one.pk == seen.entry.chosen_id), None)
    return seen.own or chosen


def preview(
    entry: Conflict, survivor: uuid.UUID, absorbed: uuid.UUID, *, actor: Actor, version: str
) -> Change:
    """What `merge` would do: it is done, looked at, and taken back. Raises as it does."""
    with transaction.atomic():
        change = merge(entry, survivor, absorbed, actor=actor, version=version)
        transaction.set_rollback(True)
    return change


def _locked(entry: Conflict, version: str) -> Seen:
    """Everybody's row, then the entry's. Raises Stale when anything is not as the admin saw it."""
    pks = {*entry.contacts.values_list("pk", flat=True), *filter(None, [entry.contact_id])}
    try:
        for pk in sorted(pks):
            lifecycle.lock(pk)
        seen = Seen.of(Conflict.objects.select_for_update(of=("self",)).get(pk=entry.pk, decision=""))
    except (Conflict.DoesNotExist, Contact.DoesNotExist):
        raise Stale from None
    if seen.version != version or not seen.contacts:
        raise Stale
    return seen


def _release(contact: Contact, actor: Actor) -> None:
    if contact.connection:
        contact.connection.conflicts.left_behind_by(contact).delete()
    lifecycle.release(contact=lifecycle.lock(contact.pk), actor=actor)


def _decide(entry: Conflict, decision: Conflict.Decision, actor: Actor) -> None:
    entry.decision, entry.decided_by, entry.decided_at = decision, actor.label, timezone.now()
    entry.attempted = {}
    entry.save()
