"""Statements that every sync repeats: compiled once, and planned by PostgreSQL once for each connection.

The ORM takes three times as long to write the SQL of a look-up as the database to answer it. What it writes
is kept here with blanks for the values; everything else, rows to models included, is Django's own.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from psycopg.types.datetime import TimestamptzLoader

from .models import Contact, ContactAddress

Converters = Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]

_CONTACT = [field.attname for field in Contact._meta.concrete_fields]
_ADDRESS = [field.attname for field in ContactAddress._meta.concrete_fields]
_COLUMNS = [*_CONTACT, *(f"addresses__{name}" for name in _ADDRESS)]
_WIDTH = len(_CONTACT)
NOBODY = -1  # stands for the connection in the SQL that is kept


class _Cursor(psycopg.RawCursor[Any]):
    """Sends the values beside the SQL, so that PostgreSQL can keep the plan and nothing is quoted here.

    One cursor serves its connection for good: what a new one must find out of types takes as long as an
    answer. It reads dates and times by psycopg's own loader, in C; Django's is in Python and says the same.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Cursor":
        return super().execute(_numbered(query), params, **options)

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        self._query = super()._convert_query(query, params)  # what Django's log of statements reads
        return self._query

    def close(self) -> None:
        """Stay open for the next statement."""


@lru_cache(maxsize=512)
def _numbered(sql: str) -> str:
    """The blanks of Django's SQL as PostgreSQL names them: %s, %s as $1, $2."""
    first, *others = sql.split("%s")
    return "".join([first, *(f"${n}{part}" for n, part in enumerate(others, 1))]).replace("%%", "%")


def cursor(database: BaseDatabaseWrapper) -> AbstractContextManager[Any]:
    """A cursor in Django's wrapper, whose statements are prepared where the database can (settings)."""
    if database.vendor != "postgresql":
        return database.cursor()
    database.close_if_health_check_failed()
    database.ensure_connection()
    connection = database.connection
    kept = vars(connection).get("statement_cursor")
    if kept is None:
        kept = connection.statement_cursor = _Cursor(connection)
    found: AbstractContextManager[Any] = database._prepare_cursor(kept)  # type: ignore[attr-defined]
    return found


class Compiled:
    """A query as SQL, with the values that the ORM put into it."""

    def __init__(self, query: QuerySet[Any, Any]) -> None:
        compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql: str
        self.values: Sequence[Any]
        self.sql, self.values = compiler.as_sql()
        self._converters: Converters = compiler.get_converters([column[0] for column in compiler.select])

    def rows(self, values: Sequence[Any]) -> list[Sequence[Any]]:
        """What the database answers for these values."""
        database = connections[DEFAULT_DB_ALIAS]
        with cursor(database) as found:
            found.execute(self.sql, values)
            rows: list[Sequence[Any]] = found.fetchall()
        return [_converted(row, self._converters, database) for row in rows] if self._converters else rows


class Prepared:
    """A query with blanks, such as `Prepared(lambda name: Company.objects.filter(name=name), "a name")`.

    Each blank is a value of the right type that the query holds nowhere else; the SQL that the ORM writes for
    it is kept, and takes other values in its place.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *blanks: Any) -> None:
        self._build = build
        self._blanks = blanks

    def rows(self, *values: Any) -> list[Sequence[Any]]:
        """What the database answers for these values, one for each blank."""
        return self._compiled.rows(self.filled(values))

    @property
    def sql(self) -> str:
        """The SQL, to be part of another statement."""
        return self._compiled.sql

    def filled(self, values: Sequence[Any]) -> list[Any]:
        """The values of the SQL when these, one for each blank, are put in."""
        given = [*map(_adapted, values)]
        return [given[place] if place >= 0 else one for place, one in self._places]

    @cached_property
    def _compiled(self) -> Compiled:
        return Compiled(self._build(*self._blanks))

    @cached_property
    def _places(self) -> list[tuple[int, Any]]:
        """Which blank each value of the SQL fills; -1 for one that stays."""
        blanks = [*map(_adapted, self._blanks)]
        return [(blanks.index(one) if one in blanks else -1, one) for one in self._compiled.values]


def _adapted(value: Any) -> Any:
    """A UUID as the database takes it; texts and numbers are taken as they are."""
    if isinstance(value, uuid.UUID) and not connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field:
        return value.hex
    return value


# The index of the externalId is partial. A plan for any value uses it only where the SQL says so itself, not
# where a parameter does.
HAS_EXTERNAL_ID = RawSQL('"contacts_contact"."external_id" <> \'\'', (), BooleanField())


def _held(connection: int, contact_id: uuid.UUID) -> QuerySet[Any, Any]:
    return Contact.objects.linked_to(connection).filter(pk=contact_id).order_by().values_list(*_COLUMNS)


_HELD = Prepared(_held, NOBODY, uuid.UUID(int=0))


def held(connection_id: int, contact_id: uuid.UUID) -> Contact | None:
    """The contact with this id if the connection holds it, to be changed.

    One statement, so contact and addresses are of one moment.
    """
    rows = _HELD.rows(connection_id, contact_id)
    return _contact(rows) if rows else None


def _converted(row: Sequence[Any], converters: Converters, database: BaseDatabaseWrapper) -> Sequence[Any]:
    """What Django's field types make of the database's values."""
    values = list(row)
    for position, (functions, expression) in converters.items():
        for convert in functions:
            values[position] = convert(values[position], expression, database)
    return values


def _contact(rows: Sequence[Sequence[Any]]) -> Contact:
    """The contact of the joined rows, one for each address or a single one without."""
    contact: Contact = Contact.from_db(DEFAULT_DB_ALIAS, _CONTACT, rows[0][:_WIDTH])
    found = [
        ContactAddress.from_db(DEFAULT_DB_ALIAS, _ADDRESS, row[_WIDTH:])
        for row in rows
        if row[_WIDTH] is not None
    ]
    keep_addresses(contact, sorted(found, key=lambda one: (not one.is_primary, one.pk)))
    return contact


def keep_addresses(contact: Contact, addresses: list[ContactAddress]) -> None:
    """Let `contact.addresses.all()` answer these without asking the database."""
    known: QuerySet[ContactAddress] = QuerySet(ContactAddress)
    known._result_cache = addresses
    contact._prefetched_objects_cache = {"addresses": known}  # type: ignore[attr-defined]


def addresses_of(contact: Contact) -> Iterable[ContactAddress]:
    """`contact.addresses.all()`, past the manager that Django makes anew at each use."""
    kept = getattr(contact, "_prefetched_objects_cache", {}).get("addresses")
    return contact.addresses.all() if kept is None else kept
