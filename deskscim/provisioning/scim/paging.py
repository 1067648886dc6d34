"""One page of a list: by index (RFC 7644 3.4.2.4) or by cursor (RFC 9865), cut in the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from contacts.models import Contact
from contacts.statements import load_addresses
from deskscim.provisioning.models import HeldCount

from . import cursors, filters
from .query import Query
from .schema import CustomField
from .sorting import Order, Rows

# What no resource shows is not fetched a hundred times.
_UNSHOWN = (
    "domain",
    "source",
    "company_source",
    "deleted_by",
    "suspended_at",
    "last_synced_at",
    "sync_failed_at",
    "unapplied",
    "entra_fields",
)


@dataclass(frozen=True, slots=True)
class Page:
    """The contacts of a page, and what a ListResponse says beside them."""

    contacts: list[Contact]
    total: int | None = None  # None: not counted
    members: Mapping[str, int | str] = field(default_factory=dict)


def page(query: Query, connection_id: int, fields: Mapping[str, CustomField]) -> Page:
    """The page that `query` asks for, of what the connection holds (R4).

    The pages of index paging have a total, and may miss or repeat somebody when the list changes meanwhile.
    Those of cursor paging know where the last one ended: whoever is not touched comes once, and nothing is
    counted. Raises InvalidFilter, InvalidPath, InvalidCursor.
    """
    rows = Contact.objects.linked_to(connection_id).defer(*_UNSHOWN)
    if query.filter is not None:
        rows = rows.filter(filters.parse(query.filter, fields))
    order = Order.of(query.sort_by, fields, descending=query.descending)
    if query.cursor is None or query.count == 0:
        return _by_index(query, connection_id, order.sort(rows))
    return _by_cursor(query, rows, order, [connection_id, query.filter, order.path, order.descending])


def _by_index(query: Query, connection_id: int, rows: Rows) -> Page:
    """A first page that is not full needs no count."""
    begin = query.start - 1
    found = _with_addresses(rows[begin : begin + query.count])
    known = query.start == 1 and len(found) < query.count
    total = len(found) if known else total_of(query, connection_id, rows)
    return Page(found, total, {"startIndex": query.start})


def total_of(query: Query, connection_id: int, rows: Rows) -> int:
    """How many rows there are in all; PostgreSQL has counted those that a connection holds already."""
    if query.filter is None and connection.vendor == "postgresql":
        return HeldCount.total(connection_id)
    return rows.order_by().count()


def _with_addresses(rows: Rows) -> list[Contact]:
    found = list(rows)
    load_addresses(found)
    return found


def _by_cursor(query: Query, rows: Rows, order: Order, asked: object) -> Page:
    """One row more than asked for tells whether there is another page; the only page knows the total."""
    if query.cursor:
        rows = rows.filter(order.after(*cursors.opened(query.cursor, asked)))
    found = _with_addresses(order.sort(order.positioned(rows))[: query.count + 1])
    if len(found) <= query.count:
        return Page(found, None if query.cursor else len(found))
    del found[query.count :]
    last = found[-1]
    return Page(found, members={"nextCursor": cursors.sealed(asked, order.position(last), last.pk)})
