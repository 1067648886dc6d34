"""The attribute mapping (R7): a person as a flat dictionary from SCIM paths to values."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Value = str | bool | int
Values = dict[str, Value]
Wanted = dict[str, Value | None]  # None and "" ask for the attribute to be cleared

CORE_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CUSTOM_URN = "urn:ietf:params:scim:schemas:extension:desk365ContactCustomFields:2.0:User"

EXTERNAL_ID = "externalId"
USER_NAME = "userName"
ACTIVE = "active"
DISPLAY_NAME = "displayName"
TITLE = "title"
GIVEN_NAME = "name.givenName"
FAMILY_NAME = "name.familyName"
WORK_EMAIL = 'emails[type eq "work"].value'
WORK_PHONE = 'phoneNumbers[type eq "work"].value'
MOBILE_PHONE = 'phoneNumbers[type eq "mobile"].value'
DEPARTMENT = f"{ENTERPRISE_URN}:department"
EMPLOYEE_NUMBER = f"{ENTERPRISE_URN}:employeeNumber"
MAPPED = (
    *(EXTERNAL_ID, USER_NAME, ACTIVE, DISPLAY_NAME, TITLE, GIVEN_NAME, FAMILY_NAME),
    *(WORK_EMAIL, WORK_PHONE, MOBILE_PHONE, DEPARTMENT, EMPLOYEE_NUMBER),
)

_TYPED = re.compile(r'(\w+)\[type eq "(\w+)"\]\.value')


def is_typed(path: str) -> bool:
    """Tell whether the path picks one value of a multi-valued attribute by its type."""
    return _TYPED.fullmatch(path) is not None


def flatten(resource: Mapping[str, Any]) -> Values:
    """Return the mapped attributes and custom fields that a SCIM User resource holds."""
    paths = [*MAPPED, *(f"{CUSTOM_URN}:{name}" for name in resource.get(CUSTOM_URN) or {})]
    found = {path: _look_up(resource, path) for path in paths}
    return {path: value for path, value in found.items() if value not in (None, "")}


def nest(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return the SCIM attributes, nested as RFC 7643 has them, that the flat values stand for."""
    resource: dict[str, Any] = {}
    for path, value in values.items():
        _place(resource, path, value)
    return resource


def differing(
    wanted: Mapping[str, Value | None], found: Mapping[str, Value], paths: Iterable[str]
) -> list[str]:
    """Return those of the paths whose wanted and found values differ, in their order."""
    return [path for path in paths if not _same(path, wanted.get(path), found.get(path))]


def _look_up(resource: Mapping[str, Any], path: str) -> Any:
    if typed := _TYPED.fullmatch(path):
        return _typed_value(resource.get(typed[1]) or [], typed[2])
    if path.startswith("urn:"):
        urn, _, name = path.rpartition(":")
        return (resource.get(urn) or {}).get(name)
    name, _, sub_name = path.partition(".")
    return (resource.get(name) or {}).get(sub_name) if sub_name else resource.get(name)


def _typed_value(items: list[dict[str, Any]], kind: str) -> str:
    """Join the values of that type: two where Entra expects one are then seen as a difference."""
    return ", ".join(str(item.get("value", "")) for item in items if item.get("type") == kind)


def _place(resource: dict[str, Any], path: str, value: Value) -> None:
    if typed := _TYPED.fullmatch(path):
        item = {"primary": True} if path == WORK_EMAIL else {}
        resource.setdefault(typed[1], []).append({**item, "type": typed[2], "value": value})
    elif path.startswith("urn:"):
        urn, _, name = path.rpartition(":")
        resource.setdefault(urn, {})[name] = value
    elif "." in path:
        name, _, sub_name = path.partition(".")
        resource.setdefault(name, {})[sub_name] = value
    else:
        resource[path] = value


def _same(path: str, wanted: Value | None, found: Value | None) -> bool:
    if wanted in (None, "") or found in (None, ""):
        return wanted in (None, "") and found in (None, "")
    if path.startswith(CUSTOM_URN):
        return _canonical(wanted) == _canonical(found)
    return type(wanted) is type(found) and wanted == found


def _canonical(value: Value | None) -> str | Decimal:
    """Return a custom value without what its type lets differ: a date's time, a decimal's zeros (R10)."""
    text = str(value).casefold()
    if re.match(r"\d{4}-\d\d-\d\d(t|$)", text):
        return text[:10]
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
