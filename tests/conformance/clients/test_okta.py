"""Okta: finds by userName, updates with PUT, deactivates with PATCH, and deletes nobody.

Source: "Okta and SCIM Version 2.0", https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20
"""

from typing import Any

import pytest

from contacts.models import Contact
from tests.scim.conftest import CORE, ENTERPRISE, Scim

from .playing import Player, Step, error, listed, patch

HEADERS = {
    "Accept": "application/scim+json",
    "Accept-Charset": "utf-8",
    "User-Agent": "Okta SCIM Client 1.0.0",
    "Accept-Encoding": "gzip,deflate",
}
NAME = "uma.example@northwind.example"
FIND = 'GET /Users?filter=userName%20eq%20"uma.example%40northwind.example"&startIndex=1&count=100'

CREATED: dict[str, Any] = {
    "schemas": [CORE],
    "userName": NAME,
    "name": {"givenName": "Uma", "familyName": "Example"},
    "emails": [{"primary": True, "value": NAME, "type": "work"}],
    "displayName": "Uma Example",
    "locale": "en-US",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}
UPDATED = {
    **{name: value for name, value in CREATED.items() if name != "password"},
    "id": "<id>",
    "name": {"givenName": "Uma", "familyName": "Sample"},
    "title": "Cook",
    "phoneNumbers": [{"type": "mobile", "value": "+1 425 555 0100"}],
    ENTERPRISE: {"department": "Ice", "manager": {"value": "26118915"}},
    "meta": {"resourceType": "User"},
}

TEST_CONNECTION = [Step("GET /Users?startIndex=1&count=2", 200, {"startIndex": 1, **listed()})]
ASSIGN = [
    Step(FIND, 200, listed()),
    Step("POST /Users", 201, {"userName": NAME, "active": True, "password": None}, CREATED, keeps=True),
    Step("GET /Users/<id>", 200, {"id": "<id>", "externalId": CREATED["externalId"]}),
]
UPDATE = [
    Step("GET /Users/<id>", 200, {"name": {"familyName": "Example"}}),
    Step("PUT /Users/<id>", 200, {"id": "<id>", "name": {"familyName": "Sample"}, "title": "Cook"}, UPDATED),
    Step(
        "GET /Users/<id>", 200, {"phoneNumbers": UPDATED["phoneNumbers"], ENTERPRISE: {"department": "Ice"}}
    ),
]
DEACTIVATE = [
    Step("GET /Users/<id>", 200, {"active": True}),
    Step("PATCH /Users/<id>", 200, {"active": False}, patch({"op": "replace", "value": {"active": False}})),
    Step(FIND, 200, listed({"id": "<id>", "active": False})),
]


@pytest.fixture
def okta(scim: Scim) -> Player:
    """Its client, before a connection without users."""
    return Player(scim, HEADERS, "application/scim+json; charset=utf-8")


def state() -> tuple[int, bool]:
    """How many contacts there are, and whether the one is deleted."""
    contacts = list(Contact.objects.all())
    return len(contacts), contacts[0].is_deleted


def test_assigned_updated_and_unassigned(okta: Player) -> None:
    """R26: into Deleted Contacts; Okta sends no DELETE for users."""
    okta.play(TEST_CONNECTION + ASSIGN + UPDATE + DEACTIVATE)
    assert state() == (1, True)


def test_an_app_without_patch_deactivates_by_put(okta: Player) -> None:
    okta.play([*ASSIGN, Step("PUT /Users/<id>", 200, {"active": False}, {**UPDATED, "active": False})])
    assert state() == (1, True)


@pytest.mark.parametrize(
    "reactivation",
    [
        Step("PUT /Users/<id>", 200, {"id": "<id>", "active": True}, UPDATED),
        Step(
            "PATCH /Users/<id>",
            200,
            {"id": "<id>", "active": True},
            patch({"op": "replace", "value": {"active": True}}),
        ),
    ],
    ids=["PUT", "PATCH"],
)
def test_assigned_again(okta: Player, reactivation: Step) -> None:
    """R29, R31: the look-up finds the inactive user, so that Okta takes it up again under the same id."""
    found = Step(FIND, 200, listed({"id": "<id>", "active": False}), keeps=True)
    okta.play([*ASSIGN, *DEACTIVATE, found, reactivation])
    assert state() == (1, False)


def test_a_post_for_an_inactive_user_is_a_conflict(okta: Player) -> None:
    """R15: the externalId is taken by a linked contact; nothing is changed, and the look-up says by whom."""
    again = Step("POST /Users", 409, error("uniqueness"), CREATED)
    okta.play([*ASSIGN, *DEACTIVATE, again, Step(FIND, 200, listed({"id": "<id>", "active": False}))])
    assert state() == (1, True)


def test_a_recreated_account_takes_its_inactive_contact_over(okta: Player) -> None:
    """R18: another Okta id for the same person."""
    again = {**CREATED, "externalId": "00unew"}
    shown = {"id": "<id>", "externalId": "00unew", "active": True}
    okta.play([*ASSIGN, *DEACTIVATE, Step("POST /Users", 201, shown, again)])
    assert state() == (1, False)


def test_an_empty_list_empties_an_attribute(okta: Player) -> None:
    """PATCH as the apps of Okta's catalogue send it."""
    emptied = patch({"op": "replace", "path": "phoneNumbers", "value": []})
    okta.play([*ASSIGN, *UPDATE, Step("PATCH /Users/<id>", 200, {"phoneNumbers": None}, emptied)])


def test_password_sync_is_ignored(okta: Player) -> None:
    """R9: a helpdesk keeps no passwords."""
    password = patch({"op": "replace", "value": {"password": "new_password"}})
    okta.play([*ASSIGN, Step("PATCH /Users/<id>", 200, {"id": "<id>", "password": None}, password)])


def test_import(okta: Player) -> None:
    """Pages of a hundred, and groups, of which there are none."""
    okta.play(
        [
            *ASSIGN,
            Step("GET /Users?startIndex=1&count=100", 200, listed({"id": "<id>"})),
            Step("GET /Groups?startIndex=1&count=100", 200, listed()),
        ]
    )


def test_its_specification_test(okta: Player) -> None:
    """The checks of Okta's own test suite that concern users, in their order."""
    first = {"id": "<id>", "name": {"givenName": "Uma", "familyName": "Example"}, "active": True}
    okta.play(
        [
            *ASSIGN,
            Step("GET /Users?count=1&startIndex=1", 200, {"itemsPerPage": 1, **listed(first)}),
            Step("GET /Users/<id>", 200, first),
            Step('GET /Users?filter=userName eq "nobody"', 200, listed()),
            Step("GET /Users/no-such-id", 404, {"status": "404", **error()}),
            Step("POST /Users", 409, {"status": "409", **error()}, CREATED),
            Step('GET /Users?filter=userName eq "UMA.EXAMPLE@northwind.example"', 200, listed(first)),
        ]
    )
    stranger = Player(Scim(okta.scim.connection, "wrong"), HEADERS)
    stranger.play([Step("GET /Users?startIndex=1&count=2", 401, {"status": "401", **error()})])
