"""A SCIM resource into the values that the lifecycle takes. Plain data in, plain data out."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from contacts.values import Email, Values

from . import schema
from .schema import CUSTOM_FIELDS, PHONE_COLUMNS, CustomField, Place

# R22: on its own soft delete Entra puts 32 hex digits before the old user principal name.
_TOMBSTONE = re.compile(r"[0-9a-f]{32}[^@]+@.+", re.IGNORECASE)


@dataclass(slots=True)
class Wanted:
    """What a request says: values for columns, `active`, custom values not yet checked, and the columns named."""

    values: Values = field(default_factory=lambda: Values())
    active: bool | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)


def is_tombstone(text: str) -> bool:
    """Whether this is the name that Entra gives to what it deleted (R22)."""
    return _TOMBSTONE.fullmatch(text) is not None


def paths_in(resource: Mapping[str, Any]) -> set[str]:
    """The paths that a POST gives a value; what it sends empty is as good as absent (R14, RFC 7643 2.5)."""
    paths = {name for name, value in resource.items() if not _is_empty(value)}
    for container, inner in resource.items():
        if isinstance(inner, Mapping):
            separator = ":" if ":" in container else "."
            paths |= {f"{container}{separator}{name}" for name, value in inner.items() if not _is_empty(value)}
    return paths | {f"phoneNumbers[{entry['type']}]" for entry in resource.get("phoneNumbers") or ()}


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def all_paths(fields: Mapping[str, CustomField]) -> set[str]:
    """Every path that can be written: a PUT that leaves one out clears it (RFC 7644 3.5.1)."""
    paths = {place.path for place in schema.TEXT_PLACES} | {"emails"}
    paths |= {f"phoneNumbers[{phone}]" for phone in PHONE_COLUMNS}
    return paths | {f"{CUSTOM_FIELDS}:{api_name}" for api_name in fields}


def wanted(resource: Mapping[str, Any], sent: Collection[str], fields: Mapping[str, CustomField]) -> Wanted:
    """What `resource` says of the attributes in `sent`; what is not in it is cleared."""
    result = Wanted()
    for place in schema.TEXT_PLACES:
        if place.path in sent:
            _take(result, place.attribute.column, read(resource, place) or "")
    _take_phones(result, resource, sent)
    if "emails" in sent:
        _take(result, "emails", _emails(resource))
    if "active" in sent:
        result.active = resource.get("active")
    _take_custom(result, resource, sent, fields)
    _take_company(result, resource, sent)
    return result


def read(resource: Mapping[str, Any], place: Place) -> Any:
    """The value at a place; None when it is absent."""
    inner = resource.get(place.container) or {} if place.container else resource
    return inner.get(place.attribute.name)


def _take(result: Wanted, column: str, value: object) -> None:
    cast(dict[str, object], result.values)[column] = value
    result.sent.add(column)


def _take_phones(result: Wanted, resource: Mapping[str, Any], sent: Collection[str]) -> None:
    numbers = {entry.get("type"): entry.get("value") for entry in resource.get("phoneNumbers") or ()}
    for phone_type, column in PHONE_COLUMNS.items():
        if f"phoneNumbers[{phone_type}]" in sent:
            _take(result, column, numbers.get(phone_type) or "")


def _emails(resource: Mapping[str, Any]) -> list[Email]:
    entries = resource.get("emails") or ()
    return [
        Email(entry["value"], bool(entry.get("primary")), entry.get("type") or "other")
        for entry in entries
        if entry.get("value") and not is_tombstone(entry["value"])
    ]


def _take_custom(
    result: Wanted, resource: Mapping[str, Any], sent: Collection[str], fields: Mapping[str, CustomField]
) -> None:
    given = resource.get(CUSTOM_FIELDS) or {}
    for api_name in fields:
        if f"{CUSTOM_FIELDS}:{api_name}" in sent:
            result.custom[api_name] = given.get(api_name)


def _take_company(result: Wanted, resource: Mapping[str, Any], sent: Collection[str]) -> None:
    """R39: the custom extension's company first, then the enterprise organization."""
    if f"{CUSTOM_FIELDS}:{schema.COMPANY_NAME}" in sent:
        named = (resource.get(CUSTOM_FIELDS) or {}).get(schema.COMPANY_NAME)
        result.values["company_name"] = named or ""
    elif "organization" in result.values:
        result.values["company_name"] = result.values["organization"]
