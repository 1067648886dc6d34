"""PingOne and PingFederate: match by userName or by the bare list of addresses; disabled people come, too.

Source: https://docs.pingidentity.com/r/en-us/pingfederate-scim-connector/pingfederate_scim_connector_scim_connector_settings_reference
"""

import pytest

from contacts.models import Contact
from tests.scim.conftest import CORE, ENTERPRISE, Scim

from .playing import Player, Step, listed, patch

NAME, MAIL = "uexample", "uma.example@northwind.example"
USER = {
    "schemas": [CORE, ENTERPRISE],
    "userName": NAME,
    "externalId": "a1b2c3d4",
    "active": True,
    "name": {"givenName": "Uma", "familyName": "Example"},
    "emails": [{"value": MAIL, "type": "work", "primary": True}],
    "phoneNumbers": [{"value": "+1 425 555 0100", "type": "work"}],
    ENTERPRISE: {"employeeNumber": "7001", "costCenter": "4130"},
}


@pytest.fixture
def ping(scim: Scim) -> Player:
    """Its client; the Tenant URL was pasted with a slash at its end."""
    return Player(scim, {"Accept": "application/scim+json, application/json"}, "application/scim+json")


@pytest.mark.parametrize(
    "condition",
    [
        f'userName eq "{NAME}"',
        f'emails eq "{MAIL}"',
        f'emails.value eq "{MAIL.upper()}"',
        f'emails[value eq "{MAIL}"]',
    ],
)
def test_matched_by(ping: Player, condition: str) -> None:
    """R13: nobody else is found."""
    ping.play(
        [
            Step(f"GET /Users?filter={condition}", 200, listed()),
            Step("POST //Users", 201, {"userName": NAME}, USER, keeps=True),
            Step("POST //Users", 201, None, {**USER, "userName": "b", "externalId": "b", "emails": []}),
            Step(f"GET //Users?filter={condition}", 200, listed({"userName": NAME}), keeps=True),
            Step("PUT //Users/<id>", 200, {"title": "Cook"}, {**USER, "title": "Cook"}),
        ]
    )


def test_set_up_asks_for_both_collections(ping: Player) -> None:
    """Users and groups resource paths."""
    ping.play([Step("GET /Users?count=1", 200, listed()), Step("GET /Groups?count=1", 200, listed())])


@pytest.mark.parametrize("action", ["disable", "delete"])
def test_deprovisioning(ping: Player, action: str) -> None:
    """Either of its two actions."""
    inactive = patch({"op": "replace", "path": "active", "value": False})
    last = {
        "disable": Step("PATCH /Users/<id>", 200, {"active": False}, inactive),
        "delete": Step("DELETE /Users/<id>", 204),
    }
    ping.play([Step("POST /Users", 201, None, USER, keeps=True), last[action]])
    assert Contact.objects.get().is_deleted


def test_a_disabled_person_is_provisioned(ping: Player) -> None:
    """R19."""
    ping.play([Step("POST /Users", 201, {"active": False}, {**USER, "active": False})])
