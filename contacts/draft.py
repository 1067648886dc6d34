"""One pending change of one contact: gathered in memory, saved once, told by one line of the timeline."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from . import addresses, errors
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


class Draft:
    """Assignments to a contact and what follows from them."""

    def __init__(self, contact: Contact, actor: Actor) -> None:
        self.contact = contact
        self.actor = actor
        self.now = timezone.now()
        self.is_new = contact._state.adding
        self.begins = False  # a connection holds the contact from this change on
        self.changes: dict[str, list[JSON]] = {}
        self.notes: list[str] = []
        self.effects: list[Callable[[], object]] = []
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
        for api_name, value in values.get("custom_fields", {}).items():
            self._set_custom(api_name, value)

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

    def save(self, action: Action) -> Change:
        """Write everything inside the caller's transaction. Raises a `Conflict` for a value that is taken."""
        with _conflicts_named():
            self._write_contact()
            if self._addresses:
                self._addresses.write(self.contact)
        if self.changes:
            self._write_line(action)
        for effect in self.effects:
            effect()
        return Change(self.contact, action, self.changes, tuple(self.notes))

    def _write_contact(self) -> None:
        if self._changes_something:
            self.mark("updated_at", self.now)
            self.mark("version", 1 if self.is_new else self.contact.version + 1)
        if self.is_new:
            self.contact.save(force_insert=True)
        elif self._columns:
            self.contact.save(update_fields=self._columns)

    @property
    def _changes_something(self) -> bool:
        """R24: more than bookkeeping; the type of an address too, which no line of the timeline tells."""
        return bool(self.changes or self.is_new or (self._addresses and self._addresses.writes))

    def _write_line(self, action: Action) -> None:
        TimelineEntry.objects.create(
            contact=self.contact,
            at=self.now,
            action=action,
            actor_kind=self.actor.kind,
            actor_label=self.actor.label,
            changes=self.changes,
        )


@contextmanager
def _conflicts_named() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        for marks, conflict in _CONFLICTS.items():
            if any(mark in str(error) for mark in marks):
                raise conflict from error
        raise
