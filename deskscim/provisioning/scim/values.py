"""Values as clients send them, checked against their attribute and kept as they are (R20).

Nothing is cut or reformatted. What does not fit raises InvalidValue, naming the attribute and not the value.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from . import limits
from .errors import InvalidValue
from .schema import COMPANY_ATTRIBUTE, PLACES, Place

Entry: TypeAlias = dict[str, Any]

DEFAULT_TYPE = "work"
_SPARE_TYPE = "other"

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no lone surrogate
_BOOLEANS = {"true": True, "false": False}


def is_empty(value: object) -> bool:
    """What says "no value": null, "" and [] (RFC 7643 2.5)."""
    return value is None or value == "" or value == []


def unwrap(value: object) -> object:
    """A single value out of the array that Entra may wrap it in: ["x"], [{"$ref": null, "value": "x"}]."""
    if not isinstance(value, list) or len(value) != 1:
        return value
    (only,) = value
    return lowered(only).get("value", only) if isinstance(only, Mapping) else only


def lowered(members: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON object with its names in lower case (R8)."""
    return {name.lower(): value for name, value in members.items()}


def single(place: Place, raw: object) -> Any:
    """The value of a single-valued attribute; None when it is empty.

    A contact field's value is handed on as it is: what fits is the field's own rule (R11).
    """
    value = unwrap(raw)
    if is_empty(value):
        return None
    if place.attribute.column == "custom_fields" and place.attribute is not COMPANY_ATTRIBUTE:
        return value
    if place.attribute.type == "boolean":
        return boolean(place, value)
    return text(place, value)


def boolean(place: Place, value: object) -> bool:
    """true and false, or their names in any case (R8)."""
    found = _BOOLEANS.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise InvalidValue(f"{place.path} must be true or false.")
    return found


def text(place: Place, value: object) -> str | None:
    """A string no longer than its attribute allows; blanks alone are no value of a required one (R16)."""
    if not isinstance(value, str):
        raise InvalidValue(f"{place.path} must be a string.")
    if place.attribute.required and not value.strip():
        return None
    if len(value) > place.attribute.max_length:
        raise InvalidValue(f"{place.path} is longer than {place.attribute.max_length} characters.")
    if place.attribute.column == "address" and not _ADDRESS.fullmatch(value):
        raise InvalidValue(f"{place.path} must be an e-mail address.")
    return storable(place, value)


def storable(place: Place, value: str) -> str:
    """A string that every database can hold."""
    if not is_storable(value):
        raise InvalidValue(f"{place.path} holds a character that cannot be stored.")
    return value


def is_storable(value: str) -> bool:
    """Whether every database can hold it."""
    return _UNSTORABLE.search(value) is None


def entry(place: Place, raw: object) -> Entry:
    """One element of a multi-valued attribute under its canonical names; what the table lacks falls away."""
    if not isinstance(raw, Mapping | str):
        raise InvalidValue(f"{place.path} must be a list of objects.")
    members = {"value": raw} if isinstance(raw, str) else lowered(raw)
    found: Entry = {}
    for sub in place.attribute.sub_attributes:
        value = single(PLACES[f"{place.path}.{sub.name}".lower()], members.get(sub.name))
        if value is not None:
            found[sub.name] = value.lower() if sub.name == "type" else value
    return found


def entries(place: Place, raw: object) -> tuple[list[Entry], int]:
    """The elements of a multi-valued attribute that are kept, and how many are not (R9).

    An element without a value says that there is none. One without a type is the work one, if no other is. A
    type that the contact has no room for, and a second number of one type, are ignored.
    """
    found = [one for one in (entry(place, item) for item in _items(place, raw)) if "value" in one]
    kept: list[Entry] = []
    for one in found:
        one.setdefault("type", _SPARE_TYPE if _has_type(found, DEFAULT_TYPE) else DEFAULT_TYPE)
        if has_room(place, one["type"], kept):
            kept.append(one)
    return one_primary(kept), len(found) - len(kept)


def has_room(place: Place, kind: str, kept: Sequence[Entry] = ()) -> bool:
    """Whether a contact can hold an element of the type `kind`; of the phone numbers, one of each."""
    kinds = PLACES[f"{place.path}.type".lower()].attribute.canonical_values
    return kind in kinds and not (place.path == "phoneNumbers" and _has_type(kept, kind))


def merged(before: Sequence[Entry], new: Sequence[Entry]) -> list[Entry]:
    """`before` with `new` added; what is new takes the place of its type: one work address, one mobile."""
    kinds = {one["type"] for one in new}
    preferred = next((one for one in new if one.get("primary")), None)
    return one_primary([*(one for one in before if one["type"] not in kinds), *new], preferred)


def one_primary(found: Sequence[Entry], chosen: Entry | None = None) -> list[Entry]:
    """RFC 7643 2.4: at most one element is primary: `chosen`, else the first that says so."""
    first = chosen or next((one for one in found if one.get("primary")), None)
    return [{**one, "primary": False} if one.get("primary") and one is not first else one for one in found]


def _has_type(found: Sequence[Entry], kind: str) -> bool:
    return any(one.get("type") == kind for one in found)


def _items(place: Place, raw: object) -> Sequence[object]:
    if is_empty(raw):
        return ()
    items = [raw] if isinstance(raw, Mapping) else raw
    if not isinstance(items, list):
        raise InvalidValue(f"{place.path} must be a list of objects.")
    if len(items) > limits.VALUES:
        raise InvalidValue(f"{place.path} has more than {limits.VALUES} values.")
    return items
