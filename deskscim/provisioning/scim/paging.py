"""One page of a list: by index (RFC 7644 3.4.2.4) or by cursor (RFC 9865), cut in the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contacts.models import Contact

from . import cursors, filters
from .query import Query
from .schema import CustomField
from .sorting import Order, Rows


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
    rows = Contact.objects.linked_to(connection_id)
    if query.filter is not None:
        rows = rows.filter(filters.parse(query.filter, fields))
    order = Order.of(query.sort_by, fields, descending=query.descending)
    if query.cursor is None or query.count == 0:
        return _by_index(query, order.sort(rows))
    return _by_cursor(query, rows, order, [connection_id, query.filter, order.path, order.descending])


def _by_index(query: Query, rows: Rows) -> Page:
    """A first page that is not full needs no count."""
    begin = query.start - 1
    found = list(rows.prefetch_related("addresses")[begin : begin + query.count])
    known = query.start == 1 and len(found) < query.count
    return Page(found, len(found) if known else total_of(query, rows), {"startIndex": query.start})


def total_of(query: Query, rows: Rows) -> int:
    """How many rows there are in all; `query.filter` is None when they are all that the connection holds."""
    return rows.order_by().count()


def _by_cursor(query: Query, rows: Rows, order: Order, asked: object) -> Page:
    """One row more than asked for tells whether there is another page; the only page knows the total."""
    if query.cursor:
        rows = rows.filter(order.after(*cursors.opened(query.cursor, asked)))
    ahead = order.sort(order.positioned(rows)).prefetch_related("addresses")[: query.count + 1]
    found = list(ahead)
    if len(found) <= query.count:
        return Page(found, None if query.cursor else len(found))
    del found[query.count :]
    last = found[-1]
    return Page(found, members={"nextCursor": cursors.sealed(asked, order.position(last), last.pk)})
