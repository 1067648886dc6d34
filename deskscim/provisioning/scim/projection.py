"""Answers cut to the attributes that a client asks for (RFC 7644 3.9, 3.4.2.5).

What the table calls `always` stays in every answer (RFC 7643 7). No attribute of a contact is returned
`never` or only on `request`: everything else is `default`, there unless it is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InvalidSyntax, InvalidValue
from .schema import CORE_KEY, PLACES
from .values import lowered

_ALWAYS = frozenset(place.path.lower() for place in PLACES.values() if place.attribute.returned == "always")
_CORE = frozenset(path for path, place in PLACES.items() if not place.container and path[:4] != "urn:")


@dataclass(frozen=True, slots=True)
class Projection:
    """Names of attributes in lower case: those to keep, or those to leave out."""

    names: frozenset[str]
    keep: bool

    @classmethod
    def asked(cls, parameters: Mapping[str, str]) -> "Projection | None":
        """What a URL asks for by comma lists; None for the whole resource. Raises InvalidValue."""
        if "attributes" not in parameters and "excludedAttributes" not in parameters:
            return None
        wanted = parameters.get("attributes", "").split(",")
        return cls.of(wanted, parameters.get("excludedAttributes", "").split(","))

    @classmethod
    def of_message(cls, body: Mapping[str, Any]) -> "Projection | None":
        """What a SearchRequest asks for by lists of names. Raises InvalidSyntax, InvalidValue."""
        members = lowered(body)
        return cls.of(*(_listed(members, name) for name in ("attributes", "excludedAttributes")))

    @classmethod
    def of(cls, attributes: Iterable[str], excluded: Iterable[str]) -> "Projection | None":
        """Names come in any case, as `name.givenName` and behind a URN (RFC 7644 3.10).

        `id` and `schemas` stay. Raises InvalidValue for both lists at once, which RFC 7644 3.4.2.5 calls
        mutually exclusive.
        """
        wanted, unwanted = _names(attributes), _names(excluded)
        if wanted and unwanted:
            raise InvalidValue("Ask for attributes or for excludedAttributes, not for both.")
        if wanted:
            return cls(wanted | _ALWAYS, keep=True)
        return cls(unwanted - _ALWAYS, keep=False) if unwanted else None

    def cut(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        """The part of the resource that was asked for."""
        return _cut(resource, self.names, keep=self.keep)


def _listed(members: Mapping[str, Any], name: str) -> list[str]:
    names = [] if members.get(name.lower()) is None else members[name.lower()]
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise InvalidSyntax(f"{name} must be a list of strings.")
    return names


def _names(given: Iterable[str]) -> frozenset[str]:
    """The URN of the core schema alone stands for everything in it."""
    names = {name.strip().lower().removeprefix(f"{CORE_KEY}:") for name in given} - {""}
    return frozenset(names | _CORE if CORE_KEY in names else names)


def _cut(members: Mapping[str, Any], names: frozenset[str], *, keep: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members.items():
        lower = name.lower()
        inside = frozenset(
            one[len(lower) + 1 :] for one in names if one.startswith((f"{lower}.", f"{lower}:"))
        )
        if lower in names:
            if keep:
                found[name] = value
        elif inside:
            found[name] = _cut_inside(value, inside, keep=keep)
        elif not keep:
            found[name] = value
    return {name: value for name, value in found.items() if value not in ({}, [])}


def _cut_inside(value: object, names: frozenset[str], *, keep: bool) -> object:
    if isinstance(value, list):
        return [inner for one in value if (inner := _cut_inside(one, names, keep=keep))]
    return _cut(value, names, keep=keep) if isinstance(value, Mapping) else value
