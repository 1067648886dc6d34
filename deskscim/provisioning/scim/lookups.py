"""Comparisons of a filter (RFC 7644 3.4.2.2) as conditions on columns.

Each is true or false and never unknown, so that `not` turns it round exactly. A column holds "" where SCIM
sees no value.

Every attribute that is kept can be compared, but not in every way: an id is one value and has no parts, a
version is equal or not. meta.location begins with the address under which the client itself reached the
server: ask for the id.

Indexes serve `eq` of id, externalId, userName, displayName and emails, `sw` of displayName, and `gt` and the
like of id. The rest looks through what the connection holds, as one on meta.lastModified does: an index on it
would end PostgreSQL's updates in place (HOT), so that each sync paid for a question that few clients ask.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import Exact
from scim2_models.path import CompareOperator

from contacts.normal import key

from . import fieldlookups
from .comparisons import (
    EVERYTHING,
    EXPRESSIONS,
    LOOKUPS,
    NOTHING,
    ORDER,
    Op,
    boolean,
    co,
    constant,
    eq,
    ew,
    ne,
    null,
    string,
    sw,
)
from .errors import InvalidFilter
from .schema import Attribute, Place

# Which of the addresses is called primary: as Entra said it, else as the helpdesk has it (R20).
PRIMARY = Coalesce("scim_primary", "is_primary")

_PATTERNS = {co: "{}", sw: r"\A{}", ew: r"{}\Z"}
_PLUS_LOST = re.compile(r"(T\S+) (\d\d:\d\d)")  # by a client that does not escape it in a URL
_TAG = re.compile(r'W/"(\d{1,9})"')


def condition(place: Place, op: Op, value: object) -> Q:
    """The comparison as a condition on the place's column. Raises InvalidFilter where there is none."""
    attribute = place.attribute
    if attribute.column == "custom_fields":
        return fieldlookups.condition(attribute, op, value)
    if special := _SPECIAL.get(place.path):
        return special(op, value)
    if attribute.type == "dateTime":
        return _moment(attribute.column, op, value)
    if attribute.type == "string" and attribute.column:
        return text(attribute, attribute.column, op, value)
    raise InvalidFilter(f"A filter on {place.path} is not supported.")


def text(attribute: Attribute, column: str, op: Op, value: object) -> Q:
    """A string, compared as its attribute says: by its key, exactly, or without regard to case (R8)."""
    present = ~Q(**{column: ""})
    if op is None:
        return present
    if value is None:
        return null(present, op)
    wanted = string(value, op)
    if not wanted:
        return NOTHING
    if op == ne:
        return ~text(attribute, column, eq, value)
    compared = _compared(attribute, column, op, wanted)
    return present & compared if op in ORDER else compared


def _compared(attribute: Attribute, column: str, op: CompareOperator, wanted: str) -> Q:
    if attribute.key_column:
        return Q(**{f"{attribute.key_column}__{LOOKUPS[op]}": key(wanted)})
    if attribute.case_exact:
        return _exact(column, op, wanted)
    return Q(EXPRESSIONS[op](Lower(column), Lower(Value(wanted))))


def _exact(column: str, op: CompareOperator, wanted: str) -> Q:
    """A part of it by a regular expression, since SQLite's LIKE has no regard to case."""
    if op in _PATTERNS:
        return Q(**{f"{column}__regex": _PATTERNS[op].format(re.escape(wanted))})
    return Q(**{f"{column}__{LOOKUPS[op]}": wanted})


def _id(op: Op, value: object) -> Q:
    """What is no UUID is nobody's id (R13)."""
    if op is None:
        return EVERYTHING
    if value is None:
        return null(EVERYTHING, op)
    if op in _PATTERNS or not isinstance(value, str):
        raise InvalidFilter("The id compares by eq, ne, gt, ge, lt and le with a string.")
    try:
        wanted = uuid.UUID(value)
    except ValueError:
        if op in ORDER:
            raise InvalidFilter("No id comes before or after what is none.") from None
        return EVERYTHING if op == ne else NOTHING
    return ~Q(pk=wanted) if op == ne else Q(**{f"pk__{LOOKUPS[op]}": wanted})


def _version(op: Op, value: object) -> Q:
    if op is None:
        return EVERYTHING
    if value is None:
        return null(EVERYTHING, op)
    if op not in (eq, ne) or not isinstance(value, str):
        raise InvalidFilter("meta.version compares by eq and ne with a string.")
    tag = _TAG.fullmatch(value)
    found = Q(version=int(tag[1])) if tag else NOTHING
    return found if op == eq else ~found


def _location(op: Op, value: object) -> Q:
    if op is None:
        return EVERYTHING
    raise InvalidFilter("A filter on meta.location is not supported: ask for the id.")


_SPECIAL: Mapping[str, Callable[[Op, object], Q]] = {
    "id": _id,
    "active": lambda op, value: boolean(Q(deleted_at=None), op, value),
    "meta.resourceType": lambda op, value: constant("User", op, value),
    "meta.version": _version,
    "meta.location": _location,
    "emails.primary": lambda op, value: boolean(Q(Exact(PRIMARY, True)), op, value),
}


def _moment(column: str, op: Op, value: object) -> Q:
    if op is None:
        return EVERYTHING
    if value is None:
        return null(EVERYTHING, op)
    if op in _PATTERNS or not isinstance(value, str):
        raise InvalidFilter("A date and time compares by eq, ne, gt, ge, lt and le with a string.")
    found = Q(**{f"{column}__{LOOKUPS.get(op, 'exact')}": _parsed(value)})
    return ~found if op == ne else found


def _parsed(value: str) -> datetime:
    """RFC 7643 2.3.5; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(_PLUS_LOST.sub(r"\1+\2", value))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidFilter("A date and time is written as 2026-05-31T12:00:00Z.") from None
