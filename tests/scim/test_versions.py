"""ETags: a version per user, and the conditions that clients tie to it (RFC 7644 3.14, RFC 9110 13.1)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from contacts import lifecycle
from contacts.models import Contact
from deskscim.provisioning.models import LogEntry
from tests.factories import ContactFieldFactory

from .conftest import CUSTOM, PATCH_OP, WORK, Scim, by_agent, fresh, person, refusal

Write = Callable[[Scim, Contact, Mapping[str, str]], Any]

TITLE = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "title", "value": "Chef"}]}
BODIES: dict[str, Any] = {"PATCH": TITLE, "PUT": person(login="ann", title="Chef"), "DELETE": None}


def conditional(scim: Scim, method: str, contact: Contact, **headers: str) -> Any:
    """A write that stands under conditions: If_Match="..."."""
    conditions = {name.replace("_", "-"): value for name, value in headers.items()}
    return scim.send(method, f"/Users/{contact.pk}", BODIES.get(method), **conditions)


def version_of(answer: Any) -> str:
    """The version that an answer tells, in its header and its body alike."""
    tag: str = answer.headers["ETag"]
    assert answer.json()["meta"]["version"] == tag
    return tag


def test_every_answer_with_a_user_tells_its_version(scim: Scim) -> None:
    """RFC 7644 3.14; RFC 7643 3.1: the same value as the ETag header."""
    answer = scim.post(login="ann")
    user_id = answer.json()["id"]
    assert version_of(answer) == 'W/"1"'
    assert version_of(scim.get(f"/Users/{user_id}")) == 'W/"1"'
    assert version_of(scim.replace(user_id, "title", "Chef")) == 'W/"2"'
    assert version_of(scim.send("PUT", f"/Users/{user_id}", person(login="ann"))) == 'W/"3"'
    (listed,) = scim.get("/Users").json()["Resources"]
    assert listed["meta"]["version"] == 'W/"3"'


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", "Chef"),
        (WORK, "new@x.example"),
        ("active", False),
        ('emails[type eq "work"].type', "home"),
        (f"{CUSTOM}:cf_x", "New"),
        ("userName", "other@x.example"),
        ("externalId", "e2"),
    ],
)
def test_what_changes_the_user_moves_its_version_by_one(
    scim: Scim, ann: Contact, path: str, value: object
) -> None:
    """However many columns; and back again is a new version as well."""
    ContactFieldFactory(api_name="cf_x")
    assert version_of(scim.replace(ann.pk, path, value)) == 'W/"2"'
    assert fresh(ann).version == 2


def test_a_sync_that_changes_nothing_moves_no_version(scim: Scim, ann: Contact) -> None:
    """R24: last synced moves, the user does not."""
    assert version_of(scim.replace(ann.pk, "title", ann.title)) == 'W/"1"'
    assert version_of(scim.replace(ann.pk, "nickName", "Annie")) == 'W/"1"'
    assert fresh(ann).last_synced_at != ann.last_synced_at


def test_what_an_agent_does_moves_the_version(scim: Scim, ann: Contact) -> None:
    """Whoever holds the old one must not overwrite unseen what the helpdesk changed."""
    by_agent(lifecycle.soft_delete, ann)
    assert version_of(scim.get(f"/Users/{ann.pk}")) == 'W/"2"'
    assert conditional(scim, "PATCH", ann, If_Match='W/"1"').status_code == 412


def test_a_refused_write_moves_no_version(scim: Scim, ann: Contact) -> None:
    """All or nothing."""
    assert scim.replace(ann.pk, "title", 5).status_code == 400
    assert fresh(ann).version == 1


@pytest.mark.parametrize("method", BODIES)
@pytest.mark.parametrize("tags", ['W/"1"', '"1"', "*", ' W/"1" ', 'W/"7", W/"1"', '"a,b" ,, "1"', 'W/"1",'])
def test_a_write_whose_version_holds_is_carried_out(scim: Scim, ann: Contact, method: str, tags: str) -> None:
    """RFC 9110 13.1.1; weak comparison as RFC 7644 has it."""
    assert conditional(scim, method, ann, If_Match=tags).status_code == (204 if method == "DELETE" else 200)


@pytest.mark.parametrize("method", BODIES)
@pytest.mark.parametrize("tags", ['W/"2"', '"0"', '"11"', '""', 'W/"01"', 'W/"x", "y"', '"\xe9"'])
def test_a_write_whose_version_is_gone_is_refused(scim: Scim, ann: Contact, method: str, tags: str) -> None:
    """412 as a SCIM error; the log tells why, and the contact that something failed (R42)."""
    before = scim.read(ann.pk)
    assert refusal(conditional(scim, method, ann, If_Match=tags)) == (412, "")
    assert scim.read(ann.pk) == before
    entry = LogEntry.objects.latest("id")
    assert (entry.status, entry.reason, entry.contact_id) == (412, "version_differs", ann.pk)


@pytest.mark.parametrize("method", BODIES)
@pytest.mark.parametrize(
    "tags", ["", "1", "W/1", "W/", '"', '"1', '1"', 'w/"1"', "'1'", "**", '*, "1"', "\x00"]
)
@pytest.mark.parametrize("name", ["If_Match", "If_None_Match"])
def test_a_condition_that_cannot_be_read_is_refused(
    scim: Scim, ann: Contact, method: str, name: str, tags: str
) -> None:
    """400: a client that asked for protection must not go without."""
    assert refusal(conditional(scim, method, ann, **{name: tags})) == (400, "invalidSyntax")
    assert fresh(ann).version == 1


@pytest.mark.parametrize("method", BODIES)
def test_if_none_match_forbids_a_write_on_what_is_known(scim: Scim, ann: Contact, method: str) -> None:
    """RFC 9110 13.1.2: 412 for anything but a read."""
    for tags in ("*", 'W/"1"', '"1"'):
        assert refusal(conditional(scim, method, ann, If_None_Match=tags)) == (412, "")
    assert conditional(scim, method, ann, If_None_Match='W/"2"').status_code < 300


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("tags", ['W/"1"', '"1"', "*", 'W/"3", W/"1"'])
def test_a_reader_who_has_the_version_gets_no_body(scim: Scim, ann: Contact, method: str, tags: str) -> None:
    """304 with the ETag and nothing else (RFC 9110 15.4.5)."""
    answer = conditional(scim, method, ann, If_None_Match=tags)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == 'W/"1"'
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("tags", ['W/"2"', "", "1", "W/", '"1', "\x00", '*, "1"'])
def test_a_reader_who_has_another_version_gets_the_user(scim: Scim, ann: Contact, tags: str) -> None:
    """Nor does what cannot be read keep anybody from reading."""
    assert version_of(conditional(scim, "GET", ann, If_None_Match=tags)) == 'W/"1"'


def test_a_read_can_insist_on_a_version(scim: Scim, ann: Contact) -> None:
    """RFC 9110 13.1.1."""
    assert conditional(scim, "GET", ann, If_Match='W/"1"').status_code == 200
    assert refusal(conditional(scim, "GET", ann, If_Match='W/"2"')) == (412, "")


@pytest.mark.parametrize("method", ["GET", *BODIES])
def test_who_is_not_there_is_not_found(scim: Scim, other: Scim, ann: Contact, method: str) -> None:
    """R4: a condition tells nothing of another connection's user."""
    assert refusal(conditional(other, method, ann, If_Match='W/"7"')) == (404, "")
    assert refusal(conditional(other, method, ann, If_None_Match="*")) == (404, "")


def test_conditions_on_the_collection_say_nothing(scim: Scim, ann: Contact) -> None:
    """A list and a POST have no version of their own."""
    conditions = {"If-Match": 'W/"7"', "If-None-Match": "*"}
    assert scim.send("GET", "/Users", **conditions).status_code == 200
    assert scim.send("POST", "/Users", person(), **conditions).status_code == 201
