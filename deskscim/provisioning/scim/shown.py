"""Contacts as the answers show them: rows of what a resource has and nothing else, addresses included.

Making a model of each row would take longer than the rest of a list.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db.models import Aggregate, Func, OuterRef, QuerySet, Subquery, TextField

from contacts.models import Contact, ContactAddress
from contacts.statements import HAS_EXTERNAL_ID, NOBODY, Prepared

from .query import MAX_COUNT

FIRST = uuid.UUID(int=0)  # before every id


class Address(NamedTuple):
    """An address that Entra has sent; SQLite says true and false by numbers."""

    address: str
    scim_type: str
    scim_primary: bool | None
    is_primary: bool


class Shown(NamedTuple):
    """A contact, by the names of its columns."""

    pk: uuid.UUID
    name: str
    given_name: str
    family_name: str
    formatted_name: str
    title: str
    phone: str
    mobile: str
    department: str
    employee_number: str
    organization: str
    custom_fields: Mapping[str, Any]
    deleted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    external_id: str
    user_name: str
    addresses: str | None  # JSON: of each its id and what an Address has
    sorted_by: Any = None  # the value that its place in a list comes from

    @property
    def sent(self) -> list[Address]:
        """The addresses in the order of `ContactAddress`."""
        rows = orjson.loads(self.addresses) if self.addresses else []
        return [Address(*row[1:]) for row in sorted(rows, key=lambda row: (not row[-1], row[0]))]


class _Array(Func):
    function = "json_build_array"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_array", **context)


class _ArrayOfAll(Aggregate):
    function, template = "json_agg", "%(function)s(%(expressions)s)::text"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="json_group_array", template=Aggregate.template, **context
        )


_SENT = (
    ContactAddress.objects.filter(contact=OuterRef("pk"), scim_type__gt="")
    .order_by()
    .values("contact")
    .annotate(
        all=_ArrayOfAll(_Array("id", *Address._fields, output_field=TextField()), output_field=TextField())
    )
    .values("all")
)
_COLUMNS = [name for name in Shown._fields if name not in ("addresses", "sorted_by")]


def shown(contacts: QuerySet[Contact, Contact], *more: str) -> QuerySet[Contact, Any]:
    """The query for these contacts as rows, which `Shown` takes."""
    return contacts.values_list(*_COLUMNS, Subquery(_SENT, output_field=TextField()), *more)


class Lookup:
    """What a connection holds under one value of `column`, which must be unique within a connection."""

    def __init__(self, column: str, blank: Any, *conditions: Any) -> None:
        def build(connection: int, value: Any) -> QuerySet[Any, Any]:
            held = Contact.objects.linked_to(connection).filter(*conditions, **{column: value})
            return shown(held.order_by())

        self._statement = Prepared(build, NOBODY, blank)

    def get(self, connection_id: int, value: Any) -> Shown | None:
        """The contact, or None. One statement, so contact and addresses are of one moment."""
        rows = self._statement.rows(connection_id, value)
        return Shown(*rows[0]) if rows else None


def _everybody(connection: int, last: uuid.UUID) -> QuerySet[Any, Any]:
    held = Contact.objects.linked_to(connection).filter(id__gt=last).order_by("id")
    return shown(held)


@lru_cache(maxsize=MAX_COUNT + 1)
def _page(count: int) -> Prepared:
    return Prepared(lambda *blanks: _everybody(*blanks)[:count], NOBODY, FIRST)


def everybody(connection_id: int, last: uuid.UUID, count: int) -> list[Shown]:
    """So many of those whom a connection holds, in the order of their ids, behind the id `last`.

    Clients that read the whole list ask for nothing else, page after page.
    """
    return [Shown(*row) for row in _page(count).rows(connection_id, last)]


by_id = Lookup("id", FIRST)
by_external_id = Lookup("external_id", "the externalId", HAS_EXTERNAL_ID)
by_user_name = Lookup("user_name_key", "the key of the userName")
