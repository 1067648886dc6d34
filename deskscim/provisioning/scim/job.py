"""A Bulk (RFC 7644 3.7) as plain data: its operations, their order, and what they refer to.

An operation may name by `bulkId:x` a user that another one creates. Nothing that is kept of a user refers to
another user, so a circle can only come about by what is ignored; it is refused, as RFC 7644 3.7.1 allows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import limits
from .errors import (
    InvalidSyntax,
    InvalidValue,
    MethodNotAllowed,
    NotFound,
    NotSupported,
    PayloadTooLarge,
    UnresolvedReference,
)
from .values import lowered

_PATH = re.compile(r"/?(Users|Groups)(?:/([^/]+))?/?")
_REFERENCE = "bulkId:"
_METHODS: Mapping[bool, Sequence[str]] = {False: ("POST",), True: ("PUT", "PATCH", "DELETE")}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as it came; what it asks for is judged when its turn comes."""

    method: str
    path: str
    bulk_id: str | None
    version: str | None
    data: Any

    @classmethod
    def read(cls, raw: object) -> "Operation":
        """Raises InvalidSyntax for what could not even be answered."""
        if not isinstance(raw, Mapping):
            raise InvalidSyntax("Each of the Operations must be an object.")
        members = lowered(raw)
        method = (_string(members, "method") or "").upper()
        if not any(method in methods for methods in _METHODS.values()):
            raise InvalidSyntax("The method of an operation must be POST, PUT, PATCH or DELETE.")
        return cls(
            method=method,
            path=_string(members, "path") or "",
            bulk_id=_string(members, "bulkId"),
            version=_string(members, "version"),
            data=members.get("data"),
        )

    @property
    def creates(self) -> bool:
        """Whether others can name by its bulkId what comes of it."""
        return self.method == "POST" and self.bulk_id is not None

    def user_id(self) -> str:
        """The id in the path; "" where there is none and none belongs.

        Raises NotFound, NotSupported for groups (R5), MethodNotAllowed, and InvalidValue for a POST without a
        bulkId.
        """
        found = _PATH.fullmatch(self.path)
        if found is None:
            raise NotFound("There is no such endpoint. The path of an operation is /Users or /Users/{id}.")
        if found[1] == "Groups":
            raise NotSupported("Groups are not supported: only users are provisioned.")
        user_id: str = found[2] or ""
        if self.method not in (allowed := _METHODS[bool(user_id)]):
            raise MethodNotAllowed(f"This path takes {', '.join(allowed)}.", allowed=allowed)
        if self.method == "POST" and not self.bulk_id:
            raise InvalidValue("An operation with POST needs a bulkId.")
        return user_id

    def body(self) -> dict[str, Any]:
        """Raises InvalidSyntax when there is none."""
        if not isinstance(self.data, dict):
            raise InvalidSyntax(f"An operation with {self.method} needs data, which is an object.")
        return self.data


@dataclass(slots=True)
class Job:
    """The operations of a Bulk, and what has become of them so far."""

    operations: Sequence[Operation]
    fail_on_errors: int | None = None
    ids: dict[str, str | None] = field(default_factory=dict)  # by bulkId; None: it was not created
    failures: int = 0

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Job":
        """Raises InvalidSyntax, InvalidValue, PayloadTooLarge; then nothing at all is carried out."""
        members = lowered(body)
        raw, accepted = members.get("operations"), members.get("failonerrors")
        if not isinstance(raw, list) or not raw:
            raise InvalidSyntax("Operations must be a list with at least one operation.")
        if len(raw) > limits.BULK_OPERATIONS:
            raise PayloadTooLarge(f"A Bulk may hold {limits.BULK_OPERATIONS} operations.")
        if accepted is not None and (type(accepted) is not int or accepted < 1):
            raise InvalidValue("failOnErrors must be a whole number above 0.")
        operations = [Operation.read(one) for one in raw]
        names = [one.bulk_id for one in operations if one.creates]
        if len(names) > len(set(names)):
            raise InvalidValue("Two operations with POST have the same bulkId.")
        return cls(operations, accepted)

    def turns(self) -> Iterator[tuple[int, Operation]]:
        """The operations and their positions, in the order in which to carry them out.

        As they came, but after whatever they refer to; of a circle the first. It ends with the error that
        is one too many (failOnErrors): ask `done` and `failed` between the turns.
        """
        created = {one.bulk_id: position for position, one in enumerate(self.operations) if one.creates}
        waiting = {
            position: {
                created[name]
                for name in _references([one.path.rpartition("/")[2], one.data])
                if name in created
            }
            for position, one in enumerate(self.operations)
        }
        while waiting and self.failures != self.fail_on_errors:
            free = (position for position, others in waiting.items() if others.isdisjoint(waiting))
            position = next(free, next(iter(waiting)))
            del waiting[position]
            yield position, self.operations[position]

    def done(self, operation: Operation, user_id: str) -> None:
        """The operation was carried out."""
        if operation.creates:
            self.ids[operation.bulk_id or ""] = user_id

    def failed(self, operation: Operation) -> None:
        """The operation was refused."""
        self.failures += 1
        if operation.creates:
            self.ids[operation.bulk_id or ""] = None

    def resolved(self, value: Any) -> Any:
        """`value` with ids in the place of references. Raises UnresolvedReference, InvalidValue."""
        if isinstance(value, dict):
            return {name: self.resolved(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.resolved(inner) for inner in value]
        name = _name(value)
        return value if name is None else self._id(name)

    def _id(self, name: str) -> str:
        if found := self.ids.get(name):
            return found
        if name in self.ids:
            raise UnresolvedReference("The operation refers to a user that could not be created.")
        if any(one.creates and one.bulk_id == name for one in self.operations):
            raise UnresolvedReference("The operation is part of a circle of references.")
        raise InvalidValue("The operation refers to a bulkId that no operation with POST has.")


def _string(members: Mapping[str, Any], name: str) -> str | None:
    value = members.get(name.lower())
    if value is not None and not isinstance(value, str):
        raise InvalidSyntax(f"The {name} of an operation must be a string.")
    return value


def _name(value: object) -> str | None:
    """The bulkId that a reference names (RFC 7644 3.7.2); None for any other value."""
    return value.removeprefix(_REFERENCE) if isinstance(value, str) and value.startswith(_REFERENCE) else None


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _references(inner)
    elif (name := _name(value)) is not None:
        yield name
