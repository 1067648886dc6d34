"""Each kind of change as the operations that Entra sends for it in either dialect."""

from typing import Any

import pytest

from deskscim.provisioning.simulator import dialects, mapping
from deskscim.provisioning.simulator.dialects import flagged_operations, legacy_operations

DESK = "urn:ietf:params:scim:schemas:extension:desk365ContactCustomFields:2.0:User"
COUNTRY = f"{mapping.CUSTOM_URN}:cf_country"
VIP = f"{mapping.CUSTOM_URN}:cf_vip"

LEGACY = {
    "disable": ({mapping.ACTIVE: False}, [{"op": "Replace", "path": "active", "value": "False"}]),
    "enable": ({mapping.ACTIVE: True}, [{"op": "Replace", "path": "active", "value": "True"}]),
    "one string": ({mapping.TITLE: "Buyer"}, [{"op": "Add", "path": "title", "value": "Buyer"}]),
    "several": (
        {mapping.DISPLAY_NAME: "Ada Quill", mapping.FAMILY_NAME: "Quill"},
        [
            {"op": "Replace", "path": "displayName", "value": "Ada Quill"},
            {"op": "Replace", "path": "name.familyName", "value": "Quill"},
        ],
    ),
    "typed value": (
        {mapping.MOBILE_PHONE: "+1 206 555 0100"},
        [{"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+1 206 555 0100"}],
    ),
    "extension": (
        {COUNTRY: "Kenya"},
        [
            {
                "op": "Add",
                "path": f"{DESK}:cf_country",
                "value": "Kenya",
            }
        ],
    ),
    "boolean of an extension": ({VIP: True}, [{"op": "Add", "path": VIP, "value": "True"}]),
    "removed": ({mapping.TITLE: None}, [{"op": "Remove", "path": "title"}]),
    "emptied": ({mapping.TITLE: ""}, [{"op": "Add", "path": "title", "value": ""}]),
}

FLAGGED = {
    "disable": ({mapping.ACTIVE: False}, [{"op": "replace", "path": "active", "value": False}]),
    "one string": ({mapping.TITLE: "Buyer"}, [{"op": "add", "path": "title", "value": "Buyer"}]),
    "typed value": (
        {mapping.WORK_EMAIL: "ada@northwind.example"},
        [{"op": "add", "path": 'emails[type eq "work"].value', "value": "ada@northwind.example"}],
    ),
    "several": (
        {
            mapping.DISPLAY_NAME: "Ada Quill",
            mapping.WORK_EMAIL: "ada@northwind.example",
            mapping.GIVEN_NAME: "Ada",
            mapping.EMPLOYEE_NUMBER: "E7",
            VIP: True,
        },
        [
            {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ada@northwind.example"},
            {
                "op": "replace",
                "value": {
                    "displayName": "Ada Quill",
                    "name.givenName": "Ada",
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "E7",
                    VIP: True,
                },
            },
        ],
    ),
    "disable with a new title": (
        {mapping.TITLE: "Buyer", mapping.ACTIVE: False},
        [{"op": "replace", "value": {"title": "Buyer", "active": False}}],
    ),
    "removed among others": (
        {mapping.TITLE: None, mapping.DEPARTMENT: "Legal"},
        [{"op": "remove", "path": "title"}, {"op": "replace", "value": {mapping.DEPARTMENT: "Legal"}}],
    ),
    "two typed values": (
        {mapping.WORK_PHONE: "1", mapping.MOBILE_PHONE: "2"},
        [
            {"op": "replace", "path": 'phoneNumbers[type eq "work"].value', "value": "1"},
            {"op": "replace", "path": 'phoneNumbers[type eq "mobile"].value', "value": "2"},
        ],
    ),
}


@pytest.mark.parametrize(("changes", "operations"), LEGACY.values(), ids=LEGACY)
def test_legacy_dialect(changes: mapping.Wanted, operations: list[Any]) -> None:
    assert legacy_operations(changes) == operations


@pytest.mark.parametrize(("changes", "operations"), FLAGGED.values(), ids=FLAGGED)
def test_flagged_dialect(changes: mapping.Wanted, operations: list[Any]) -> None:
    assert flagged_operations(changes) == operations


@pytest.mark.parametrize("flagged", [False, True])
def test_patch_names_the_same_urn_in_both_dialects(flagged: bool) -> None:
    body = dialects.patch({mapping.TITLE: "Buyer"}, flagged=flagged)
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
    assert len(body["Operations"]) == 1


def test_manager_is_a_reference_or_a_plain_string() -> None:
    legacy = dialects.manager("7", flagged=False)["Operations"]
    assert legacy == [{"op": "Add", "path": "manager", "value": [{"$ref": "Users/7", "value": "7"}]}]
    flagged = dialects.manager("7", flagged=True)["Operations"]
    assert flagged == [{"op": "add", "path": f"{mapping.ENTERPRISE_URN}:manager", "value": "7"}]


def test_post_body_nests_the_values_and_leaves_empty_ones_out() -> None:
    wanted: mapping.Wanted = {
        mapping.EXTERNAL_ID: "9edf",
        mapping.USER_NAME: "ada@northwind.example",
        mapping.ACTIVE: True,
        mapping.GIVEN_NAME: "Ada",
        mapping.FAMILY_NAME: "Quill",
        mapping.TITLE: "",
        mapping.DEPARTMENT: None,
        mapping.WORK_EMAIL: "ada@northwind.example",
        mapping.MOBILE_PHONE: "+1 206 555 0100",
        COUNTRY: "Kenya",
    }
    assert dialects.user(wanted) == {
        "schemas": [mapping.CORE_URN, mapping.ENTERPRISE_URN],
        "externalId": "9edf",
        "userName": "ada@northwind.example",
        "active": True,
        "name": {"formatted": "Ada Quill", "givenName": "Ada", "familyName": "Quill"},
        "emails": [{"primary": True, "type": "work", "value": "ada@northwind.example"}],
        "phoneNumbers": [{"type": "mobile", "value": "+1 206 555 0100"}],
        mapping.CUSTOM_URN: {"cf_country": "Kenya"},
        "roles": [],
        "meta": {"resourceType": "User"},
    }
