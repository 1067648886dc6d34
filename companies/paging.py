"""Lists of any length: pages that begin where another ended, and counts that stop at a cap.

Neither a page nor a count costs more when the table grows.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import IntegerField, Model, Q, QuerySet, Subquery

PER_PAGE = 30
CAP = 1000

Row = TypeVar("Row", bound=Model)


def count_capped(rows: "QuerySet[Any, Any]") -> int:
    """How many rows there are; CAP + 1 says "more than CAP"."""
    return rows.order_by().values("pk")[: CAP + 1].count()


class CappedCount(Subquery):
    """`count_capped` for each row of another query; `rows` refers to it by OuterRef."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"

    def __init__(self, rows: "QuerySet[Any, Any]") -> None:
        super().__init__(rows.order_by().values("pk")[: CAP + 1], output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """Some rows, and the cursors of the pages before and after them; "" where there is none."""

    rows: Sequence[Row]
    previous: str = ""
    next: str = ""


def count_with(page: KeysetPage[Row], rows: "QuerySet[Any, Any]") -> int:
    """`count_capped`, without asking when the page holds all there is."""
    return count_capped(rows) if page.previous or page.next else len(page.rows)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The place beside a row: `backwards` looks for what comes before it."""

    backwards: bool
    value: Any
    pk: Any

    def sealed(self) -> str:
        text = json.dumps([self.backwards, self.value, self.pk], default=str)
        return urlsafe_b64encode(text.encode()).decode()

    @classmethod
    def opened(cls, text: str, model: type[Model], column: str) -> "_Cursor | None":
        """None for what is no cursor, such as one that somebody has typed."""
        try:
            backwards, value, pk = json.loads(urlsafe_b64decode(text.encode()))
            value, pk = _field(model, column).to_python(value), _field(model, "pk").to_python(pk)
        except (ValueError, TypeError, ValidationError):
            return None
        return None if value is None or pk is None else cls(backwards is True, value, pk)


def page_of(rows: "QuerySet[Row, Row]", order: str, cursor: str, size: int = PER_PAGE) -> KeysetPage[Row]:
    """The page at this cursor, the first one for "" or a broken cursor.

    `order` is a column that is never null, with a minus for the other way round; `pk` settles what is equal.
    """
    place = _Cursor.opened(cursor, rows.model, order.removeprefix("-")) if cursor else None
    backwards = place is not None and place.backwards
    descending = order.startswith("-") != backwards
    found = list(_beyond(rows, order, place, descending=descending)[: size + 1])
    if place and (not found or (backwards and len(found) <= size)):
        return page_of(rows, order, "", size)  # nothing is left there: begin anew
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    return KeysetPage(
        shown,
        previous=_beside(shown[0], order, backwards=True) if place else "",
        next=_beside(shown[-1], order, backwards=False) if more or backwards else "",
    )


def _beyond(
    rows: "QuerySet[Row, Row]", order: str, place: _Cursor | None, *, descending: bool
) -> "QuerySet[Row, Row]":
    column, minus, than = order.removeprefix("-"), "-" if descending else "", "lt" if descending else "gt"
    ordered = rows.order_by(f"{minus}{column}", f"{minus}pk")
    if place is None:
        return ordered
    # The first condition lets the index begin at the place; an OR alone would not.
    after = Q(**{f"{column}__{than}": place.value}) | Q(**{f"pk__{than}": place.pk})
    return ordered.filter(Q(**{f"{column}__{than}e": place.value}) & after)


def _beside(row: Model, order: str, *, backwards: bool) -> str:
    return _Cursor(backwards, getattr(row, order.removeprefix("-")), row.pk).sealed()


def _field(model: type[Model], column: str) -> Any:
    return model._meta.pk if column == "pk" else model._meta.get_field(column)
