"""Statements that every sync repeats: compiled once, and planned by PostgreSQL once for each connection.

The ORM takes three times as long to write the SQL of a look-up as the database to answer it. What it writes
is kept here with blanks for the values; everything else, rows to models included, is Django's own.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from .models import Contact, ContactAddress

Converters = Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]

_CONTACT = [field.attname for field in Contact._meta.concrete_fields]
_ADDRESS = [field.attname for field in ContactAddress._meta.concrete_fields]
_COLUMNS = [*_CONTACT, *(f"addresses__{name}" for name in _ADDRESS)]
_WIDTH = len(_CONTACT)
_NOBODY = -1  # stands for the connection in the SQL that is kept


class _PreparingCursor(psycopg.Cursor[Any]):
    """Prepares every statement at its first use."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_PreparingCursor":
        return super().execute(query, params, prepare=True, **options)


def cursor(database: BaseDatabaseWrapper) -> AbstractContextManager[Any]:
    """A cursor in Django's wrapper, its statements prepared where the database can."""
    if database.vendor != "postgresql" or not settings.DIRECT_DATABASE:
        return database.cursor()
    database.close_if_health_check_failed()
    database.ensure_connection()
    found: AbstractContextManager[Any] = database._prepare_cursor(  # type: ignore[attr-defined]
        _PreparingCursor(database.connection)
    )
    return found


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
        database = connections[DEFAULT_DB_ALIAS]
        sql, template, converters = self._compiled
        filled = dict(zip(map(_adapted, self._blanks), map(_adapted, values), strict=True))
        with cursor(database) as found:
            found.execute(sql, [filled.get(one, one) for one in template])
            return [_converted(row, converters, database) for row in found.fetchall()]

    @cached_property
    def _compiled(self) -> tuple[str, Sequence[Any], Converters]:
        compiler = self._build(*self._blanks).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, template = compiler.as_sql()
        return sql, template, compiler.get_converters([column[0] for column in compiler.select])


def _adapted(value: Any) -> Any:
    """A UUID as the database takes it; texts and numbers are taken as they are."""
    has_type = connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field
    return value.hex if isinstance(value, uuid.UUID) and not has_type else value


# The index of the externalId is partial. A plan for any value uses it only where the SQL says so itself, not
# where a parameter does.
HAS_EXTERNAL_ID = RawSQL('"contacts_contact"."external_id" <> \'\'', (), BooleanField())


class LinkedBy:
    """The contact that a connection holds and that has one value in `column`, with its addresses.

    The column must be unique within a connection. One statement, so contact and addresses are of one moment.
    """

    def __init__(self, column: str, blank: Any, *conditions: Any) -> None:
        def build(connection: int, value: Any) -> QuerySet[Any, Any]:
            held = Contact.objects.linked_to(connection).filter(*conditions, **{column: value})
            return held.order_by().values_list(*_COLUMNS)

        self._statement = Prepared(build, _NOBODY, blank)

    def get(self, connection_id: int, value: Any) -> Contact | None:
        """The contact, or None."""
        rows = self._statement.rows(connection_id, value)
        return _contact(rows) if rows else None


by_id = LinkedBy("id", uuid.UUID(int=0))
by_external_id = LinkedBy("external_id", "the externalId", HAS_EXTERNAL_ID)
by_user_name = LinkedBy("user_name_key", "the key of the userName")


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


def load_addresses(contacts: Sequence[Contact]) -> None:
    """Have the addresses of these contacts at hand: prefetch_related in a third of the time."""
    by_contact: dict[uuid.UUID, list[ContactAddress]] = {contact.pk: [] for contact in contacts}
    for address in ContactAddress.objects.filter(contact__in=by_contact).order_by("-is_primary", "id"):
        by_contact[address.contact_id].append(address)
    for contact in contacts:
        keep_addresses(contact, by_contact[contact.pk])


def keep_addresses(contact: Contact, addresses: list[ContactAddress]) -> None:
    """Let `contact.addresses.all()` answer these without asking the database."""
    known: QuerySet[ContactAddress] = QuerySet(ContactAddress)
    known._result_cache = addresses
    contact._prefetched_objects_cache = {"addresses": known}  # type: ignore[attr-defined]


def addresses_of(contact: Contact) -> Iterable[ContactAddress]:
    """`contact.addresses.all()`, past the manager that Django makes anew at each use."""
    kept = getattr(contact, "_prefetched_objects_cache", {}).get("addresses")
    return contact.addresses.all() if kept is None else kept
