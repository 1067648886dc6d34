"""One pending change of one contact: gathered in memory, saved once, told by one line of the timeline."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from . import addresses, errors, writes
from .models import Action, Contact, TimelineEntry
from .normal import key
from .values import JSON, PLAIN_COLUMNS, Actor, Values

# What a broken constraint means. SQLite names the columns of a unique constraint, PostgreSQL its name.
_CONFLICTS: Mapping[tuple[str, str], type[errors.Conflict]] = {
    ("contact_external_id_once_per_connection", "contacts_contact.external_id"): errors.ExternalIdTaken,
    ("contact_user_name_once_per_connection", "contacts_contact.user_name_key"): errors.UserNameTaken,
    ("address_one_contact", "contacts_contactaddress.address_key"): errors.AddressTaken,
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a lifecycle function did. `notes` are sentences without personal values, for the log (R44)."""

    contact: Contact
    action: Action
    changes: Mapping[str, list[JSON]]
    notes: tuple[str, ...] = ()


# The caller's own row about a change, written with it.
Record: TypeAlias = Callable[[Change], Model]

# What every sync touches, of no account to whoever changes the contact at the same time.
_FLEETING = {"last_synced_at", "sync_failed_at"}


class Draft:
    """Assignments to a contact and what follows from them."""

    def __init__(self, contact: Contact, actor: Actor, record: Record | None = None) -> None:
        self.contact = contact
        self.actor = actor
        self.record = record
        self.version = contact.version
        self.now = timezone.now()
        self.is_new = contact._state.adding
        self.begins = False  # a connection holds the contact from this change on
        self.counts = False  # there is more to the change than columns and addresses
        self.changes: dict[str, list[JSON]] = {}
        self.notes: list[str] = []
        self.tickets = writes.TicketMoves(self.now)
        self._columns: set[str] = set()
        self._addresses: addresses.Plan | None = None

    def set(self, column: str, value: Any, *, shown: tuple[JSON, JSON] | None = None) -> None:
        """Assign, and tell the timeline from what to what at last; `shown` replaces the raw values there."""
        before, _ = self.changes.pop(column, [getattr(self.contact, column), None])
        self.mark(column, value)
        if before != value:
            self.changes[column] = list(shown) if shown else [before, value]

    def mark(self, column: str, value: Any) -> None:
        """Assign bookkeeping that no timeline shows."""
        if getattr(self.contact, column) != value:
            setattr(self.contact, column, value)
            self._columns.add(column)

    def apply(self, values: Values) -> None:
        """Assign the plain columns and custom fields of `values`."""
        for column in PLAIN_COLUMNS:
            if column in values:
                self.set(column, values[column])  # type: ignore[literal-required]
        if "user_name" in values:
            self.mark("user_name_key", key(values["user_name"]))
        if "note" in values:
            self._set_note(values["note"])
        for api_name, value in values.get("custom_fields", {}).items():
            self._set_custom(api_name, value)

    def _set_note(self, note: str) -> None:
        """The timeline tells that there was one and is one: each text kept again would only grow."""
        self.set("note", note, shown=(bool(self.contact.note), bool(note)))

    def _set_custom(self, api_name: str, value: JSON) -> None:
        fields = self.contact.custom_fields
        if fields.get(api_name) != value:
            self.changes[api_name] = [fields.get(api_name), value]
            merged = {**fields, api_name: value}
            self.mark("custom_fields", {name: kept for name, kept in merged.items() if kept is not None})

    def plan_addresses(self, plan: addresses.Plan) -> None:
        """Have the addresses written with the contact."""
        self._addresses = plan
        if difference := addresses.changed(plan):
            self.changes["addresses"] = [list[JSON](side) for side in difference]
        primary = plan.primary
        self.mark("domain", primary.domain if primary else "")

    @property
    def domain_changed(self) -> bool:
        """R38: the moment at which the domain maps the company."""
        return self.is_new or "domain" in self._columns

    def save(self, action: Action, unless: writes.Unless | None = None) -> Change:
        """Write everything: all of it or nothing, and a new contact only if `unless` has no answer.

        Raises a `Conflict` for a value that is taken, Overtaken if the contact has changed meanwhile, and
        Known if there is an answer.
        """
        change = self._begin(action)
        with _conflicts_named(), nullcontext() if self._is_one_statement else transaction.atomic():
            self._write(writes.Dependents(self._rows(change), self.tickets), unless)
            if self._addresses and not self._addresses.is_insert_only:
                self._addresses.write()
        if self._addresses:
            self._addresses.keep(self.contact)
        return change

    def _begin(self, action: Action) -> Change:
        self._count_version()
        return Change(self.contact, action, self.changes, tuple(self.notes))

    @property
    def _is_one_statement(self) -> bool:
        """Which is a transaction by itself; within another one a refusal must leave that one sound."""
        database = transaction.get_connection()
        if database.vendor != "postgresql" or database.in_atomic_block:
            return False
        return self._addresses is None or self._addresses.is_insert_only

    def _count_version(self) -> None:
        """R24: what is more than bookkeeping also moves the date of the last change."""
        addresses_change = bool(self._addresses and self._addresses.writes)
        if self.changes or self.is_new or addresses_change:
            self.mark("updated_at", self.now)
        if not self.is_new and (self.counts or addresses_change or self._columns - _FLEETING):
            self.mark("version", self.version + 1)

    def _write(self, dependents: writes.Dependents, unless: writes.Unless | None) -> None:
        if self.is_new:
            writes.insert(self.contact, dependents, unless)
        elif self._columns or dependents.rows:
            writes.update(self.contact, self._columns | {"version"}, dependents, version=self.version)

    def _rows(self, change: Change) -> list[Model]:
        """What goes with the contact: new addresses that displace no other, the timeline, the record."""
        rows: list[Model] = []
        if self._addresses and self._addresses.is_insert_only:
            rows += self._addresses.insert
        if self.changes:
            rows.append(self._line(change.action))
        if self.record:
            rows.append(self.record(change))
        return rows

    def _line(self, action: Action) -> TimelineEntry:
        return TimelineEntry(
            contact=self.contact,
            at=self.now,
            action=action,
            actor_kind=self.actor.kind,
            actor_label=self.actor.label,
            changes=self.changes,
        )


def save_new(drafts: Sequence[Draft]) -> list[Change]:
    """Write many new contacts, all or none, as `save` writes one. Raises a `Conflict` that names none."""
    changes = [draft._begin(Action.CREATED) for draft in drafts]
    rows = [row for draft, change in zip(drafts, changes, strict=True) for row in draft._rows(change)]
    with _conflicts_named(), transaction.atomic():
        writes.insert_many([draft.contact for draft in drafts], rows)
    return changes


@contextmanager
def _conflicts_named() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        for marks, conflict in _CONFLICTS.items():
            if any(mark in str(error) for mark in marks):
                raise conflict from error
        raise
