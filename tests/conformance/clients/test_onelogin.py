"""OneLogin: the body of each request is a template that an administrator edits, old URNs and all.

Source: https://developers.onelogin.com/scim, "SCIM Provisioner with SAML (Core Schema)"
"""

import pytest

from contacts.models import Contact
from tests.scim.conftest import CORE, ENTERPRISE, Scim

from .playing import Player, Step, listed, patch

NAME = "uma.example@northwind.example"
FIND = f'GET /Users?filter=userName%20eq%20"{NAME}"'
OLD_TEMPLATE = {
    "schemas": ["urn:scim:schemas:core:1.0"],
    "userName": NAME,
    "name": {"givenName": "Uma", "familyName": "Example", "formatted": "Uma Example"},
}
NEW_TEMPLATE = {
    "schemas": [CORE, ENTERPRISE],
    "externalId": "91532114",
    "userName": NAME,
    "displayName": "Uma Example",
    "name": {"givenName": "Uma", "familyName": "Example", "formatted": "Uma Example"},
    "emails": [{"value": NAME, "type": "work", "primary": True}],
    "title": "Cook",
    "phoneNumbers": [{"value": "+1 425 555 0100", "type": "work"}],
    ENTERPRISE: {"department": "Ice", "manager": {"managerId": "", "displayName": ""}},
}


@pytest.fixture
def onelogin(scim: Scim) -> Player:
    """Its client."""
    return Player(scim, {"User-Agent": "OneLogin"}, "application/json")


def test_enabling_pings_the_base_url(onelogin: Player) -> None:
    onelogin.play([Step("GET ", 200, listed()), Step("GET /", 200, listed())])


@pytest.mark.parametrize("template", [OLD_TEMPLATE, NEW_TEMPLATE], ids=["core 1.0", "core 2.0"])
@pytest.mark.parametrize(
    ("leaving", "remains"),
    [
        (Step("DELETE /Users/<id>", 204), "a deleted contact"),
        (
            Step(
                "PATCH /Users/<id>",
                200,
                {"active": False},
                patch({"op": "replace", "value": {"active": False}}),
            ),
            "a deleted contact",
        ),
        (Step("GET /Users/<id>", 200, {"active": True}), "a contact"),
    ],
    ids=["delete", "suspend", "do nothing"],
)
def test_provisioned_and_what_comes_of_it(
    onelogin: Player, template: dict[str, object], leaving: Step, remains: str
) -> None:
    """Delete, Suspend or Do Nothing, as the administrator chooses."""
    onelogin.play(
        [
            Step(FIND, 200, listed()),
            Step("POST /Users", 201, {"userName": NAME, "displayName": "Uma Example"}, template, keeps=True),
            Step(FIND, 200, listed({"id": "<id>"})),
            Step("PUT /Users/<id>", 200, {"title": "Chef"}, {**template, "title": "Chef"}),
            leaving,
        ]
    )
    contact = Contact.objects.get()
    assert contact.is_deleted == (remains == "a deleted contact")


def test_updates_by_patch(onelogin: Player) -> None:
    """Lower-case ops, where Entra writes Add."""
    title = patch(
        {"op": "add", "path": "title", "value": "Chef"},
        {"op": "replace", "path": "name.familyName", "value": "Sample"},
    )
    onelogin.play(
        [
            Step("POST /Users", 201, None, NEW_TEMPLATE, keeps=True),
            Step("PATCH /Users/<id>", 200, {"title": "Chef", "name": {"familyName": "Sample"}}, title),
        ]
    )
