"""The queue of conflicts as the edge of SCIM sees it: what to write down, what was decided (R15, R23).

A write that meets no conflict pays nothing: decisions are looked up when one is about to be refused.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from contacts.models import Contact
from contacts.normal import key
from contacts.values import JSON, Values

from .models import Conflict, Connection
from .models.conflict import ConflictQuerySet

STALE = timedelta(days=30)  # Entra tries every 40 minutes, and daily when it despairs: what is older is over


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a connection wants to write: a new user, or values of the contact `own_id`."""

    connection: Connection
    values: Values
    own_id: uuid.UUID | None = None

    def own(self) -> Contact | None:
        """The contact that Entra changes, as it is in the database."""
        return Contact.objects.filter(pk=self.own_id).first() if self.own_id else None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decisions on one user of Entra: who it is, and who it is not."""

    entries: Sequence[Conflict]
    chosen: uuid.UUID | None
    apart: frozenset[uuid.UUID]

    def settle(self, contact: Contact) -> None:
        """The try that followed the decision succeeded; from now on the entries belong to that contact."""
        entries = Conflict.objects.filter(pk__in=[entry.pk for entry in self.entries])
        entries.filter(contact=None).update(contact=contact)
        entries.exclude(decision=Conflict.Decision.APART).update(external_id="", user_name_key="")


@transaction.atomic
def record(attempt: Attempt, reason: str) -> None:
    """One open entry a user, however often Entra tries; none when nobody is in the way any more.

    Call it after the refused transaction was rolled back.
    """
    conditions = _in_the_way(attempt, attempt.own())
    contacts = {contact.pk: contact for contact in _lock({*_ids(conditions), attempt.own_id})}
    own = contacts.pop(attempt.own_id, None) if attempt.own_id else None
    still = _ids(conditions)  # who was waited for may have let go
    standing = _undecided([contact for pk, contact in contacts.items() if pk in still], attempt)
    if not standing or (attempt.own_id and own is None):  # who was erased since is in nobody's way
        return
    external_id, user_name = _names(attempt.values, own)
    now = timezone.now()
    entry, is_new = Conflict.objects.select_for_update(of=("self",)).get_or_create(
        connection=attempt.connection,
        external_id=external_id,
        user_name_key="" if external_id else key(user_name),
        decision=Conflict.Decision.OPEN,
        defaults={"reason": reason, "first_seen_at": now, "last_seen_at": now},
    )
    if not is_new:
        entry.attempts = F("attempts") + 1
    entry.reason, entry.last_seen_at = reason, now
    entry.contact, entry.attempted = own, _shown(attempt.values, own)
    entry.save()
    entry.contacts.set(standing)


def ruling(attempt: Attempt) -> Ruling | None:
    """What an admin decided of this user; None when nothing was."""
    _sweep(attempt.connection)
    own = attempt.own()
    external_id, user_name = _names(attempt.values, own)
    entries = _of(attempt.connection).of_user(external_id, key(user_name), own).decided()
    decided = list(entries.order_by("decided_at").select_related("chosen").prefetch_related("contacts"))
    chosen: uuid.UUID | None = None
    apart: set[uuid.UUID] = set()
    for entry in decided:
        chosen = None if _is_spent(entry) else entry.chosen_id or chosen
        if entry.decision != Conflict.Decision.MERGED:
            apart |= {contact.pk for contact in entry.contacts.all()}
        apart -= {entry.chosen_id, attempt.own_id}
    return Ruling(decided, chosen, frozenset(apart)) if decided else None


def _is_spent(entry: Conflict) -> bool:
    """Entra has written the chosen contact since: a second POST of the same user is refused as ever (R15)."""
    chosen, decided = entry.chosen, entry.decided_at
    if chosen is None or decided is None or chosen.last_synced_at is None:
        return False
    return chosen.connection_id == entry.connection_id and chosen.last_synced_at > decided


def forget(connection: Connection, external_id: str, user_name: str) -> None:
    """Entra's user is no longer known by this externalId or userName: its entries would be nobody's.

    Those that belong to a contact go with it.
    """
    _of(connection).of_user(external_id, key(user_name), None).filter(contact=None).delete()


def _of(connection: Connection) -> ConflictQuerySet:
    return Conflict.objects.filter(connection=connection)


def _names(values: Values, own: Contact | None) -> tuple[str, str]:
    """externalId and userName under which Entra's user is known so far."""
    if own:
        return own.external_id, own.user_name
    return values.get("external_id", ""), values.get("user_name", "")


def _in_the_way(attempt: Attempt, own: Contact | None) -> list[Q]:
    """A new user stumbles over whoever it may be; a change over whoever holds what it wants.

    Each by an index of its own: together in one question none of them serves.
    """
    values, ours = attempt.values, Q(connection=attempt.connection)
    name_key = key(values.get("user_name", ""))
    keys = {key(email.address) for email in values.get("emails", ())}
    same = [Q(addresses__address_key__in=keys if own else {*keys, name_key})]
    if name_key:
        same.append(ours & Q(user_name_key=name_key) if own else Q(user_name_key=name_key))
    if external_id := values.get("external_id", ""):
        same.append(ours & Q(external_id=external_id))
    return same


def _ids(conditions: Sequence[Q]) -> set[uuid.UUID]:
    found = [Contact.objects.filter(one).order_by().values_list("pk", flat=True) for one in conditions]
    return set(found[0].union(*found[1:]))


def _lock(ids: Collection[uuid.UUID | None]) -> list[Contact]:
    """Contacts before entries, as everybody locks them: nobody waits in a circle."""
    found = Contact.objects.filter(pk__in=[pk for pk in ids if pk]).order_by("pk")
    return list(found.select_for_update(of=("self",), no_key=True))


def _undecided(standing: list[Contact], attempt: Attempt) -> list[Contact]:
    """Without those who are kept apart already, unless it is they again."""
    found = ruling(attempt)
    return [one for one in standing if not found or one.pk not in found.apart] or standing


def _sweep(connection: Connection) -> None:
    """What Entra wanted is kept no longer than it wants it (R44)."""
    _of(connection).over().delete()
    _of(connection).filter(decision="", last_seen_at__lt=timezone.now() - STALE).delete()


def _shown(values: Values, own: Contact | None) -> dict[str, JSON]:
    """As much of Entra's user as the decision needs."""
    columns = ("name", "user_name", "external_id", "title", "department", "phone", "mobile")
    wanted: dict[str, JSON] = {
        column: str(values.get(column) or getattr(own, column, "")) for column in columns
    }
    wanted["addresses"] = [email.address for email in values.get("emails", ())]
    return {column: value for column, value in wanted.items() if value}
