"""Filters (RFC 7644 3.4.2.2): text in, a condition on contacts out.

RFC precedence (`and` before `or`) comes with the grammar. A filter that cannot be read, or that compares what
cannot be compared, is InvalidFilter: the answer is never a wider list than what was asked for (R13).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import and_, or_
from typing import TypeAlias

from django.db.models import Case, Q, When
from django.db.models.lookups import Exact
from scim2_models import SCIMException, ScimFilter
from scim2_models.path import (
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from contacts.models import ContactAddress
from contacts.normal import is_storable, key

from . import limits, lookups, shown
from .comparisons import EVERYTHING, NOTHING, Op, co, constant, eq, ew, sw
from .errors import InvalidFilter, TooMany
from .schema import (
    CORE_USER,
    EXTENSIONS,
    PHONE_COLUMNS,
    PLACES,
    CustomField,
    Place,
    children,
    find,
    is_known_but_not_stored,
)

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_BARE_VALUE = re.compile(r'\b(eq|ne|co|sw|ew|gt|ge|lt|le)(\s+)([^\s"()\[\]]+)', re.IGNORECASE)
_WORDS = ("true", "false", "null")
_JOINED = (
    8  # questions about addresses; PostgreSQL plans joins in a time that grows with the cube of their number
)


def parse(text: str, fields: Mapping[str, CustomField]) -> Q:
    """The condition that `text` states. Raises InvalidFilter and TooMany, and nothing else."""
    if not text.strip():
        raise InvalidFilter("The filter is empty.")
    if len(text) > limits.FILTER_LENGTH:
        raise TooMany(f"The filter is longer than {limits.FILTER_LENGTH} characters.")
    tree, strings = _read(text)
    compiler = _Compiler(fields, strings)
    compiler.alone = not isinstance(tree, LogicalExpr | Not)
    return compiler.visit(tree)


def _read(text: str) -> tuple[FilterNode, Sequence[str]]:
    """The syntax tree, and the strings to which its comparisons refer by number.

    Clients ask few questions about ever new values. With the strings taken out, the tree of each question is
    cached: reading it takes a tenth of the time. Unquoted values are quoted if that mends the syntax (R13).
    """
    strings: list[str] = []

    def number(string: str) -> str:
        strings.append(string)
        return f'"{len(strings) - 1}"'

    try:
        shape = _STRING.sub(lambda found: number(json.loads(found[0])), text)
        if limits.has_deeper_brackets(shape, limits.FILTER_DEPTH):
            raise TooMany(f"The filter has more than {limits.FILTER_DEPTH} brackets within each other.")
        if limits.has_more_comparisons(shape, limits.FILTER_COMPARISONS):
            raise TooMany(f"The filter has more than {limits.FILTER_COMPARISONS} comparisons.")
        return _tree(shape) or _tree_of_bare(shape, number), strings
    except (SCIMException, ValueError):
        raise InvalidFilter("The filter does not follow the grammar of RFC 7644 3.4.2.2.") from None


@lru_cache(maxsize=256)
def _tree(shape: str) -> FilterNode | None:
    try:
        return ScimFilter(shape).ast
    except SCIMException:
        return None


def _tree_of_bare(shape: str, number: Callable[[str], str]) -> FilterNode:
    def quoted(found: re.Match[str]) -> str:
        return found[0] if found[3].lower() in _WORDS else found[1] + found[2] + number(found[3])

    return ScimFilter(_BARE_VALUE.sub(quoted, shape)).ast


# The questions that Entra and Okta ask for each person, and the statements that answer them.
_DIRECT: Mapping[str, tuple[shown.Lookup, Callable[[str], str]]] = {
    "externalid": (shown.by_external_id, str),
    "username": (shown.by_user_name, key),
}
_MATCH = re.compile(r'(externalid|username) eq "([^"\\]{1,500})"', re.IGNORECASE)
_BESIDES = frozenset({"startIndex", "count", "sortBy", "sortOrder", "cursor"})


def direct(query: Mapping[str, str]) -> tuple[shown.Lookup, str] | None:
    """The prepared statement and its value, when a query is one of those that are asked for each person.

    `parse` would answer the same, and takes as long as the rest of the request.
    """
    found = _MATCH.fullmatch(query.get("filter", ""))
    if found is None or not _BESIDES.isdisjoint(query) or not is_storable(found[2]):
        return None
    lookup, form = _DIRECT[found[1].lower()]
    return lookup, form(found[2])


class _Compiler(FilterVisitor[Q]):
    """The syntax tree of a filter on users as a condition on contacts."""

    def __init__(self, fields: Mapping[str, CustomField], strings: Sequence[str]) -> None:
        self.fields = fields
        self.strings = strings
        self.negated = False
        self.alone = False  # one question, not part of another
        self.joins = 0

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        """`and` and `or`."""
        return reduce(and_ if node.op == LogicalOperator.and_ else or_, map(self.visit, node.terms))

    def visit_not(self, node: Not) -> Q:
        """`not (...)`."""
        outer, self.negated = self.negated, True
        inner = self.visit(node.expr)
        self.negated = outer
        return ~inner

    def visit_present(self, node: Present) -> Q:
        """`attribute pr`."""
        return self.leaf(str(node.attr_path), None, None)

    def visit_comparison(self, node: Comparison) -> Q:
        """`attribute operator value`."""
        value = self.strings[int(node.value)] if isinstance(node.value, str) else node.value
        return self.leaf(str(node.attr_path), node.op, value)

    def visit_value_path(self, node: ValuePath) -> Q:
        """`emails[...]`: every condition in the brackets holds of one and the same element."""
        path = str(node.attr_path)
        place = find(path, self.fields)
        if place is None:
            return self.absent(path, eq, "")
        if place.path not in _ELEMENTS:
            raise InvalidFilter(f"{place.path} has no elements to choose from.")
        return _ELEMENTS[place.path](self, lambda element: element.visit(node.val_filter))

    def leaf(self, path: str, op: Op, value: object) -> Q:
        """One comparison, or with `op` None a test of presence."""
        place = find(path, self.fields)
        if place is None:
            return self.absent(path, op, value)
        if place.path in _ELEMENTS:  # `emails eq "x"` speaks of the values
            return _ELEMENTS[place.path](self, lambda element: element.leaf("value", op, value))
        if place.container in _ELEMENTS:
            return _ELEMENTS[place.container](
                self, lambda element: element.leaf(place.attribute.name, op, value)
            )
        if place.path == "schemas":
            return self._schemas(op, value)
        if place.is_complex and op is None:
            return self._any_inside(place)
        return lookups.condition(place, op, value)

    def _any_inside(self, place: Place) -> Q:
        inside = (find(path, self.fields) for path in children(place, self.fields))
        found = (lookups.condition(one, None, None) for one in inside if one and one.attribute.column)
        return reduce(or_, found, NOTHING)

    def _schemas(self, op: Op, value: object) -> Q:
        """A contact wears the core schema, and each extension of which it has a value."""
        worn = [
            (extension.name, self._any_inside(PLACES[extension.name.lower()])) for extension in EXTENSIONS
        ]
        found = (worn_by & constant(urn, op, value) for urn, worn_by in [(CORE_USER, EVERYTHING), *worn])
        return reduce(or_, found)

    def absent(self, path: str, op: Op, value: object) -> Q:
        """An attribute that RFC 7643 knows and no contact has: nobody matches (Entra asks for `manager`).

        Whatever would match everybody for that reason is refused, as is an unknown attribute.
        """
        finds_nobody = op is None or (op in (eq, co, sw, ew) and value is not None)
        if is_known_but_not_stored(path) and finds_nobody and not self.negated:
            return NOTHING
        raise InvalidFilter(f"A filter on {path} is not supported.")


class _ElementCompiler(_Compiler):
    """A filter on the elements of a multi-valued attribute; `phone` is the type of number looked at."""

    def __init__(self, outer: _Compiler, container: str, phone: str = "") -> None:
        super().__init__(outer.fields, outer.strings)
        self.negated = outer.negated
        self.container = container
        self.phone = phone

    def leaf(self, path: str, op: Op, value: object) -> Q:
        """One comparison of a sub-attribute."""
        place = PLACES.get(f"{self.container}.{path}".lower())
        if place is None:
            return self.absent(f"{self.container}.{path}", op, value)
        if not self.phone:
            return lookups.condition(place, op, value)
        if place.attribute.name == "type":
            return constant(self.phone, op, value)
        return lookups.text(place.attribute, PHONE_COLUMNS[self.phone], op, value)


Question: TypeAlias = Callable[[_ElementCompiler], Q]


def _emails(outer: _Compiler, ask: Question) -> Q:
    """R23: only Entra's addresses count. A subquery finds a contact once, and `not` turns it round.

    A join is quicker, and as good where the one question is for one address, which one contact has (R17).
    """
    condition = Q(scim_type__gt="") & ask(_ElementCompiler(outer, "emails"))
    plain = [one for one in condition.children if isinstance(one, tuple)]
    if outer.alone and plain == condition.children and "address_key__exact" in dict(plain):
        return Q(*((f"addresses__{lookup}", value) for lookup, value in plain))
    found = Q(pk__in=ContactAddress.objects.filter(condition).order_by().values("contact_id"))
    outer.joins += 1
    return found if outer.joins <= _JOINED else Q(Exact(Case(When(found, then=True), default=False), True))


def _phones(outer: _Compiler, ask: Question) -> Q:
    """The numbers are two columns: the question is asked of each that is not empty."""
    found = (
        ~Q(**{column: ""}) & ask(_ElementCompiler(outer, "phoneNumbers", kind))
        for kind, column in PHONE_COLUMNS.items()
    )
    return reduce(or_, found)


_ELEMENTS: Mapping[str, Callable[[_Compiler, Question], Q]] = {"emails": _emails, "phoneNumbers": _phones}
