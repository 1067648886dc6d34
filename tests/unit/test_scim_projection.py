"""Answers cut to the attributes that were asked for (RFC 7644 3.9)."""

from typing import Any

import pytest

from deskscim.provisioning.scim.resource import attributes_filter
from deskscim.provisioning.scim.schema import CORE_USER, ENTERPRISE_USER

WHOLE = {
    "schemas": [CORE_USER, ENTERPRISE_USER],
    "id": "1",
    "userName": "ann@x.example",
    "title": "Clerk",
    "name": {"givenName": "Ann", "familyName": "Lee"},
    "emails": [{"value": "ann@x.example", "type": "work"}],
    "meta": {"resourceType": "User"},
    ENTERPRISE_USER: {"department": "IT", "organization": "Northwind"},
}


@pytest.mark.parametrize(
    ("attributes", "left"),
    [
        ("userName", {"userName": "ann@x.example"}),
        (" USERNAME , title", {"userName": "ann@x.example", "title": "Clerk"}),
        ("name", {"name": {"givenName": "Ann", "familyName": "Lee"}}),
        ("name.givenName", {"name": {"givenName": "Ann"}}),
        ("emails.value", {"emails": [{"value": "ann@x.example"}]}),
        (f"{CORE_USER}:title", {"title": "Clerk"}),
        (f"{CORE_USER}:name.familyName", {"name": {"familyName": "Lee"}}),
        (f"{ENTERPRISE_USER}:department", {ENTERPRISE_USER: {"department": "IT"}}),
        (ENTERPRISE_USER.lower(), {ENTERPRISE_USER: {"department": "IT", "organization": "Northwind"}}),
        ("id", {}),
        ("manager", {}),
        ("name.middleName,emails.display", {}),
    ],
)
def test_attributes_leaves_only_those(attributes: str, left: dict[str, Any]) -> None:
    """RFC 7644 3.9, B29; what is always returned stays."""
    assert attributes_filter(WHOLE, attributes) == {"schemas": WHOLE["schemas"], "id": "1", **left}


@pytest.mark.parametrize(
    ("excluded", "gone"),
    [
        ("title", {"title"}),
        ("TITLE,emails", {"title", "emails"}),
        (ENTERPRISE_USER, {ENTERPRISE_USER}),
        ("emails.value,emails.type", {"emails"}),
        ("id,schemas", set()),
        ("members", set()),
    ],
)
def test_excluded_attributes_leaves_them_out(excluded: str, gone: set[str]) -> None:
    """RFC 7644 3.9, B29."""
    assert attributes_filter(WHOLE, "", excluded) == {k: v for k, v in WHOLE.items() if k not in gone}


def test_parts_can_be_excluded() -> None:
    """RFC 7644 3.10."""
    found = attributes_filter(WHOLE, "", f"name.givenName,{ENTERPRISE_USER}:organization,emails.type")
    assert found["name"] == {"familyName": "Lee"}
    assert found[ENTERPRISE_USER] == {"department": "IT"}
    assert found["emails"] == [{"value": "ann@x.example"}]


@pytest.mark.parametrize("nothing", ["", " ", ","])
def test_no_names_leave_everything(nothing: str) -> None:
    """Entra sends neither parameter."""
    assert attributes_filter(WHOLE, nothing, nothing) == WHOLE
