"""JumpCloud: tries its connection with a user and a group of its own, and deletes both.

Source: https://jumpcloud.com/support/provision-and-manage-users-and-groups-in-apps-using-custom-scim-identity-management-integration
"""

import pytest

from contacts.models import Contact
from tests.scim.conftest import CORE, Scim

from .playing import Player, Step, error, listed, patch

TESTER = "scim.test@northwind.example"
FIND = f'GET /Users?filter=userName eq "{TESTER}"'
USER = {
    "schemas": [CORE],
    "userName": TESTER,
    "name": {"givenName": "Test", "familyName": "User"},
    "emails": [{"type": "work", "value": TESTER, "primary": True}],
    "active": True,
}
GROUP = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    "displayName": "Test Group",
    "members": [],
}
CREATE = [
    Step(FIND, 200, listed()),
    Step("POST /Users", 201, {"userName": TESTER}, USER, keeps=True),
    Step("GET /Users/<id>", 200, {"active": True}),
    Step("PUT /Users/<id>", 200, {"id": "<id>"}, {**USER, "id": "<id>", "title": "Tester"}),
]


@pytest.fixture
def jumpcloud(scim: Scim) -> Player:
    """Its client."""
    return Player(scim, {"Accept": "*/*"}, "application/json")


def test_its_test_user_comes_and_goes(jumpcloud: Player) -> None:
    """R28: twice, since an activation may be tried again; the one contact is restored and linked anew."""
    leave = [
        Step("DELETE /Users/<id>", 204),
        Step("GET /Users/<id>", 404, error()),
        Step(FIND, 200, listed()),
    ]
    jumpcloud.play(CREATE + leave + CREATE + leave)
    assert [contact.is_deleted for contact in Contact.objects.all()] == [True]


def test_its_test_user_is_deactivated(jumpcloud: Player) -> None:
    """What it does where DELETE is not to be used."""
    inactive = patch({"op": "replace", "path": "active", "value": False})
    jumpcloud.play([*CREATE, Step("PATCH /Users/<id>", 200, {"active": False}, inactive)])


def test_its_test_group_is_refused_clearly(jumpcloud: Player) -> None:
    """R5: group management is to be switched off in JumpCloud; a 501 says why."""
    jumpcloud.play(
        [
            Step('GET /Groups?filter=displayName eq "Test Group"', 200, listed()),
            Step("POST /Groups", 501, {"status": "501", **error()}, GROUP),
            Step("DELETE /Groups/1", 501, error()),
        ]
    )
