"""PATCH (RFC 7644 3.5.2) as a pure function, in both of Entra's dialects (R21).

(resource, operations) -> resource. Nothing is half done: the resource that comes in is not touched, and an
operation that is refused raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import limits, values
from .errors import InvalidSyntax, InvalidValue, Mutability, NoTarget, PayloadTooLarge
from .resource import Draft, Fields, Written
from .schema import CORE_KEY, PLACES, Place
from .selection import Selection, resolve, syntax
from .values import Entry

_OPS = ("add", "replace", "remove")
_REQUIRED = [PLACES["username"], PLACES["active"]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; a remove may come without a value, an add or replace without a path."""

    op: str
    path: str
    value: object

    @classmethod
    def read(cls, raw: object) -> "Operation":
        """Raises InvalidSyntax unless this is an operation of RFC 7644 3.5.2."""
        if not isinstance(raw, Mapping):
            raise InvalidSyntax("Each of the Operations must be an object.")
        members = values.lowered(raw)
        op, path = members.get("op"), members.get("path")
        if not isinstance(op, str) or op.lower() not in _OPS:
            raise InvalidSyntax("The op of an operation must be add, replace or remove.")
        if path is not None and not isinstance(path, str):
            raise InvalidSyntax("The path of an operation must be a string.")
        if op.lower() != "remove" and "value" not in members:
            raise InvalidSyntax(f"An operation {op.lower()} needs a value.")
        return cls(op.lower(), path or "", members.get("value"))


def operations_of(body: object) -> object:
    """The Operations of a PatchOp message, which may lack its `schemas`. Raises InvalidSyntax."""
    members = values.lowered(body) if isinstance(body, Mapping) else {}
    if "operations" not in members:
        raise InvalidSyntax("The body must be an object with Operations.")
    return members["operations"]


def apply(resource: Mapping[str, Any], operations: object, fields: Fields) -> Written:
    """The resource after all operations, in their order.

    Paths of unknown attributes are ignored and counted (R9). Raises InvalidSyntax, InvalidPath, InvalidValue,
    NoTarget, Mutability, PayloadTooLarge.
    """
    if not isinstance(operations, list) or not operations:
        raise InvalidSyntax("Operations must be a list with at least one operation.")
    if len(operations) > limits.PATCH_OPERATIONS:
        raise PayloadTooLarge(f"A PATCH may hold {limits.PATCH_OPERATIONS} operations.")
    draft = Draft(resource, fields)
    for raw in operations:
        _carry_out(draft, Operation.read(raw))
    _refuse_emptied(draft)
    return draft.written()


def _carry_out(draft: Draft, operation: Operation) -> None:
    if not operation.path or operation.path.lower() == CORE_KEY:
        _without_path(draft, operation)
        return
    target = resolve(operation.path, draft.fields)
    if target is None:
        syntax(operation.path)
    if isinstance(target, Place) and target.path == "id":
        raise Mutability("The id cannot be changed.")
    if operation.op == "remove":
        _remove(draft, target, operation.value)
    else:
        draft.write(target, operation.value, add=operation.op == "add")


def _without_path(draft: Draft, operation: Operation) -> None:
    """The names of the value are paths; this is how Entra's newer dialect sends most changes."""
    if operation.op == "remove":
        raise NoTarget("A remove needs a path.")
    if not isinstance(operation.value, Mapping):
        raise InvalidSyntax("The value of an operation without a path must be an object.")
    draft.write_all(operation.value, add=operation.op == "add")


def _remove(draft: Draft, target: Place | Selection | None, value: object) -> None:
    """Removing what is not there is no error; a value, which Entra adds to any remove, counts for a list."""
    if isinstance(target, Place) and (target in _REQUIRED or target.is_read_only):
        raise Mutability(f"{target.path} is required or read-only and cannot be removed.")
    if isinstance(target, Place) and target.attribute.multi_valued and not values.is_empty(value):
        _remove_elements(draft, target, value)
    else:
        draft.write(target, None)


def _remove_elements(draft: Draft, place: Place, value: object) -> None:
    described = [values.entry(place, one) for one in (value if isinstance(value, list) else [value])]
    draft.write(
        place, [one for one in draft.entries(place) if not any(_fits(one, like) for like in described)]
    )


def _fits(one: Entry, like: Entry) -> bool:
    return all(one.get(name) == wanted for name, wanted in like.items())


def _refuse_emptied(draft: Draft) -> None:
    """R16: a required value may not be sent empty, unless a later operation fills it again."""
    for place in _REQUIRED:
        if place.path in draft.sent and draft.resource[place.path] is None:
            raise InvalidValue(f"{place.path} cannot be empty.")
