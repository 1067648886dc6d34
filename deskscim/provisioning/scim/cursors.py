"""Cursors (RFC 9865 2): where a page ended, sealed so that it fits the query that it came with and no other.

A cursor is text of unreserved characters: a seal, the value by which the last row was put in order, and its
id. Nothing is kept on the server, so a cursor does not expire. The value can be read by whoever holds the
cursor, who was shown it a moment ago; it cannot be changed.
"""

import base64
import uuid
from datetime import datetime
from typing import TypeAlias

import orjson
from django.utils.crypto import constant_time_compare, salted_hmac

from .errors import InvalidCursor

SortValue: TypeAlias = str | int | datetime | None  # as the database said it; a moment comes back as text

_SEAL_LENGTH = 16


def sealed(query: object, value: SortValue, last: uuid.UUID) -> str:
    """The cursor for what follows the row `last` in the list that `query` describes (by its JSON)."""
    position = orjson.dumps([value, last])
    return base64.urlsafe_b64encode(_seal(query, position) + position).decode().rstrip("=")


def opened(cursor: str, query: object) -> tuple[SortValue, uuid.UUID]:
    """The sort value and id behind a cursor. Raises InvalidCursor unless `query` is the one it came with."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        content = base64.b64decode(padded, altchars=b"-_", validate=True)
    except ValueError:
        content = b""
    position = content[_SEAL_LENGTH:]
    if not constant_time_compare(content[:_SEAL_LENGTH], _seal(query, position)):
        raise InvalidCursor("The cursor does not belong to this query. Begin anew with an empty one.")
    value, last = orjson.loads(position)
    return value, uuid.UUID(last)


def _seal(query: object, position: bytes) -> bytes:
    whole = orjson.dumps(query) + b"\n" + position
    return salted_hmac("deskscim.scim.cursor", whole, algorithm="sha256").digest()[:_SEAL_LENGTH]
