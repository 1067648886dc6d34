"""A user and operations on it, for the tests of PATCH."""

from typing import Any

from deskscim.provisioning.scim.patch import apply
from deskscim.provisioning.scim.resource import Written
from deskscim.provisioning.scim.schema import CORE_USER, CustomField

FIELDS = {
    "cf_country": CustomField("cf_country", "Country", "text"),
    "cf_vip": CustomField("cf_vip", "VIP", "checkbox"),
}
WORK = {"value": "cy@x.example", "type": "work", "primary": True}
HOME = {"value": "cy@home.example", "type": "home", "primary": False}
OFFICE = {"value": "+1 425 555 0100", "type": "work"}
MOBILE = {"value": "+1 425 555 0101", "type": "mobile"}

Op = dict[str, Any]


def user(**changed: Any) -> dict[str, Any]:
    """A user as the adapter hands it in; an argument None leaves the attribute out."""
    whole = {
        "schemas": [CORE_USER],
        "id": "1",
        "externalId": "g",
        "userName": "cy@x.example",
        "active": True,
        "displayName": "Cy Brand",
        "title": "Clerk",
        "name": {"givenName": "Cy", "familyName": "Brand", "formatted": "Cy Brand"},
        "emails": [dict(WORK)],
        "phoneNumbers": [dict(OFFICE)],
        "meta": {"resourceType": "User"},
    } | changed
    return {name: value for name, value in whole.items() if value is not None}


def patched(*operations: Op, **changed: Any) -> Written:
    return apply(user(**changed), list(operations), FIELDS)


def changes(*operations: Op, **before: Any) -> dict[str, Any]:
    """What the operations changed: the attributes that are other than before."""
    start = user(**before)
    after = apply(start, list(operations), FIELDS).resource
    assert after.keys() >= start.keys()
    return {name: value for name, value in after.items() if start.get(name, "absent") != value}


def replace(path: str, value: object) -> Op:
    return {"op": "Replace", "path": path, "value": value}


def add(path: str, value: object) -> Op:
    return {"op": "Add", "path": path, "value": value}


def remove(path: str) -> Op:
    return {"op": "Remove", "path": path}
