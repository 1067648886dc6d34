"""Index paging (RFC 7644 3.4.2.4): counted and cut in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet

from .errors import InvalidValue

DEFAULT_COUNT = 100
MAX_COUNT = 200
Row = TypeVar("Row")
_FAR = 2**31  # beyond any table, and within what a database takes as an offset


@dataclass(frozen=True, slots=True)
class Page:
    """A 1-based start and a number of rows."""

    start: int
    count: int

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> "Page":
        """The page that `startIndex` and `count` ask for.

        A start below 1 is read as 1, a negative count as 0 (RFC 7644 3.4.2.4); a count above the maximum
        is cut. Raises InvalidValue for what is no whole number.
        """
        start = _whole(query.get("startIndex", "1"), "startIndex")
        count = _whole(query.get("count", str(DEFAULT_COUNT)), "count")
        return cls(min(max(start, 1), _FAR), min(max(count, 0), MAX_COUNT))

    def cut(self, rows: "QuerySet[Any, Row]") -> tuple[list[Row], int]:
        """The page's rows and the number of all rows; a first page that is not full needs no COUNT."""
        page = list(rows[self.start - 1 : self.start - 1 + self.count])
        if self.start == 1 and len(page) < self.count:
            return page, len(page)
        return page, rows.count()


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidValue(f"{name} must be a whole number.", reason="invalid_paging") from None
