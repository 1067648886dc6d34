"""Rows that one transition writes, in one statement where the database can.

A statement of its own for each row costs a round trip each, and a transaction two more. PostgreSQL takes the
contact and all rows that depend on it together (data-modifying WITH); SQLite, which has no way to travel, one
after the other in the caller's transaction. Every name in the SQL is one of Django's models.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Case, Field, Model, Value, When

from .errors import Known, Overtaken
from .models import Contact, Ticket
from .statements import Prepared, cursor

_TEXT = "text"  # a cast to varchar(n) would cut what is too long instead of refusing it

# Fields whose value psycopg takes as it stands in the model. Any other is asked, as Django asks all of them.
_PLAIN = (
    models.BooleanField,
    models.CharField,
    models.DateTimeField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.UUIDField,
)

Groups = tuple[tuple[type[Model], int], ...]
Asking = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class TicketMoves:
    """R27: from which cause of spam to which the tickets of a contact go."""

    at: datetime
    causes: Mapping[str, str] = field(default_factory=dict)

    def then(self, causes: Iterable[str], to: str) -> "TicketMoves":
        """These moves, and then whatever is at one of `causes` goes on."""
        found = dict.fromkeys(causes, to)
        return TicketMoves(self.at, found | {old: found.get(new, new) for old, new in self.causes.items()})


@dataclass(frozen=True, slots=True)
class Dependents:
    """What is written if the contact is: rows of several tables, those of one table together, and tickets."""

    rows: Sequence[Model]
    tickets: TicketMoves

    @property
    def groups(self) -> Groups:
        """How many rows of which table."""
        return tuple((model, len(list(alike))) for model, alike in groupby(self.rows, type))

    def save(self, contact: Contact) -> None:
        """Write them one table after the other."""
        _save(self.rows)
        if causes := self.tickets.causes:
            moved = Case(*(When(spam_cause=old, then=Value(new)) for old, new in causes.items()))
            tickets = Ticket.objects.filter(contact=contact, spam_cause__in=causes)
            tickets.update(spam_cause=moved, updated_at=self.tickets.at)

    def values(self, contact: Contact) -> list[Any]:
        """The values for the blanks of `_depending`."""
        found = [value for row in self.rows for value in _values(row, _stored(type(row)))]
        if causes := self.tickets.causes:
            moves = [side for move in causes.items() for side in move]
            found += [*moves, self.tickets.at, contact.pk, *causes]
        return found


@dataclass(frozen=True, slots=True)
class Unless:
    """A question; what depends on it is written only if it has no answer."""

    question: Prepared
    values: tuple[Any, ...]


def insert(contact: Contact, dependents: Dependents, unless: Unless | None = None) -> None:
    """A new contact and what goes with it. Raises Known if `unless` has an answer."""
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        values = _values(contact, _stored(Contact))
        if unless:
            values += unless.question.filled(unless.values)
        sql = _insertion(dependents.groups, unless.question.sql if unless else "")
        if not _sent(sql, [*values, *dependents.values(contact)]):
            raise Known
    else:
        if unless and unless.question.rows(*unless.values):
            raise Known
        contact.save(force_insert=True)
        dependents.save(contact)
    contact._state.adding, contact._state.db = False, DEFAULT_DB_ALIAS


def insert_many(contacts: Sequence[Contact], rows: Iterable[Model]) -> None:
    """New contacts and the rows that go with them: a statement for each table."""
    write = _copy if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else _save
    write(contacts)
    ordered = sorted(rows, key=lambda row: row._meta.db_table)
    for _, alike in groupby(ordered, type):
        write(list(alike))


def update(contact: Contact, names: Iterable[str], dependents: Dependents, *, version: int) -> None:
    """These columns of a contact, and what goes with them.

    The contact must still have the `version` from which the change was worked out: the UPDATE locks the row,
    and where another was quicker it writes nothing. Raises Overtaken.
    """
    columns = _named(frozenset(names))
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        sql = _change(columns, dependents.groups, len(dependents.tickets.causes))
        if not _sent(sql, [*_values(contact, columns), contact.pk, version, *dependents.values(contact)]):
            raise Overtaken
        return
    found = Contact.objects.filter(pk=contact.pk, version=version)
    if not found.update(**{field.attname: getattr(contact, field.attname) for field in columns}):
        raise Overtaken
    dependents.save(contact)


def _save(rows: Sequence[Model]) -> None:
    for model, alike in groupby(rows, lambda row: row._meta.model):
        model._default_manager.bulk_create(alike)


def _copy(rows: Sequence[Model]) -> None:
    """COPY, which takes a third of what an INSERT of as many rows does."""
    if not rows:
        return
    database, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
    columns = _stored(model)
    sql = f"COPY {_table(model)} ({_names(columns)}) FROM STDIN"
    with database.wrap_database_errors, database.cursor() as found, found.copy(sql) as copy:
        for row in rows:
            copy.write_row(_values(row, columns))


def _sent(sql: str, values: Sequence[Any]) -> bool:
    """Whether the contact was written, and what goes with it."""
    with cursor(connections[DEFAULT_DB_ALIAS]) as found:
        found.execute(sql, values)
        return bool(found.fetchone()[0])


@lru_cache(maxsize=64)
def _insertion(groups: Groups, unless: str) -> str:
    columns = _stored(Contact)
    condition = f" WHERE NOT EXISTS ({unless})" if unless else ""
    sql = f"INSERT INTO {_table(Contact)} ({_names(columns)}) SELECT {_blanks(columns)}{condition}"  # nosec B608
    return _with_depending(sql, groups, 0)


@lru_cache(maxsize=512)
def _change(columns: "tuple[Field[Any, Any], ...]", groups: Groups, moves: int) -> str:
    assigned = ", ".join(f'"{field.column}" = %s' for field in columns)
    sql = f"UPDATE {_table(Contact)} SET {assigned} WHERE id = %s AND version = %s"  # noqa: S608  # nosec B608
    return _with_depending(sql, groups, moves)


def _with_depending(contact: str, groups: Groups, moves: int) -> str:
    """The statement: what depends on the contact is written if the contact is."""
    depending = "".join(_depending(number, *group) for number, group in enumerate(groups))
    tickets = _moving(moves) if moves else ""
    return f"WITH contact AS ({contact} RETURNING 1){depending}{tickets} SELECT count(*) FROM contact"  # noqa: S608  # nosec B608


def _depending(number: int, model: type[Model], count: int) -> str:
    """Rows of one table in one INSERT: of several, PostgreSQL may carry out the last one first."""
    columns = _stored(model)
    values = " UNION ALL ".join([f"SELECT {_blanks(columns)} FROM contact"] * count)  # noqa: S608  # nosec B608
    return f", rows{number} AS (INSERT INTO {_table(model)} ({_names(columns)}) {values})"


def _moving(moves: int) -> str:
    """Tickets from one cause to another; `contact` has locked whoever gives tickets to the contact."""
    case = " ".join(["WHEN %s THEN %s"] * moves)
    causes = ", ".join(["%s"] * moves)
    return (
        f", tickets AS (UPDATE {_table(Ticket)} SET spam_cause = CASE spam_cause {case} END, updated_at = %s"  # noqa: S608  # nosec B608
        f" WHERE contact_id = %s AND spam_cause IN ({causes}) AND EXISTS (SELECT FROM contact))"
    )


def _type(field: "Field[Any, Any]") -> str:
    named = str(field.rel_db_type(connections[DEFAULT_DB_ALIAS]))
    return _TEXT if named.startswith("varchar") else named


@lru_cache
def _stored(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    """All columns but a key that the database makes."""
    key = model._meta.pk
    return tuple(field for field in model._meta.concrete_fields if field is not key or model is Contact)


@lru_cache(maxsize=512)
def _named(names: frozenset[str]) -> "tuple[Field[Any, Any], ...]":
    fields = Contact._meta.concrete_fields
    return tuple(field for field in fields if field.name in names or field.attname in names)


def _values(row: Model, columns: "tuple[Field[Any, Any], ...]") -> list[Any]:
    names, special = _reader(columns)
    values = [getattr(row, name) for name in names]
    for place, value_of in special:
        values[place] = value_of(row)
    return values


@lru_cache(maxsize=512)
def _reader(
    columns: "tuple[Field[Any, Any], ...]",
) -> tuple[list[str], list[tuple[int, Callable[[Any], Any]]]]:
    """The attributes to read, and those whose value must be asked for instead, by their place."""
    special = [(place, _asking(field)) for place, field in enumerate(columns) if not _is_plain(field)]
    return [field.attname for field in columns], special


def _is_plain(field: "Field[Any, Any]") -> bool:
    return isinstance(field, _PLAIN) and not getattr(field, "auto_now_add", False)


def _asking(field: "Field[Any, Any]") -> Asking:
    if isinstance(field, models.JSONField):
        return lambda row: orjson.dumps(getattr(row, field.attname)).decode()
    database = connections[DEFAULT_DB_ALIAS]
    return lambda row: field.get_db_prep_save(field.pre_save(row, row._state.adding), database)


def _names(columns: "Sequence[Field[Any, Any]]") -> str:
    return ", ".join(f'"{field.column}"' for field in columns)


def _blanks(columns: "Sequence[Field[Any, Any]]") -> str:
    return ", ".join(f"%s::{_type(field)}" for field in columns)


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'
