"""What every comparison of a filter shares (RFC 7644 3.4.2.2): operators, and values as they are written."""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.db.models import Q
from django.db.models.lookups import (
    Contains,
    EndsWith,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
    StartsWith,
)
from scim2_models.path import CompareOperator

from contacts.normal import key

from .errors import InvalidFilter
from .values import is_storable

Op: TypeAlias = CompareOperator | None  # None: the attribute is present (`pr`)
eq, ne, co, sw, ew = (CompareOperator(name) for name in ("eq", "ne", "co", "sw", "ew"))
gt, ge, lt, le = (CompareOperator(name) for name in ("gt", "ge", "lt", "le"))

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING

LOOKUPS: Mapping[CompareOperator, str] = {
    eq: "exact",
    co: "contains",
    sw: "startswith",
    ew: "endswith",
    gt: "gt",
    ge: "gte",
    lt: "lt",
    le: "lte",
}
ORDER: Mapping[CompareOperator, Any] = {
    gt: GreaterThan,
    ge: GreaterThanOrEqual,
    lt: LessThan,
    le: LessThanOrEqual,
}
EXPRESSIONS: Mapping[CompareOperator, Any] = {
    eq: Exact,
    co: Contains,
    sw: StartsWith,
    ew: EndsWith,
    **ORDER,
}
_PLAIN: Mapping[CompareOperator, Callable[[str, str], bool]] = {
    eq: operator.eq,
    ne: operator.ne,
    co: operator.contains,
    sw: str.startswith,
    ew: str.endswith,
    gt: operator.gt,
    ge: operator.ge,
    lt: operator.lt,
    le: operator.le,
}


def null(present: Q, op: CompareOperator) -> Q:
    """RFC 7643 2.5: null is the same as no value."""
    if op not in (eq, ne):
        raise InvalidFilter("null compares by eq and ne.")
    return ~present if op == eq else present


def string(value: object, op: CompareOperator) -> str:
    """The text to compare with. A number is one that came without quotes (R13)."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not is_storable(value):
        raise InvalidFilter("A string attribute compares with a string.")
    if not value and op != eq:
        raise InvalidFilter("An empty string compares by eq.")
    return value


def boolean(is_true: Q, op: Op, value: object) -> Q:
    """A condition that holds or not and is never absent; "True" and "False" count as well (R8)."""
    if op is None:
        return EVERYTHING
    if value is None:
        return null(EVERYTHING, op)
    wanted = truth(value)
    if wanted is None or op not in (eq, ne):
        raise InvalidFilter("A boolean attribute compares by eq and ne with true or false.")
    return is_true if wanted == (op == eq) else ~is_true


def truth(value: object) -> bool | None:
    """True or false, whether it is written as a boolean or a string; None for everything else."""
    return {"true": True, "false": False}.get(str(value).lower()) if isinstance(value, bool | str) else None


def number(value: object) -> Decimal:
    """A number, whether it is written as one or as a string."""
    try:
        found = Decimal("x" if isinstance(value, bool) else str(value))
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or found.adjusted() > 15:
        raise InvalidFilter("A number attribute compares with a number.")
    return found


def constant(actual: str, op: Op, value: object) -> Q:
    """A comparison of a text that is the same for every contact."""
    if op is None:
        return EVERYTHING
    if value is None:
        return null(EVERYTHING, op)
    return EVERYTHING if _PLAIN[op](key(actual), key(string(value, op))) else NOTHING
