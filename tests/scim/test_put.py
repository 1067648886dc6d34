"""PUT (RFC 7644 3.5.1, R21): what is absent is cleared. Entra sends none; Okta updates with it."""

from typing import Any

import pytest

from contacts import lifecycle
from contacts.models import Contact
from tests.domain import addresses_of, agent_writes
from tests.factories import ContactFieldFactory

from .conftest import CUSTOM, ENTERPRISE, Scim, by_agent, fresh, person, refusal, values_of

pytestmark = pytest.mark.django_db


def put(scim: Scim, contact: Contact, **attributes: Any) -> Any:
    """PUT the whole user."""
    return scim.send("PUT", f"/Users/{contact.pk}", person(**attributes))


def replaced(scim: Scim, contact: Contact, **attributes: Any) -> dict[str, Any]:
    """The answer's user, which a GET must answer too."""
    answer = put(scim, contact, **attributes)
    assert answer.status_code == 200, answer.content
    assert answer.json() == scim.read(contact.pk)
    assert answer.headers["Location"] == answer.json()["meta"]["location"]
    resource: dict[str, Any] = answer.json()
    return resource


def test_values_are_replaced_under_the_same_id(scim: Scim, ann: Contact) -> None:
    """200 with the user."""
    resource = replaced(scim, ann, login="ann", externalId="e1", displayName="Ann New", title="Chef")
    assert (resource["id"], resource["displayName"], resource["title"]) == (str(ann.pk), "Ann New", "Chef")


def test_what_is_absent_is_cleared(scim: Scim, ann: Contact) -> None:
    """R21: the whole user is what was sent; the name is made anew (R7)."""
    ContactFieldFactory(api_name="cf_code")
    scim.replace(ann.pk, f"{CUSTOM}:cf_code", "A1")
    body = {"userName": "ann@northwind.example"}
    resource = scim.send("PUT", f"/Users/{ann.pk}", body).json()
    assert resource.keys() == {"schemas", "id", "meta", "userName", "displayName", "active"}
    assert (resource["displayName"], fresh(ann).custom_fields) == ("ann@northwind.example", {})


def test_an_address_that_goes_stays_the_helpdesks(scim: Scim, ann: Contact) -> None:
    """R17: only erasing frees it."""
    assert "emails" not in replaced(scim, ann, login="ann", emails=None)
    assert addresses_of(ann) == ["ann@northwind.example"]


def test_a_new_address_becomes_primary(scim: Scim, ann: Contact) -> None:
    """R23."""
    resource = replaced(scim, ann, login="ann", emails=[{"type": "work", "value": "new@x.example"}])
    assert values_of(resource, "emails") == {"work": "new@x.example"}
    assert addresses_of(ann) == ["new@x.example", "ann@northwind.example"]


@pytest.mark.parametrize("active", [False, "False", "false"])
def test_okta_deactivates_and_brings_back(scim: Scim, ann: Contact, active: object) -> None:
    """R26, R31; REPORT 3."""
    assert replaced(scim, ann, login="ann", active=active)["active"] is False
    assert fresh(ann).is_deleted
    assert replaced(scim, ann, login="ann", active=True)["active"] is True
    assert not fresh(ann).is_deleted


def test_oktas_whole_user(scim: Scim, ann: Contact) -> None:
    """Its own id, a password placeholder, groups, meta and the answer of a GET sent back."""
    body = scim.read(ann.pk) | {"password": "aPlaceholder1", "groups": [], "locale": "en-US", "title": "Chef"}
    answer = scim.send("PUT", f"/Users/{ann.pk}", body, content_type="application/json")
    assert answer.status_code == 200
    ignored = {"meta", "title"}
    before = {name: value for name, value in scim.read(ann.pk).items() if name not in ignored}
    assert {name: value for name, value in answer.json().items() if name not in ignored} == before
    assert answer.json()["title"] == "Chef"


def test_without_active_the_state_stays(scim: Scim, ann: Contact) -> None:
    """R33: Entra's deactivation; R32: an agent's deletion is undone by any write."""
    scim.replace(ann.pk, "active", False)
    assert replaced(scim, ann, login="ann", active=None)["active"] is False
    scim.replace(ann.pk, "active", True)
    by_agent(lifecycle.soft_delete, ann)
    assert replaced(scim, ann, login="ann", active=None)["active"] is True


def test_the_same_again_changes_nothing(scim: Scim, ann: Contact) -> None:
    """R24."""
    first = replaced(scim, ann, login="ann", externalId="e1")
    assert replaced(scim, ann, login="ann", externalId="e1") == first


def test_an_agents_edit_is_overwritten(scim: Scim, ann: Contact) -> None:
    """R25: a PUT sends every attribute."""
    agent_writes(ann, title="Agent's choice")
    assert "title" not in replaced(scim, ann, login="ann")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"userName": None}, (400, "invalidValue")),
        ({"userName": ""}, (400, "invalidValue")),
        ({"active": "maybe"}, (400, "invalidValue")),
        ({"name": "Ann"}, (400, "invalidValue")),
        ({"userName": "bea@northwind.example"}, (409, "uniqueness")),
        ({"externalId": "e2"}, (409, "uniqueness")),
        ({"emails": [{"value": "BEA@northwind.example"}]}, (409, "uniqueness")),
    ],
)
def test_a_refused_put_changes_nothing(
    scim: Scim, ann: Contact, attributes: dict[str, Any], expected: tuple[int, str]
) -> None:
    """R15, R16, R23, R42."""
    scim.created(login="bea", externalId="e2")
    before = scim.read(ann.pk)
    assert refusal(put(scim, ann, **{"login": "ann", "title": "Chef", **attributes})) == expected
    assert (scim.read(ann.pk), fresh(ann).sync_status) == (before, "error")


def test_unknown_attributes_are_ignored(scim: Scim, ann: Contact) -> None:
    """R9: a misspelt one as well, which leaves the real one absent."""
    resource = replaced(scim, ann, login="ann", titel="Chef", **{"urn:x": {"a": 1}, ENTERPRISE: {"x": 1}})
    assert {"title", "titel", ENTERPRISE} & resource.keys() == set()


def test_the_id_of_the_body_is_ignored(scim: Scim, ann: Contact) -> None:
    """RFC 7643 3.1."""
    assert replaced(scim, ann, login="ann", id="something else")["id"] == str(ann.pk)


def test_a_put_creates_nobody(scim: Scim) -> None:
    """RFC 7644 3.5.1: to the collection 405, to an unknown id 404."""
    assert refusal(scim.send("PUT", "/Users", person())) == (405, "")
    answer = scim.send("PUT", "/Users/00000000-0000-0000-0000-000000000001", person())
    assert refusal(answer) == (404, "")
    assert Contact.objects.count() == 0
