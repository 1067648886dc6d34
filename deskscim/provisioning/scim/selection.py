"""What a PATCH path points at (RFC 7644 3.5.2): an attribute, or chosen elements of a multi-valued one."""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from scim2_models import Path, SCIMException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from contacts.normal import key

from . import limits
from .errors import InvalidPath, InvalidValue
from .schema import CustomField, Place, find
from .values import DEFAULT_TYPE, Entry, entry, has_room

Predicate: TypeAlias = Callable[[Entry], bool]

MAX_LENGTH = 1000

# `emails.value` has no element to point at: it means the one that a person would call the e-mail address.
_DEFAULT_FILTERS = {"emails": "primary eq true", "phoneNumbers": f'type eq "{DEFAULT_TYPE}"'}

_COMPARE: Mapping[CompareOperator, Callable[[str, str], bool]] = {
    CompareOperator.eq: operator.eq,
    CompareOperator.ne: operator.ne,
    CompareOperator.co: operator.contains,
    CompareOperator.sw: str.startswith,
    CompareOperator.ew: str.endswith,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """`emails[type eq "work"].value`: the elements that a filter matches, and which part of them.

    `seed` is the element that the filter describes, to be created when none matches (R21); None when it
    describes none.
    """

    place: Place
    matches: Predicate
    seed: Entry | None
    sub_attribute: str  # "": the whole element


def resolve(path: str, fields: Mapping[str, CustomField]) -> Place | Selection | None:
    """What `path` points at; None when a contact keeps no such thing (R9). Raises InvalidPath."""
    if "[" in path:
        return _parse(path)
    place = find(path, fields)
    if place and place.container in _DEFAULT_FILTERS:
        return _parse(f"{place.container}[{_DEFAULT_FILTERS[place.container]}].{place.attribute.name}")
    return place


def syntax(path: str) -> AttrPath | ValuePath:
    """The syntax tree of `path`. Raises InvalidPath."""
    if len(path) > MAX_LENGTH:
        raise InvalidPath(f"A path has more than {MAX_LENGTH} characters.")
    if limits.has_deeper_brackets(path, limits.FILTER_DEPTH):
        raise InvalidPath(f"A path has more than {limits.FILTER_DEPTH} brackets within each other.")
    try:
        node = Path(path).ast
    except SCIMException:
        node = None
    if not isinstance(node, AttrPath | ValuePath):  # a filter alone is no path
        raise InvalidPath("A path does not follow the grammar of RFC 7644 3.5.2.")
    return node


@lru_cache(maxsize=1024)
def _parse(path: str) -> Selection | None:
    node = syntax(path)
    place = find(str(node.attr_path), {}) if isinstance(node, ValuePath) else None
    if not isinstance(node, ValuePath) or place is None:
        return None
    if not place.attribute.multi_valued or place.is_read_only:
        raise InvalidPath(f"{place.path} has no elements to choose from.")
    return _selection(place, node)


def _selection(place: Place, node: ValuePath) -> Selection | None:
    names = {sub.name.lower(): sub.name for sub in place.attribute.sub_attributes}
    asked = {name.lower() for name in _names(node.val_filter)} | {(node.sub_attr or "value").lower()}
    if not asked <= names.keys():
        return None
    seed = _seed(place, node.val_filter)
    if seed and not has_room(place, seed["type"]):
        return None
    return Selection(
        place, _predicate(node.val_filter, names), seed, names.get((node.sub_attr or "").lower(), "")
    )


def _names(node: FilterNode) -> Iterator[str]:
    if isinstance(node, LogicalExpr):
        for term in node.terms:
            yield from _names(term)
    elif isinstance(node, Not):
        yield from _names(node.expr)
    elif isinstance(node, Comparison | Present):
        yield str(node.attr_path)


def _seed(place: Place, node: FilterNode) -> Entry | None:
    """The element that `a eq x and b eq y` describes, if it describes one."""
    terms = node.terms if isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_ else (node,)
    described = {}
    for term in terms:
        if not isinstance(term, Comparison) or term.op != CompareOperator.eq:
            return None
        described[term.attr_path.attr] = term.value
    try:
        return {"type": DEFAULT_TYPE, **entry(place, described)}
    except InvalidValue:
        return None


def _predicate(node: FilterNode, names: Mapping[str, str]) -> Predicate:
    """The filter as a function of an element. Text compares as people read it (R8)."""
    if isinstance(node, LogicalExpr):
        terms = [_predicate(term, names) for term in node.terms]
        every = node.op == LogicalOperator.and_
        return lambda one: (all if every else any)(term(one) for term in terms)
    if isinstance(node, Not):
        inner = _predicate(node.expr, names)
        return lambda one: not inner(one)
    if isinstance(node, Present):
        name = names[node.attr_path.attr.lower()]
        return lambda one: bool(one.get(name))
    return _comparison(node, names)


def _comparison(node: FilterNode, names: Mapping[str, str]) -> Predicate:
    if not isinstance(node, Comparison) or node.op not in _COMPARE:
        raise InvalidPath("The filter of a path can compare by eq, ne, co, sw, ew and pr.")
    name = names[node.attr_path.attr.lower()]
    compare, wanted = _COMPARE[node.op], _folded(node.value)
    absent = False if name == "primary" else ""  # RFC 7643 2.4
    return lambda one: compare(_folded(one.get(name, absent)), wanted)


def _folded(value: object) -> str:
    """One form for true, "True" and "TRUE"."""
    return key(str(value))
