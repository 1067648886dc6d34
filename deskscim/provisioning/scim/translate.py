"""A SCIM resource into the values that the lifecycle takes. Plain data in, plain data out."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from contacts.normal import key
from contacts.values import Email, Values

from . import schema
from .resource import PHONE_PATHS, Fields, Resource
from .schema import CUSTOM_FIELDS, PHONE_COLUMNS, Place
from .values import DEFAULT_TYPE, Entry, is_empty

COMPANY_PATH = f"{CUSTOM_FIELDS}:{schema.COMPANY_NAME}"

# R22: on its own soft delete Entra puts 32 hex digits before the old user principal name.
_TOMBSTONE = re.compile(r"[0-9a-f]{32}[^@]+@.+", re.IGNORECASE)


@dataclass(slots=True)
class Wanted:
    """What a request says: values for columns, `active`, custom values not yet checked, columns named.

    Without `clears` an empty value is as good as an absent one (a POST: R14, RFC 7643 2.5).
    """

    clears: bool = True
    values: Values = field(default_factory=lambda: Values())
    active: bool | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, str | None] = field(default_factory=dict)  # custom values that fit as they are
    sent: set[str] = field(default_factory=set)

    def take(self, column: str, value: object) -> None:
        """Want `value` in `column`."""
        if value or self.clears:
            cast(dict[str, object], self.values)[column] = value
            self.sent.add(column)

    def leave_out(self, column: str) -> None:
        """As if `column` had not come."""
        cast(dict[str, object], self.values).pop(column, None)
        self.sent.discard(column)

    def take_company_text(self, name: str) -> None:
        """Want the company's name answered as it came, whether or not there is such a company."""
        if name or self.clears:
            self.kept[schema.COMPANY_NAME] = name or None

    def take_custom(self, api_name: str, value: object) -> None:
        """Want `value` in a contact field, if it fits (R11)."""
        if self.clears or not is_empty(value):
            self.custom[api_name] = value


def is_tombstone(text: str) -> bool:
    """Whether this is the name that Entra gives to what it deleted (R22)."""
    return _TOMBSTONE.fullmatch(text) is not None


def prefer_new_work_address(before: Resource, after: Resource) -> None:
    """R23: a new work e-mail becomes primary, unless this PATCH flagged another address."""
    old, new = (_first(resource, type=DEFAULT_TYPE) for resource in (before, after))
    was, flagged = (_first(resource, primary=True) for resource in (before, after))
    is_new = "value" in new and key(new["value"]) != key(old.get("value", ""))
    if is_new and (not flagged or flagged["type"] == was.get("type")):
        after["emails"] = [{**entry, "primary": entry is new} for entry in after["emails"]]


def _first(resource: Resource, **like: object) -> Entry:
    entries: Sequence[Entry] = resource.get("emails") or ()
    return next((one for one in entries if one | like == one), {})


def all_paths(fields: Fields) -> set[str]:
    """Every path that can be written: a PUT that leaves one out clears it (RFC 7644 3.5.1)."""
    paths = {place.path for place in schema.TEXT_PLACES} | {"emails", *PHONE_PATHS.values()}
    return paths | {f"{CUSTOM_FIELDS}:{name}" for name in (*fields, schema.COMPANY_NAME)}


def wanted(resource: Resource, sent: Collection[str], fields: Fields, *, clears: bool = True) -> Wanted:
    """What `resource` says of the attributes in `sent`."""
    result = Wanted(clears)
    for place in schema.TEXT_PLACES:
        if place.path in sent:
            result.take(place.attribute.column, _read(resource, place) or "")
    _take_phones(result, resource, sent)
    if "emails" in sent:
        result.take("emails", _emails(resource))
    if "active" in sent:
        result.active = resource.get("active")
    _take_custom(result, resource, sent, fields)
    _take_company(result, resource, sent)
    return result


def _read(resource: Resource, place: Place) -> Any:
    inner = resource.get(place.container) or {} if place.container else resource
    return inner.get(place.attribute.name)


def _take_phones(result: Wanted, resource: Resource, sent: Collection[str]) -> None:
    numbers = {entry["type"]: entry["value"] for entry in resource.get("phoneNumbers") or ()}
    for kind, column in PHONE_COLUMNS.items():
        if PHONE_PATHS[kind] in sent:
            result.take(column, numbers.get(kind, ""))


def _emails(resource: Resource) -> list[Email]:
    entries = resource.get("emails") or ()
    return [Email(entry["value"], entry.get("primary"), entry["type"]) for entry in entries]


def _take_custom(result: Wanted, resource: Resource, sent: Collection[str], fields: Fields) -> None:
    given = resource.get(CUSTOM_FIELDS) or {}
    for api_name in fields:
        if f"{CUSTOM_FIELDS}:{api_name}" in sent:
            result.take_custom(api_name, given.get(api_name))


def _take_company(result: Wanted, resource: Resource, sent: Collection[str]) -> None:
    """R39: the custom extension's company first, then the enterprise organization. R20: it is kept, too."""
    name = (resource.get(CUSTOM_FIELDS) or {}).get(schema.COMPANY_NAME) or ""
    if COMPANY_PATH in sent:
        result.take_company_text(name)
    if COMPANY_PATH in sent and (name or result.clears):
        result.values["company_name"] = name or result.values.get("organization", "")
    elif "organization" in result.values:
        result.values["company_name"] = result.values["organization"]
