"""Answers cut to the attributes that were asked for (RFC 7644 3.9)."""

from typing import Any

import pytest

from deskscim.provisioning.scim.errors import InvalidSyntax, InvalidValue
from deskscim.provisioning.scim.projection import Projection
from deskscim.provisioning.scim.schema import CORE_USER, ENTERPRISE_USER

WHOLE: dict[str, Any] = {
    "schemas": [CORE_USER, ENTERPRISE_USER],
    "id": "1",
    "userName": "ann@x.example",
    "title": "Clerk",
    "name": {"givenName": "Ann", "familyName": "Lee"},
    "emails": [{"value": "ann@x.example", "type": "work"}],
    "meta": {"resourceType": "User"},
    ENTERPRISE_USER: {"department": "IT", "organization": "Northwind"},
}


def shown(attributes: str = "", excluded: str = "") -> dict[str, Any]:
    """The resource that these parameters of a URL leave."""
    projection = Projection.asked({"attributes": attributes, "excludedAttributes": excluded})
    return projection.cut(WHOLE) if projection else WHOLE


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
        (CORE_USER, {k: v for k, v in WHOLE.items() if k != ENTERPRISE_USER}),
        (f"{CORE_USER},{ENTERPRISE_USER}:department", {**WHOLE, ENTERPRISE_USER: {"department": "IT"}}),
    ],
)
def test_attributes_leaves_only_those(attributes: str, left: dict[str, Any]) -> None:
    """RFC 7644 3.9, B29; what is always returned stays."""
    assert shown(attributes) == {"schemas": WHOLE["schemas"], "id": "1", **left}


@pytest.mark.parametrize(
    ("excluded", "gone"),
    [
        ("title", {"title"}),
        ("TITLE,emails", {"title", "emails"}),
        (ENTERPRISE_USER, {ENTERPRISE_USER}),
        ("emails.value,emails.type", {"emails"}),
        ("id,schemas", set()),
        ("members", set()),
        (CORE_USER, set(WHOLE) - {"schemas", "id", ENTERPRISE_USER}),
    ],
)
def test_excluded_attributes_leaves_them_out(excluded: str, gone: set[str]) -> None:
    """RFC 7644 3.9, B29."""
    assert shown("", excluded) == {k: v for k, v in WHOLE.items() if k not in gone}


def test_parts_can_be_excluded() -> None:
    """RFC 7644 3.10."""
    found = shown("", f"name.givenName,{ENTERPRISE_USER}:organization,emails.type")
    assert found["name"] == {"familyName": "Lee"}
    assert found[ENTERPRISE_USER] == {"department": "IT"}
    assert found["emails"] == [{"value": "ann@x.example"}]


@pytest.mark.parametrize("nothing", ["", " ", ","])
def test_no_names_leave_everything(nothing: str) -> None:
    """Entra sends neither parameter."""
    assert shown(nothing, nothing) == WHOLE


def test_both_at_once_are_refused() -> None:
    """RFC 7644 3.4.2.5 calls them mutually exclusive."""
    with pytest.raises(InvalidValue):
        shown("title", "emails")


def test_a_message_has_lists() -> None:
    """RFC 7644 3.4.3; names of its members in any case."""
    projection = Projection.of_message({"ATTRIBUTES": ["UserName", f"{CORE_USER}:title"], "count": 5})
    assert projection
    assert projection.cut(WHOLE).keys() == {"schemas", "id", "userName", "title"}
    assert Projection.of_message({"attributes": None, "excludedAttributes": []}) is None


@pytest.mark.parametrize("value", ["userName", 5, {"a": 1}, [5], [["userName"]]])
def test_what_is_no_list_of_names_is_refused(value: object) -> None:
    """RFC 7644 3.4.3."""
    with pytest.raises(InvalidSyntax):
        Projection.of_message({"attributes": value})
