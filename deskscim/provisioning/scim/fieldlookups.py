"""Comparisons of contact fields (R10) as conditions on the JSON column that keeps them.

Each is true or false and never unknown. A field without a value is a key that is absent.
"""

import math
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact, IsNull
from scim2_models.path import CompareOperator

from . import fieldvalues
from .comparisons import LOOKUPS, ORDER, Op, co, eq, ew, ge, lt, ne, null, number, string, sw, truth
from .errors import InvalidFilter
from .schema import Attribute

_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*", re.DOTALL)


def condition(attribute: Attribute, op: Op, value: object) -> Q:
    """The comparison as a condition on contacts. Raises InvalidFilter."""
    present = Q(custom_fields__has_key=attribute.name)
    if op is None:
        return present
    if value is None:
        return null(present, op)
    if op == ne:
        return ~condition(attribute, eq, value)
    return present & _COMPARED.get(attribute.type, _text)(attribute.name, op, value)


def _text(name: str, op: CompareOperator, value: object) -> Q:
    wanted = string(value, op)
    if op in ORDER:
        return Q(ORDER[op](Lower(fieldvalues.text(name)), Lower(Value(wanted))))
    return Q(**{f"custom_fields__{name}__i{LOOKUPS[op]}": wanted})


def _date(name: str, op: CompareOperator, value: object) -> Q:
    """A time behind the date is cut off here as it is where dates are kept."""
    return _text(name, op, _TIME.sub(r"\1", value) if isinstance(value, str) else value)


def _boolean(name: str, op: CompareOperator, value: object) -> Q:
    wanted = truth(value)
    if wanted is None or op != eq:
        raise InvalidFilter("A checkbox compares by eq and ne with true or false.")
    return Q(**{f"custom_fields__{name}": wanted})


def _integer(name: str, op: CompareOperator, value: object) -> Q:
    wanted = _ordered(op, value)
    return Q(**{f"custom_fields__{name}__{LOOKUPS[op]}": float(wanted)})


def _decimal(name: str, op: CompareOperator, value: object) -> Q:
    """In hundredths. Equal is what would be kept as the same two places (R10); above and below are exact."""
    wanted, kept = _ordered(op, value), fieldvalues.hundredths(name)
    if op == eq:
        exact = Exact(kept, int(wanted.quantize(Decimal("0.01"), ROUND_HALF_UP) * 100))
        return Q(IsNull(kept, False)) & Q(exact)
    edge = math.ceil(wanted * 100) if op in (ge, lt) else math.floor(wanted * 100)
    return Q(IsNull(kept, False)) & Q(ORDER[op](kept, edge))


def _ordered(op: CompareOperator, value: object) -> Decimal:
    if op in (co, sw, ew):
        raise InvalidFilter("A number compares by eq, ne, gt, ge, lt and le.")
    return number(value)


_COMPARED: Mapping[str, Callable[[str, CompareOperator, object], Q]] = {
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
}
