"""What a client asks of a list: the parameters of a GET, or the message of a POST to /.search, read once.

Plain data in, plain data out. Which attributes the answer shows is `projection`'s matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InvalidCount, InvalidSyntax, InvalidValue
from .schema import SEARCH_REQUEST
from .values import lowered

DEFAULT_COUNT = 100
MAX_COUNT = 200
_FAR = 2**31  # beyond any table, and within what a database takes as an offset
_ORDERS = {"ascending": False, "descending": True}


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a list (RFC 7644 3.4.2, RFC 9865 2). Without a cursor the page begins at `start`."""

    filter: str | None = None  # None: everybody; "" is a broken filter (R13)
    sort_by: str = ""
    descending: bool = False
    start: int = 1
    count: int = DEFAULT_COUNT
    cursor: str | None = None  # "": the first page

    @classmethod
    def of_parameters(cls, parameters: Mapping[str, str]) -> "Query":
        """The question of a URL. Raises InvalidValue, InvalidCount."""
        return cls._of({name.lower(): value for name, value in parameters.items()})

    @classmethod
    def of_message(cls, body: Mapping[str, Any]) -> "Query":
        """The question of a SearchRequest (RFC 7644 3.4.3), its member names in any case, null for absent.

        It may lack its `schemas`, as a PatchOp may. Raises InvalidSyntax, InvalidValue, InvalidCount.
        """
        members = {name: value for name, value in lowered(body).items() if value is not None}
        urns = members.get("schemas", [SEARCH_REQUEST])
        if not isinstance(urns, list) or SEARCH_REQUEST.lower() not in map(str.lower, map(str, urns)):
            raise InvalidSyntax(f"The body must be a {SEARCH_REQUEST}.")
        for name in ("filter", "sortBy", "sortOrder", "cursor"):
            if not isinstance(members.get(name.lower(), ""), str):
                raise InvalidSyntax(f"{name} must be a string.")
        return cls._of(members)

    @classmethod
    def _of(cls, members: Mapping[str, Any]) -> "Query":
        cursor = members.get("cursor")
        if cursor is not None and "startindex" in members:
            raise InvalidValue("A page is asked for by startIndex or by cursor.", reason="invalid_paging")
        return cls(
            filter=members.get("filter"),
            sort_by=members.get("sortby", ""),
            descending=_descends(members.get("sortorder", "")),
            start=min(max(_whole(members.get("startindex", 1), "startIndex"), 1), _FAR),
            count=_count(members.get("count", DEFAULT_COUNT), by_cursor=cursor is not None),
            cursor=cursor,
        )


def _descends(order: str) -> bool:
    if order and order.lower() not in _ORDERS:
        raise InvalidValue("sortOrder must be ascending or descending.", reason="invalid_sort")
    return _ORDERS.get(order.lower(), False)


def _count(raw: object, *, by_cursor: bool) -> int:
    """A negative count is read as 0 (RFC 7644 3.4.2.4), except beside a cursor (RFC 9865 2.1).

    One above the maximum is cut, and 0 asks for the total alone, in both ways of paging.
    """
    try:
        count = _whole(raw, "count")
    except InvalidValue as refused:
        raise InvalidCount(refused.detail) if by_cursor else refused from None
    if count < 0 and by_cursor:
        raise InvalidCount("count must not be negative.")
    return min(max(count, 0), MAX_COUNT)


def _whole(raw: object, name: str) -> int:
    try:
        return int(raw if isinstance(raw, int | str) and not isinstance(raw, bool) else "")
    except ValueError:
        raise InvalidValue(f"{name} must be a whole number.", reason="invalid_paging") from None
