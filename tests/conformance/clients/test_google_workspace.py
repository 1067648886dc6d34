"""Google Workspace: provisions to the applications of its catalogue, suspended people included.

What is known of it comes from the servers it talks to: `active` on creation is meant (getprobo/probo#711),
and a suspension may come late (1Password/scim-examples#399).
"""

import pytest

from contacts.models import Contact
from tests.scim.conftest import CORE, ENTERPRISE, Scim

from .playing import Player, Step, listed, patch

NAME = "uma.example@northwind.example"
FIND = f'GET /Users?filter=userName+eq+"{NAME}"'
USER = {
    "schemas": [CORE, ENTERPRISE],
    "externalId": "107283911212312312312",
    "userName": NAME,
    "name": {"givenName": "Uma", "familyName": "Example", "formatted": "Uma Example"},
    "emails": [{"value": NAME, "type": "work", "primary": True}],
    "addresses": [{"type": "work", "formatted": "1 Main Street"}],
    "locale": "en",
    "active": True,
}


@pytest.fixture
def google(scim: Scim) -> Player:
    """Its client."""
    return Player(scim, {"User-Agent": "Google-Auto-Provisioning"}, "application/scim+json; charset=utf-8")


def test_a_person_comes_is_suspended_returns_and_leaves(google: Player) -> None:
    """R26, R28, R31: under one id until it is deleted."""
    google.play(
        [
            Step(FIND, 200, listed()),
            Step("POST /Users", 201, {"active": True}, USER, keeps=True),
            Step(FIND, 200, listed({"id": "<id>"})),
            Step("PUT /Users/<id>", 200, {"active": False}, {**USER, "active": False}),
            Step(FIND, 200, listed({"id": "<id>", "active": False})),
            Step("PATCH /Users/<id>", 200, None, patch({"op": "replace", "path": "active", "value": True})),
            Step("GET /Users/<id>", 200, {"id": "<id>", "active": True}),
            Step("DELETE /Users/<id>", 204),
            Step(FIND, 200, listed()),
        ]
    )


def test_somebody_suspended_from_the_start(google: Player) -> None:
    """R19, R33: in Deleted Contacts, until `active` is true."""
    suspended = {**USER, "active": False}
    google.play(
        [
            Step("POST /Users", 201, {"active": False}, suspended, keeps=True),
            Step("PUT /Users/<id>", 200, {"active": False, "title": "Cook"}, {**suspended, "title": "Cook"}),
            Step("PUT /Users/<id>", 200, {"id": "<id>", "active": True}, USER),
        ]
    )
    assert Contact.objects.get().is_deleted is False
