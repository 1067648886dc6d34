"""One page of a list: by index (RFC 7644 3.4.2.4) or by cursor (RFC 9865), cut in the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from contacts.models import Contact
from deskscim.provisioning.models import HeldCount

from . import cursors, filters
from .query import Query
from .schema import CustomField
from .shown import FIRST, Shown, everybody, shown
from .sorting import Order, Rows


@dataclass(frozen=True, slots=True)
class Page:
    """The contacts of a page, and what a ListResponse says beside them."""

    contacts: list[Shown]
    total: int | None = None  # None: not counted
    members: Mapping[str, int | str] = field(default_factory=dict)


def page(query: Query, connection_id: int, fields: Mapping[str, CustomField]) -> Page:
    """The page that `query` asks for, of what the connection holds (R4).

    The pages of index paging have a total, and may miss or repeat somebody when the list changes meanwhile.
    Those of cursor paging know where the last one ended: whoever is not touched comes once, and nothing is
    counted. Raises InvalidFilter, InvalidPath, InvalidCursor.
    """
    order = Order.of(query.sort_by, fields, descending=query.descending)
    rows = Contact.objects.linked_to(connection_id)
    if query.filter is not None:
        rows = rows.filter(filters.parse(query.filter, fields))
    if query.cursor is None or query.count == 0:
        return _by_index(query, connection_id, order, rows)
    return _by_cursor(query, connection_id, order, rows)


def _by_index(query: Query, connection_id: int, order: Order, rows: Rows) -> Page:
    """A first page that is not full needs no count."""
    begin = query.start - 1
    if begin == 0 and query.count and _is_plain(query, order):
        found = everybody(connection_id, FIRST, query.count)
    else:
        found = _fetched(order.sort(rows)[begin : begin + query.count])
    known = begin == 0 and len(found) < query.count
    total = len(found) if known else total_of(query, connection_id, rows)
    return Page(found, total, {"startIndex": query.start})


def total_of(query: Query, connection_id: int, rows: Rows) -> int:
    """How many rows there are in all; PostgreSQL has counted those that a connection holds already."""
    if query.filter is None and connection.vendor == "postgresql":
        return HeldCount.total(connection_id)
    return rows.order_by().count()


def _by_cursor(query: Query, connection_id: int, order: Order, rows: Rows) -> Page:
    """One row more than asked for tells whether there is another page; the only page knows the total."""
    asked = [connection_id, query.filter, order.path, order.descending]
    value, last = cursors.opened(query.cursor, asked) if query.cursor else (None, FIRST)
    if _is_plain(query, order):
        found = everybody(connection_id, last, query.count + 1)
    else:
        behind = rows.filter(order.after(value, last)) if query.cursor else rows
        found = _fetched(order.sort(order.positioned(behind))[: query.count + 1])
    if len(found) <= query.count:
        return Page(found, None if query.cursor else len(found))
    del found[query.count :]
    end = found[-1]
    return Page(found, members={"nextCursor": cursors.sealed(asked, order.position(end), end.pk)})


def _is_plain(query: Query, order: Order) -> bool:
    """Everybody, in the order of the ids."""
    return query.filter is None and order == Order()


def _fetched(rows: Rows) -> list[Shown]:
    more = ("_sorted_by",) if "_sorted_by" in rows.query.annotations else ()
    return [Shown(*row) for row in shown(rows, *more)]
