"""POST of somebody new (R7, R8, R9, R14, R16, R19, R20)."""

import re
from typing import Any

import pytest

from contacts.models import Contact, TimelineEntry
from tests.domain import addresses_of

from .conftest import ENTERPRISE, Scim, person, refusal

pytestmark = pytest.mark.django_db

GUEST = "ann_partner.example#EXT#@northwind.example"


def test_the_answer_is_the_stored_user_with_its_address(scim: Scim) -> None:
    """R14: 201, a `Location`, and what a GET answers afterwards."""
    answer = scim.post(title="Cook", phoneNumbers=[{"type": "work", "value": "+351 21 555 0140"}])
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == body["meta"]["location"]
    assert answer.headers["Location"].endswith(f"/entra/Users/{body['id']}")
    assert scim.read(body["id"]) == body


def test_the_contact_is_verified_and_synced(scim: Scim) -> None:
    """R14, R41."""
    contact = scim.created()
    assert (contact.verified, contact.source, contact.connection) == (True, "entra", scim.connection)
    assert contact.last_synced_at is not None
    assert contact.sync_status == "synced"


def test_the_timeline_begins_with_the_connection(scim: Scim) -> None:
    """R43."""
    line = TimelineEntry.objects.get(contact=scim.created(title="Cook"))
    assert (line.action, line.actor_kind, line.actor_label) == ("created", "connection", scim.connection.name)
    assert line.changes["title"] == ["", "Cook"]


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({}, "Uma Example"),
        ({"displayName": None}, "Uma Example"),
        ({"displayName": ""}, "Uma Example"),
        ({"displayName": "  "}, "Uma Example"),
        ({"displayName": None, "name": {"familyName": "Example"}}, "Example"),
        ({"displayName": None, "name": None}, "uma@northwind.example"),
        ({"displayName": None, "name": {}}, "uma@northwind.example"),
        ({"displayName": "U. Example", "name": None}, "U. Example"),
    ],
)
def test_the_name_that_agents_see(scim: Scim, attributes: dict[str, Any], name: str) -> None:
    """R7: a displayName that never comes is made from the name, else from userName."""
    contact = scim.created(login="uma", **attributes)
    assert contact.name == name
    assert scim.read(contact.pk)["displayName"] == name


@pytest.mark.parametrize("user_name", [None, "", "   ", []])
def test_without_a_user_name_nothing_is_created(scim: Scim, user_name: object) -> None:
    """R16: 400 invalidValue that names it."""
    answer = scim.send("POST", "/Users", {**person(), "userName": user_name})
    assert refusal(answer) == (400, "invalidValue")
    assert "userName" in answer.json()["detail"]
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(
    ("user_name", "addresses"),
    [
        ("Uma@Northwind.example", ["Uma@Northwind.example"]),
        ("uma+desk@northwind.example", ["uma+desk@northwind.example"]),
        ("uma", []),
        ("uma@northwind", []),
        ("uma smith@northwind.example", []),
        (GUEST, []),
        ("4711", []),
    ],
)
@pytest.mark.parametrize("emails", [None, [], ""])
def test_a_user_name_like_an_address_serves_as_address(
    scim: Scim, user_name: str, addresses: list[str], emails: object
) -> None:
    """R16: only when no e-mail comes. SCIM does not show it: Entra never sent it as an e-mail."""
    answer = scim.send("POST", "/Users", {**person(userName=user_name), "emails": emails})
    contact = Contact.objects.get(pk=answer.json()["id"])
    assert addresses_of(contact) == addresses
    assert "emails" not in answer.json()
    assert answer.json()["userName"] == user_name


def test_an_email_outranks_the_user_name(scim: Scim) -> None:
    """R16: a userName beside a work e-mail is no address."""
    contact = scim.created(userName="ann@corp.example", emails=[{"type": "work", "value": "ann@x.example"}])
    assert addresses_of(contact) == ["ann@x.example"]


@pytest.mark.parametrize(
    "attributes",
    [
        {"displayName": "Żółć O'Brien-Nguyễn 李", "title": 'R&D "Lead" <EMEA>; 50%'},
        {"displayName": " Ann  Two ", "title": "\u202eabc\u200d 👩‍💻"},
        {"displayName": "A\u030angstro\u0308m", "userName": "A\u030aSA@northwind.example"},
        {"phoneNumbers": [{"type": "work", "value": "+48 (22) 555-01-23 ext. 7"}]},
        {"phoneNumbers": [{"type": "mobile", "value": "0048 22/555.01.23;ext=7"}]},
        {"externalId": "MiXed-Case / 4711"},
        {"userName": GUEST},
        {"title": "'; DROP TABLE contacts_contact; --"},
        {"title": "x" * 255},
    ],
)
def test_values_are_answered_exactly_as_sent(scim: Scim, attributes: dict[str, Any]) -> None:
    """R20."""
    resource = scim.read(scim.created(**attributes).pk)
    assert {name: resource[name] for name in attributes} == attributes


def test_every_stored_attribute_comes_back(scim: Scim) -> None:
    """R7."""
    enterprise = {"department": "Support", "employeeNumber": "7001", "organization": "Northwind"}
    name = {"formatted": "Example, Uma", "givenName": "Uma", "familyName": "Example"}
    resource = scim.read(scim.created(name=name, **{ENTERPRISE: enterprise}).pk)
    assert resource[ENTERPRISE] == enterprise
    assert ENTERPRISE in resource["schemas"]
    assert resource["name"] == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"formatted": "Dr. Uma Example", "givenName": "Uma", "familyName": "Example"}, "Uma Example"),
        ({"formatted": "Dr. Uma Example"}, "Dr. Uma Example"),
        ({}, "uma@northwind.example"),
    ],
)
def test_a_display_name_that_never_comes_is_made(scim: Scim, name: dict[str, str], shown: str) -> None:
    """R7: from the name, whichever part of it comes, else from the userName."""
    resource = scim.read(scim.created(login="uma", displayName=None, name=name).pk)
    assert resource["displayName"] == shown
    assert resource.get("name", {}) == name


def test_what_is_not_stored_is_not_answered(scim: Scim) -> None:
    """R9: unknown attributes, unknown schemas, a password, even a misspelt URN, are no error."""
    unknown = {
        "password": "Not-Stored-1",
        "nickName": "Uma",
        "addresses": [{"type": "work", "country": "Portugal"}],
        "roles": [],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0User": {"department": "Support"},
        "urn:example:2.0:User": {"x": [1, {"y": None}]},
        "": "empty",
        "a.b.c": 1,
    }
    answer = scim.post(**unknown)
    assert answer.status_code == 201
    assert unknown.keys() & answer.json().keys() == set()


@pytest.mark.parametrize("null", [None, "", []])
def test_null_is_the_same_as_absent(scim: Scim, null: object) -> None:
    """RFC 7643 2.5; an old Entra sample sends null for whatever has no value."""
    names = ["title", "phoneNumbers", "name", "addresses", "manager", ENTERPRISE, "active"]
    answer = scim.send("POST", "/Users", person() | dict.fromkeys(names, null))
    assert answer.status_code == 201
    assert answer.json()["active"] is True
    assert {"title", "phoneNumbers", "name", ENTERPRISE} & answer.json().keys() == set()


@pytest.mark.parametrize(
    ("sent", "active"),
    [(None, True), (True, True), ("True", True), ("TRUE", True), (False, False), ("False", False)],
)
def test_active(scim: Scim, sent: object, active: bool) -> None:
    """R8, R19: somebody new who is inactive becomes a contact in Deleted Contacts; without `active`, live."""
    contact = scim.created(active=sent)
    assert contact.is_deleted is not active
    assert contact.deleted_by == ("" if active else "entra")
    assert scim.read(contact.pk)["active"] is active
    assert scim.find(f'externalId eq "{contact.external_id}"')[0]["active"] is active


def test_names_in_any_case(scim: Scim) -> None:
    """R8."""
    body = {
        "EXTERNALID": "e1",
        "username": "finn@northwind.example",
        "Active": "false",
        "NAME": {"GIVENNAME": "Finn"},
        "Emails": [{"Primary": "True", "Type": "WORK", "Value": "finn@northwind.example"}],
        "PhoneNumbers": [{"TYPE": "Mobile", "VALUE": "1"}],
        ENTERPRISE.upper(): {"DEPARTMENT": "Ice"},
    }
    answer = scim.send("POST", "/Users", body)
    resource = answer.json()
    assert answer.status_code == 201
    assert (resource["externalId"], resource["active"], resource["displayName"]) == ("e1", False, "Finn")
    assert resource["emails"] == [{"primary": True, "type": "work", "value": "finn@northwind.example"}]
    assert resource["phoneNumbers"] == [{"type": "mobile", "value": "1"}]
    assert resource[ENTERPRISE] == {"department": "Ice"}


def test_several_addresses_and_numbers(scim: Scim) -> None:
    """R23: the primary one is the contact's; a fax has no place and is left out."""
    contact = scim.created(
        emails=[
            {"type": "home", "value": "home@x.example"},
            {"type": "work", "value": "work@x.example", "primary": True},
        ],
        phoneNumbers=[{"type": kind, "value": kind} for kind in ("fax", "work", "mobile", "home")],
    )
    assert addresses_of(contact) == ["work@x.example", "home@x.example"]
    assert (contact.phone, contact.mobile) == ("work", "mobile")


@pytest.mark.parametrize(
    "emails",
    [
        ["ann@x.example"],
        {"value": "ann@x.example"},
        [{"value": "ann@x.example"}],
        [{"value": "ann@x.example", "type": "work", "primary": False, "display": "Ann"}],
        [{"value": "ann@x.example"}, {"value": "ANN@x.example", "type": "home"}],
        [{"value": "ann@x.example"}, {"value": ""}, {"type": "home", "value": None}],
    ],
)
def test_addresses_in_other_shapes(scim: Scim, emails: object) -> None:
    """R21: one address in whatever wrapping, and the same one twice, is one address."""
    answer = scim.send("POST", "/Users", {**person(), "emails": emails})
    contact = Contact.objects.get(pk=answer.json()["id"])
    assert addresses_of(contact) == ["ann@x.example"]
    assert contact.primary_address == "ann@x.example"
    assert scim.find('emails[type eq "work"].value eq "ann@x.example"')


@pytest.mark.parametrize("external_id", [None, "", "jyoung", "MixedCase"])
def test_any_external_id_will_do(scim: Scim, external_id: str | None) -> None:
    """REPORT 1.8: what is mapped onto it is the admin's setting."""
    answer = scim.send("POST", "/Users", {**person(), "externalId": external_id})
    assert answer.status_code == 201
    assert answer.json().get("externalId", "") == (external_id or "")


def test_two_people_without_an_external_id(scim: Scim) -> None:
    """R15: an externalId that does not come belongs to nobody."""
    assert [scim.post(externalId=None).status_code for _ in range(2)] == [201, 201]


def test_moments_are_written_as_scim_wants_them(scim: Scim) -> None:
    """RFC 7643 2.3.5."""
    meta = scim.post().json()["meta"]
    moments = [meta["created"], meta["lastModified"]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", one) for one in moments)
    assert meta["resourceType"] == "User"


def test_the_id_of_the_body_is_ignored(scim: Scim) -> None:
    """RFC 7643 3.1: the server alone says what the id is."""
    answer = scim.post(id="00000000-0000-0000-0000-000000000001", meta={"location": "x", "version": "W/1"})
    assert answer.status_code == 201
    assert answer.json()["id"] != "00000000-0000-0000-0000-000000000001"
    assert answer.json()["meta"]["location"] != "x"


def test_the_answer_is_trimmed_as_asked(scim: Scim) -> None:
    """RFC 7644 3.9 holds for a POST as well."""
    answer = scim.send("POST", "/Users?attributes=userName", person(login="ann"))
    assert answer.json().keys() == {"schemas", "id", "userName"}


@pytest.mark.parametrize("primary", [True, False])
def test_primary_is_answered_as_sent(scim: Scim, primary: bool) -> None:
    """R20; the helpdesk's own primary address is the only one there is, either way (R23)."""
    email = {"value": "uma@northwind.example", "type": "home", "primary": primary}
    contact = scim.created(emails=[email])
    assert scim.read(contact.pk)["emails"] == [email]
    assert contact.primary_address == "uma@northwind.example"


def test_a_primary_that_nobody_named(scim: Scim) -> None:
    """R23: the work address."""
    sent = [{"value": "home@x.example", "type": "home"}, {"value": "work@x.example", "type": "work"}]
    emails = scim.read(scim.created(emails=sent).pk)["emails"]
    assert {one["type"]: one["primary"] for one in emails} == {"work": True, "home": False}
