"""Questions to a list, read from a URL or a SearchRequest (RFC 7644 3.4.2, 3.4.3), and cursors (RFC 9865)."""

import re
import uuid
from typing import Any

import pytest

from deskscim.provisioning.scim import cursors
from deskscim.provisioning.scim.errors import InvalidCount, InvalidCursor, InvalidSyntax, InvalidValue
from deskscim.provisioning.scim.query import MAX_COUNT, Query
from deskscim.provisioning.scim.schema import SEARCH_REQUEST

LAST = uuid.UUID("0198b2c4-0000-7000-8000-000000000001")
ASKED = [1, 'userName sw "a"', "userName", False]


@pytest.mark.parametrize(
    ("parameters", "query"),
    [
        ({}, Query()),
        ({"aadOptscim062020": ""}, Query()),
        ({"filter": "title pr", "sortBy": "title"}, Query("title pr", "title")),
        ({"FILTER": "title pr", "SORTBY": "title"}, Query("title pr", "title")),
        ({"filter": ""}, Query("")),
        ({"sortBy": "title", "sortOrder": "descending"}, Query(sort_by="title", descending=True)),
        ({"sortBy": "title", "sortOrder": "DESCENDING"}, Query(sort_by="title", descending=True)),
        ({"sortBy": "title", "sortOrder": "ascending"}, Query(sort_by="title")),
        ({"sortOrder": ""}, Query()),
        ({"startIndex": "3", "count": "2"}, Query(start=3, count=2)),
        ({"startIndex": "0", "count": "-2"}, Query(start=1, count=0)),
        ({"startIndex": "-5", "count": "100000"}, Query(start=1, count=MAX_COUNT)),
        ({"cursor": "", "count": "2"}, Query(count=2, cursor="")),
        ({"cursor": "abc", "count": "0"}, Query(count=0, cursor="abc")),
        ({"cursor": "abc", "count": "100000"}, Query(count=MAX_COUNT, cursor="abc")),
    ],
)
def test_a_url(parameters: dict[str, str], query: Query) -> None:
    """RFC 7644 3.4.2.4: a start below 1 is 1, a negative count 0, and one beyond the maximum is cut."""
    assert Query.of_parameters(parameters) == query


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ({}, Query()),
        ({"schemas": [SEARCH_REQUEST.upper()]}, Query()),
        (
            {"Filter": "title pr", "SORTby": "title", "sortorder": "Descending", "STARTINDEX": 3, "Count": 2},
            Query("title pr", "title", descending=True, start=3, count=2),
        ),
        ({"startIndex": 0, "count": -1}, Query(count=0)),
        ({"startIndex": "3", "count": "2"}, Query(start=3, count=2)),
        ({"filter": None, "cursor": None, "count": None}, Query()),
        ({"cursor": "", "favourite": 1}, Query(cursor="")),
    ],
)
def test_a_message(body: dict[str, Any], query: Query) -> None:
    """RFC 7644 3.4.3; null is no value (RFC 7643 2.5)."""
    assert Query.of_message(body) == query


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}, InvalidSyntax),
        ({"schemas": SEARCH_REQUEST}, InvalidSyntax),
        ({"filter": ["title pr"]}, InvalidSyntax),
        ({"sortBy": 5}, InvalidSyntax),
        ({"sortOrder": True}, InvalidSyntax),
        ({"cursor": 5}, InvalidSyntax),
        ({"sortOrder": "up"}, InvalidValue),
        ({"sortBy": "title", "sortOrder": "desc"}, InvalidValue),
        ({"startIndex": "x"}, InvalidValue),
        ({"startIndex": True}, InvalidValue),
        ({"count": 1.5}, InvalidValue),
        ({"count": [1]}, InvalidValue),
        ({"cursor": "", "startIndex": 1}, InvalidValue),
        ({"cursor": "", "count": "x"}, InvalidCount),
        ({"cursor": "", "count": -1}, InvalidCount),
        ({"cursor": "", "count": False}, InvalidCount),
    ],
)
def test_what_cannot_be_meant_is_refused(body: dict[str, Any], error: type[Exception]) -> None:
    """RFC 7644 3.12, RFC 9865 2.1."""
    with pytest.raises(error):
        Query.of_message(body)


@pytest.mark.parametrize("value", ["łęcka@x.example", "", 'a"b', -5, None])
def test_a_cursor_keeps_a_position(value: str | int | None) -> None:
    """RFC 9865 2: of unreserved characters."""
    cursor = cursors.sealed(ASKED, value, LAST)
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", cursor)
    assert cursors.opened(cursor, ASKED) == (value, LAST)


@pytest.mark.parametrize(
    "asked", [[2, *ASKED[1:]], [1, "title pr", "userName", False], [*ASKED[:3], True], [1, None, "", False]]
)
def test_a_cursor_fits_its_own_query_only(asked: list[object]) -> None:
    """Another connection's, filter's or order's is invalid."""
    with pytest.raises(InvalidCursor):
        cursors.opened(cursors.sealed(ASKED, "ann", LAST), asked)


def forgeries() -> list[str]:
    """Texts that are nearly a cursor, and texts that are none."""
    cursor = cursors.sealed(ASKED, "ann", LAST)
    swapped = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    return [
        swapped,
        cursor[:-1],
        cursor[1:],
        cursor + "AAAA",
        cursor[:10],
        "x",
        "=",
        "ä",
        "%00",
        "1",
        " ",
        "a.b",
    ]


def test_garbage_is_no_cursor() -> None:
    """RFC 9865 2.1: invalidCursor, never a server error."""
    for text in forgeries():
        with pytest.raises(InvalidCursor):
            cursors.opened(text, ASKED)
