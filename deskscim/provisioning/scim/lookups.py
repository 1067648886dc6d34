"""Comparisons of a filter (RFC 7644 3.4.2.2) as conditions on columns.

Each is true or false and never unknown, so that `not` turns it round exactly. A column holds "" where SCIM
sees no value.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual
from scim2_models.path import CompareOperator

from contacts.normal import key

from .errors import InvalidFilter
from .schema import Attribute, Place
from .values import is_storable

Op: TypeAlias = CompareOperator | None  # None: the attribute is present (`pr`)
eq, ne, co, sw, ew = (CompareOperator(name) for name in ("eq", "ne", "co", "sw", "ew"))
gt, ge, lt, le = (CompareOperator(name) for name in ("gt", "ge", "lt", "le"))

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING

_ORDER: Mapping[CompareOperator, Any] = {
    gt: GreaterThan,
    ge: GreaterThanOrEqual,
    lt: LessThan,
    le: LessThanOrEqual,
}
_ORDER_LOOKUPS = {gt: "gt", ge: "gte", lt: "lt", le: "lte"}
_LOOKUPS = {eq: "exact", co: "contains", sw: "startswith", ew: "endswith"}
_PATTERNS = {co: "{}", sw: r"\A{}", ew: r"{}\Z"}


def condition(place: Place, op: Op, value: object) -> Q:
    """The comparison as a condition on the place's column. Raises InvalidFilter where there is none."""
    attribute = place.attribute
    if attribute.column == "custom_fields":
        return _custom(attribute, op, value)
    if special := _SPECIAL.get(place.path):
        return special(op, value)
    if attribute.type == "dateTime":
        return _moment(attribute.column, op, value)
    if attribute.type == "boolean":
        return boolean(Q(**{attribute.column: True}), op, value)
    if attribute.type == "string" and attribute.column:
        return text(attribute, attribute.column, op, value)
    raise InvalidFilter(f"A filter on {place.path} is not supported.")


def text(attribute: Attribute, column: str, op: Op, value: object) -> Q:
    """A string, compared as its attribute says: by its key, exactly, or without regard to case (R8)."""
    present = ~Q(**{column: ""})
    if op is None:
        return present
    if value is None:
        return _null(present, op)
    wanted = _string(value, op)
    if not wanted:
        return NOTHING
    if op == ne:
        return ~text(attribute, column, eq, value)
    if op in _ORDER:
        return present & _ordered(attribute, column, op, wanted)
    if attribute.key_column:
        return Q(**{f"{attribute.key_column}__{_LOOKUPS[op]}": key(wanted)})
    if attribute.case_exact:
        return _exact(column, op, wanted)
    return Q(**{f"{column}__i{_LOOKUPS[op]}": wanted})


def _exact(column: str, op: CompareOperator, wanted: str) -> Q:
    """By a regular expression, since SQLite's LIKE has no regard to case."""
    if op == eq:
        return Q(**{column: wanted})
    return Q(**{f"{column}__regex": _PATTERNS[op].format(re.escape(wanted))})


def _ordered(attribute: Attribute, column: str, op: CompareOperator, wanted: str) -> Q:
    if attribute.key_column:
        return Q(**{f"{attribute.key_column}__{_ORDER_LOOKUPS[op]}": key(wanted)})
    if attribute.case_exact:
        return Q(**{f"{column}__{_ORDER_LOOKUPS[op]}": wanted})
    return Q(_ORDER[op](Lower(column), Lower(Value(wanted))))


def boolean(is_true: Q, op: Op, value: object) -> Q:
    """A condition that holds or not; "True" and "False" count as well (R8)."""
    wanted = {"true": True, "false": False}.get(str(value).lower()) if isinstance(value, bool | str) else None
    if op is None:
        return EVERYTHING
    if wanted is None or op not in (eq, ne):
        raise InvalidFilter("A boolean attribute compares by eq and ne with true or false.")
    return is_true if wanted == (op == eq) else ~is_true


def _null(present: Q, op: CompareOperator) -> Q:
    """RFC 7643 2.5: null is the same as no value."""
    if op not in (eq, ne):
        raise InvalidFilter("null compares by eq and ne.")
    return ~present if op == eq else present


def _string(value: object, op: CompareOperator) -> str:
    """The text to compare with. A number is one that came without quotes (R13)."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not is_storable(value):
        raise InvalidFilter("A string attribute compares with a string.")
    if not value and op != eq:
        raise InvalidFilter("An empty string compares by eq.")
    return value


def _id(op: Op, value: object) -> Q:
    """What is no UUID is nobody's id (R13)."""
    if op is None:
        return EVERYTHING
    if op not in (eq, ne) or not isinstance(value, str):
        raise InvalidFilter("The id compares by eq and ne with a string.")
    try:
        found = Q(pk=uuid.UUID(value))
    except ValueError:
        found = NOTHING
    return found if op == eq else ~found


def _active(op: Op, value: object) -> Q:
    return boolean(Q(deleted_at=None), op, value)


def _resource_type(op: Op, value: object) -> Q:
    if op is None:
        return EVERYTHING
    if op != eq:
        raise InvalidFilter("meta.resourceType compares by eq.")
    return EVERYTHING if value == "User" else NOTHING


_SPECIAL: Mapping[str, Callable[[Op, object], Q]] = {
    "id": _id,
    "active": _active,
    "meta.resourceType": _resource_type,
}


def _moment(column: str, op: Op, value: object) -> Q:
    if op is None:
        return EVERYTHING
    lookup = _ORDER_LOOKUPS.get(op, "exact")
    if op in (co, sw, ew) or not isinstance(value, str):
        raise InvalidFilter("A date and time compares by eq, ne, gt, ge, lt and le with a string.")
    found = Q(**{f"{column}__{lookup}": _parsed(value)})
    return ~found if op == ne else found


def _parsed(value: str) -> datetime:
    """RFC 7643 2.3.5; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidFilter("A date and time is written as 2026-05-31T12:00:00Z.") from None


def _custom(attribute: Attribute, op: Op, value: object) -> Q:
    """A contact field: a key of the JSON column, which is absent when there is no value."""
    present = Q(custom_fields__has_key=attribute.name)
    if op is None:
        return present
    if value is None:
        return _null(present, op)
    if op == ne:
        return ~_custom(attribute, eq, value)
    lookup, wanted = _CUSTOM.get(attribute.type, _custom_text)(op, value)
    return present & Q(**{f"custom_fields__{attribute.name}__{lookup}": wanted})


def _custom_text(op: CompareOperator, value: object) -> tuple[str, object]:
    wanted = _string(value, op)
    return (_ORDER_LOOKUPS[op], wanted) if op in _ORDER else (f"i{_LOOKUPS[op]}", wanted)


def _custom_boolean(op: CompareOperator, value: object) -> tuple[str, object]:
    wanted = {"true": True, "false": False}.get(str(value).lower())
    if wanted is None or op != eq:
        raise InvalidFilter("A checkbox compares by eq and ne with true or false.")
    return "exact", wanted


def _custom_integer(op: CompareOperator, value: object) -> tuple[str, object]:
    wanted = _number(value)
    if op in (co, sw, ew):
        raise InvalidFilter("A number compares by eq, ne, gt, ge, lt and le.")
    return _ORDER_LOOKUPS.get(op, "exact"), float(wanted)


def _custom_decimal(op: CompareOperator, value: object) -> tuple[str, object]:
    """Decimals are kept as text with two places, so they can be found but not put in order."""
    if op != eq:
        raise InvalidFilter("A decimal number compares by eq and ne.")
    return "exact", f"{_number(value):.2f}"


def _number(value: object) -> Decimal:
    try:
        number = Decimal("x" if isinstance(value, bool) else str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or number.adjusted() > 15:
        raise InvalidFilter("A number attribute compares with a number.")
    return number


_CUSTOM: Mapping[str, Callable[[CompareOperator, object], tuple[str, object]]] = {
    "boolean": _custom_boolean,
    "integer": _custom_integer,
    "decimal": _custom_decimal,
}
