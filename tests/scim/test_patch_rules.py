"""PATCH over HTTP: conflicts, addresses, tombstones, and what changes nothing (R9, R15, R17, R20 to R25)."""

from typing import Any

import pytest

from contacts import lifecycle
from contacts.models import Contact, TimelineEntry
from deskscim.provisioning.models import LogEntry
from tests.domain import addresses_of, agent_writes, timeline_of
from tests.factories import ContactFactory

from .conftest import (
    CUSTOM,
    ENTERPRISE,
    MOBILE,
    WORK,
    Operation,
    Scim,
    by_agent,
    fresh,
    patched,
    refusal,
    values_of,
)

pytestmark = pytest.mark.django_db


class TestConflicts:
    """R15, R23: 409 uniqueness, nothing half-saved, nothing revealed."""

    @pytest.mark.parametrize(
        ("path", "value", "reason"),
        [
            ("userName", "BEA@northwind.example", "user_name_taken"),
            ("externalId", "e2", "external_id_taken"),
            (WORK, "Bea@Northwind.example", "address_taken"),
            ("emails", [{"type": "home", "value": "bea@northwind.example"}], "address_taken"),
        ],
    )
    def test_what_another_holds(self, scim: Scim, ann: Contact, path: str, value: Any, reason: str) -> None:
        scim.created(login="bea", externalId="e2", displayName="Bea Secret")
        before = scim.read(ann.pk)
        answer = scim.patch(
            ann.pk,
            {"op": "Replace", "path": "title", "value": "Chef"},
            {"op": "Replace", "path": path, "value": value},
        )
        assert refusal(answer) == (409, "uniqueness")
        assert "secret" not in answer.content.decode().lower()
        assert (scim.read(ann.pk), fresh(ann).sync_status) == (before, "error")
        entry = LogEntry.objects.latest("id")
        assert (entry.reason, entry.contact_id, entry.status) == (reason, ann.pk, 409)

    def test_an_address_of_an_unlinked_or_deleted_contact(self, scim: Scim, ann: Contact) -> None:
        """R17, R23: whoever holds it."""
        ContactFactory(emails=["bea@x.example"], deleted=True)
        assert refusal(scim.replace(ann.pk, WORK, "bea@x.example")) == (409, "uniqueness")
        assert addresses_of(ann) == ["ann@northwind.example"]

    def test_an_address_that_another_connection_holds(self, scim: Scim, other: Scim, ann: Contact) -> None:
        """R4: the same 409, and no word of whose it is."""
        other.created(login="bea")
        answer = scim.replace(ann.pk, WORK, "bea@northwind.example")
        assert refusal(answer) == (409, "uniqueness")
        assert other.connection.name not in answer.content.decode()

    def test_a_name_that_another_connection_uses_is_free(self, scim: Scim, other: Scim, ann: Contact) -> None:
        """R4: userName and externalId are each tenant's own."""
        other.created(userName="bea", externalId="e2")
        assert scim.replace(ann.pk, "userName", "bea").status_code == 200
        assert scim.replace(ann.pk, "externalId", "e2").status_code == 200

    def test_ones_own_values_are_no_conflict(self, scim: Scim, ann: Contact) -> None:
        resource = patched(
            scim,
            ann,
            {"op": "Replace", "path": "userName", "value": "ANN@northwind.example"},
            {"op": "Replace", "path": WORK, "value": "Ann@Northwind.example"},
        )
        assert resource["userName"] == "ANN@northwind.example"
        assert values_of(resource, "emails") == {"work": "Ann@Northwind.example"}


class TestAddresses:
    def test_a_new_work_address_leaves_the_old_one_secondary(self, scim: Scim, ann: Contact) -> None:
        """R23: the helpdesk keeps it, SCIM and its filters forget it."""
        resource = patched(scim, ann, {"op": "Replace", "path": WORK, "value": "new@x.example"})
        assert values_of(resource, "emails") == {"work": "new@x.example"}
        assert addresses_of(ann) == ["new@x.example", "ann@northwind.example"]
        assert scim.find('emails[type eq "work"].value eq "ann@northwind.example"') == []

    def test_there_and_back(self, scim: Scim, ann: Contact) -> None:
        """R23: an old address can become primary again."""
        for value in ("new@x.example", "ann@northwind.example"):
            patched(scim, ann, {"op": "Add", "path": WORK, "value": value})
        assert addresses_of(ann) == ["ann@northwind.example", "new@x.example"]

    def test_an_agents_address_that_entra_sends(self, scim: Scim, ann: Contact) -> None:
        """R23: it becomes Entra's."""
        contact = ContactFactory(emails=["main@x.example", "second@x.example"])
        scim.created(userName="zoe", emails=[{"value": "main@x.example"}])
        resource = patched(scim, contact, {"op": "Replace", "path": WORK, "value": "second@x.example"})
        assert values_of(resource, "emails") == {"work": "second@x.example"}
        assert addresses_of(contact) == ["second@x.example", "main@x.example"]

    def test_a_user_name_never_touches_addresses(self, scim: Scim, ann: Contact) -> None:
        """R22: even where the address was made of the old one (R16)."""
        contact = scim.created(userName="old@x.example", emails=None)
        for one in (contact, ann):
            before = addresses_of(one)
            patched(scim, one, {"op": "Replace", "path": "userName", "value": f"new{one.pk}@x.example"})
            assert addresses_of(one) == before


TOMBSTONE = "0123456789abcdefABCDEF0123456789ann@northwind.example"


class TestTombstones:
    """R22: the name that Entra gives to what it deleted overwrites neither name, userName nor address."""

    @pytest.mark.parametrize("path", ["userName", "displayName", WORK, "emails[primary eq true].value"])
    @pytest.mark.parametrize("active", [{}, {"op": "Replace", "path": "active", "value": "False"}])
    def test_one_alone(self, scim: Scim, ann: Contact, path: str, active: Operation) -> None:
        before = scim.read(ann.pk)
        operations = (
            [{"op": "Replace", "path": path, "value": TOMBSTONE}, active]
            if active
            else [{"op": "Replace", "path": path, "value": TOMBSTONE}]
        )
        after = patched(scim, ann, *operations)
        assert after["active"] is not bool(active)
        ignored = {"active", "meta"}
        assert {k: v for k, v in after.items() if k not in ignored} == {
            k: v for k, v in before.items() if k not in ignored
        }
        assert addresses_of(ann) == ["ann@northwind.example"]

    def test_all_at_once(self, scim: Scim, ann: Contact) -> None:
        value = {
            "userName": TOMBSTONE,
            "displayName": TOMBSTONE,
            WORK: TOMBSTONE,
            "title": "Chef",
            "active": False,
        }
        after = patched(scim, ann, {"op": "replace", "value": value})
        assert (after["userName"], after["displayName"]) == ("ann@northwind.example", "Uma Example")
        assert (after["title"], after["active"]) == ("Chef", False)

    def test_after_a_rename_that_never_came(self, scim: Scim, ann: Contact) -> None:
        """The deactivation beside it tells it."""
        name = TOMBSTONE.replace("ann@", "anna@")
        after = patched(
            scim,
            ann,
            {"op": "Replace", "path": "userName", "value": name},
            {"op": "Replace", "path": "active", "value": False},
        )
        assert after["userName"] == "ann@northwind.example"

    def test_the_recreated_object_is_the_same_contact(self, scim: Scim, ann: Contact) -> None:
        """R18: because the name was kept."""
        patched(
            scim,
            ann,
            {"op": "Replace", "path": "userName", "value": TOMBSTONE},
            {"op": "Replace", "path": "active", "value": False},
        )
        assert scim.created(login="ann", externalId="e2").pk == ann.pk

    def test_a_long_name_of_a_living_user_is_a_name(self, scim: Scim, ann: Contact) -> None:
        """Only this contact's own old name makes a tombstone."""
        name = TOMBSTONE.replace("ann@", "zoe@")
        assert patched(scim, ann, {"op": "Replace", "path": "userName", "value": name})["userName"] == name


class TestNothing:
    """R24: what changes nothing writes no line, but moves "last synced"."""

    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "Replace", "path": "title", "value": "Cook"},
            {"op": "Replace", "path": "active", "value": "True"},
            {"op": "Add", "path": WORK, "value": "ann@northwind.example"},
            {"op": "Add", "path": "nickName", "value": "Ann"},
            {"op": "Add", "path": "manager", "value": [{"$ref": "http://x/Users/1", "value": "1"}]},
            {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": ""},
            {"op": "Replace", "path": 'addresses[type eq "work"].country', "value": "PT"},
            {"op": "Add", "path": "roles", "value": [{"value": '{"id":"1"}'}]},
            {"op": "Add", "path": "urn:example:2.0:User:x", "value": 1},
            {"op": "Add", "path": f"{CUSTOM}:cf_unknown", "value": "x"},
            {"op": "replace", "value": {"nickName": "Ann", "a b": 1, "": 2}},
            {"op": "replace", "value": {}},
            {"op": "Remove", "path": "members", "value": [{"value": "1"}]},
            {"op": "Replace", "path": "meta.location", "value": "x"},
        ],
    )
    def test_no_line_but_last_synced(self, scim: Scim, ann: Contact, operation: Operation) -> None:
        lines, before = TimelineEntry.objects.count(), scim.read(ann.pk)
        assert patched(scim, ann, operation) == before
        assert TimelineEntry.objects.count() == lines
        assert not Contact.objects.filter(last_synced_at__lte=ann.last_synced_at).exists()
        assert LogEntry.objects.latest("id").action == "nothing"

    def test_last_modified_moves_with_a_change_only(self, scim: Scim, ann: Contact) -> None:
        moments = [
            scim.replace(ann.pk, "title", title).json()["meta"]["lastModified"]
            for title in ("Cook", "Chef", "Chef")
        ]
        assert moments[0] < moments[1] == moments[2]

    def test_unknown_attributes_beside_known_ones(self, scim: Scim, ann: Contact) -> None:
        """R9: the rest is applied, the log counts them."""
        unknown = [
            {"op": "Add", "path": path, "value": "x"} for path in ("nickName", "preferredLanguage", "roles")
        ]
        assert (
            patched(scim, ann, *unknown, {"op": "Replace", "path": "title", "value": "Chef"})["title"]
            == "Chef"
        )
        assert LogEntry.objects.latest("id").ignored == 3


class TestOneWay:
    """R25: an agent's edit lasts until Entra sends that attribute again."""

    def test_an_edit_is_seen_and_overwritten(self, scim: Scim, ann: Contact) -> None:
        agent_writes(ann, title="Agent's choice", name="Agent's name")
        assert scim.read(ann.pk)["title"] == "Agent's choice"
        resource = patched(scim, ann, {"op": "Replace", "path": "title", "value": "Chef"})
        assert (resource["title"], resource["displayName"]) == ("Chef", "Agent's name")

    def test_the_same_value_again_undoes_the_edit(self, scim: Scim, ann: Contact) -> None:
        agent_writes(ann, title="Agent's choice")
        assert patched(scim, ann, {"op": "Replace", "path": "title", "value": "Cook"})["title"] == "Cook"

    def test_the_timeline_tells_who(self, scim: Scim, ann: Contact) -> None:
        """R43: one line a request, with old and new."""
        patched(
            scim,
            ann,
            {"op": "Replace", "path": "title", "value": "Chef"},
            {"op": "Add", "path": MOBILE, "value": "2"},
        )
        assert timeline_of(ann)[-1] == ("updated", {"title": ["Cook", "Chef"], "mobile": ["", "2"]})

    def test_a_suspended_contact_is_updated_and_stays_suspended(self, scim: Scim, ann: Contact) -> None:
        """R35."""
        by_agent(lifecycle.suspend, ann)
        resource = patched(
            scim,
            ann,
            {"op": "Replace", "path": "title", "value": "Chef"},
            {"op": "Replace", "path": "active", "value": "True"},
        )
        assert (resource["title"], resource["active"], fresh(ann).is_suspended) == ("Chef", True, True)


def test_a_patch_touches_one_contact(scim: Scim, ann: Contact) -> None:
    """Others stay as they are."""
    bea = scim.created(login="bea", title="Baker")
    before = scim.read(bea.pk)
    patched(
        scim,
        ann,
        {"op": "Replace", "path": "title", "value": "Chef"},
        {"op": "Replace", "path": "active", "value": False},
    )
    assert scim.read(bea.pk) == before
