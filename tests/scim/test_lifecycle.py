"""Whole sequences of Entra and agents: deactivated, deleted, brought back (R18, R24, R26 to R35)."""

import pytest

from contacts import lifecycle, tickets
from contacts.models import Contact, Ticket, TimelineEntry
from deskscim.provisioning.models import Connection, LogEntry
from tests.domain import AGENT, agent_writes, timeline_of
from tests.factories import TicketFactory

from .conftest import Scim, by_agent, fresh, patched, refusal

pytestmark = pytest.mark.django_db


def spam(contact: Contact) -> list[str]:
    """Why each of its tickets is spam; "" for one that is not."""
    return list(Ticket.objects.filter(contact=contact).order_by("id").values_list("spam_cause", flat=True))


class TestEntra:
    @pytest.mark.parametrize("value", ["False", "false", False, ["False"]])
    @pytest.mark.parametrize("path", ["active", "ACTIVE", None])
    def test_off_and_on(self, scim: Scim, ann: Contact, value: object, path: str | None) -> None:
        """R26, R27, R29, R31: into Deleted Contacts and back, under the same id."""
        TicketFactory(contact=ann)
        off = (
            {"op": "Replace", "path": path, "value": value}
            if path
            else {"op": "Replace", "value": {"active": value}}
        )
        assert patched(scim, ann, off)["active"] is False
        assert (fresh(ann).is_deleted, fresh(ann).deleted_by, fresh(ann).sync_status) == (
            True,
            "entra",
            "deactivated",
        )
        assert spam(ann) == ["deletion"]
        assert [one["active"] for one in scim.find('externalId eq "e1"')] == [False]
        assert scim.replace(ann.pk, "active", "True").json()["active"] is True
        assert (fresh(ann).is_deleted, fresh(ann).deleted_by, fresh(ann).sync_status) == (False, "", "synced")
        assert spam(ann) == [""]
        assert [action for action, _ in timeline_of(ann)] == ["created", "deactivated", "reactivated"]

    def test_twice_is_once(self, scim: Scim, ann: Contact) -> None:
        """R24."""
        for value in ("False", "False", "True", "True"):
            scim.replace(ann.pk, "active", value)
        assert TimelineEntry.objects.filter(contact=ann).count() == 3

    def test_off_and_on_in_one_request(self, scim: Scim, ann: Contact) -> None:
        """R21: operations run in order; the last word counts."""
        off, on = ({"op": "Replace", "path": "active", "value": value} for value in ("False", "True"))
        assert patched(scim, ann, off, on)["active"] is True
        assert patched(scim, ann, on, off)["active"] is False

    def test_together_with_a_change(self, scim: Scim, ann: Contact) -> None:
        off = {"op": "Replace", "path": "active", "value": "False"}
        name = {"op": "Replace", "path": "displayName", "value": "Ann (left)"}
        assert patched(scim, ann, off, name)["displayName"] == "Ann (left)"
        assert timeline_of(ann)[-1][1] == {"deleted_at": [False, True], "name": ["Uma Example", "Ann (left)"]}

    def test_other_changes_leave_it_deactivated(self, scim: Scim, ann: Contact) -> None:
        """R33."""
        scim.replace(ann.pk, "active", False)
        assert scim.replace(ann.pk, "title", "Retired").json()["active"] is False
        assert (fresh(ann).title, fresh(ann).is_deleted) == ("Retired", True)

    def test_only_its_own_spam_comes_back(self, scim: Scim, ann: Contact) -> None:
        """R27: the cause is kept for each ticket."""
        TicketFactory(contact=ann, spam_cause="agent")
        TicketFactory(contact=ann)
        scim.replace(ann.pk, "active", False)
        assert spam(ann) == ["agent", "deletion"]
        scim.replace(ann.pk, "active", True)
        assert spam(ann) == ["agent", ""]

    @pytest.mark.parametrize("step", ["active", "delete", "post"])
    def test_a_connection_may_keep_the_tickets(self, scim: Scim, ann: Contact, step: str) -> None:
        """R27."""
        Connection.objects.update(tickets_on_delete="keep")
        TicketFactory(contact=ann)
        if step == "active":
            scim.replace(ann.pk, "active", False)
        else:
            scim.delete(ann.pk)
        if step == "post":
            scim.created(login="ann", active=False)
        assert (fresh(ann).is_deleted, spam(ann)) == (True, [""])


class TestDelete:
    def test_a_soft_delete_that_cuts_the_link(self, scim: Scim, ann: Contact) -> None:
        """R28."""
        TicketFactory(contact=ann)
        answer = scim.delete(ann.pk)
        assert (answer.status_code, answer.content) == (204, b"")
        assert (fresh(ann).is_deleted, fresh(ann).is_linked, fresh(ann).sync_status) == (
            True,
            False,
            "not_synced",
        )
        assert spam(ann) == ["deletion"]

    @pytest.mark.parametrize(
        "before", ["live", "disabled", "deleted by an agent", "suspended", "out of step"]
    )
    def test_afterwards_the_id_is_nobodys(self, scim: Scim, ann: Contact, before: str) -> None:
        """R28: in whatever state it was."""
        if before in ("disabled", "out of step"):
            scim.replace(ann.pk, "active", False)
        if before == "out of step":
            by_agent(lifecycle.restore, ann)
        if before in ("deleted by an agent", "suspended"):
            by_agent(lifecycle.suspend if before == "suspended" else lifecycle.soft_delete, ann)
        assert scim.delete(ann.pk).status_code == 204
        answers = [scim.get(f"/Users/{ann.pk}"), scim.delete(ann.pk), scim.replace(ann.pk, "active", True)]
        answers.append(scim.send("PUT", f"/Users/{ann.pk}", {"userName": "ann"}))
        assert [refusal(one) for one in answers] == [(404, "")] * 4
        assert scim.find('externalId eq "e1"') + scim.find('userName eq "ann@northwind.example"') == []
        assert scim.get("/Users").json()["totalResults"] == 0
        assert fresh(ann).is_deleted

    def test_a_body_is_no_matter(self, scim: Scim, ann: Contact) -> None:
        assert scim.send("DELETE", f"/Users/{ann.pk}", b"not json").status_code == 204

    def test_an_agent_can_restore_what_entra_deleted(self, scim: Scim, ann: Contact) -> None:
        """R34: an unlinked contact from then on, which a POST links again (R14)."""
        scim.delete(ann.pk)
        by_agent(lifecycle.restore, ann)
        assert scim.get(f"/Users/{ann.pk}").status_code == 404
        assert scim.created(login="ann", externalId="e1").pk == ann.pk

    def test_the_whole_life(self, scim: Scim) -> None:
        """REPORT 1.5, as the log tells it (R44)."""
        contact = scim.created(login="ann", externalId="e1")
        scim.replace(contact.pk, "title", "Editor")
        for value in ("False", "True", "False"):
            scim.replace(contact.pk, "active", value)
        scim.delete(contact.pk)
        assert scim.created(login="ann", externalId="e1").pk == contact.pk
        actions = LogEntry.objects.order_by("id").values_list("action", flat=True)
        expected = ["created", "updated", "deactivated", "reactivated", "deactivated", "deleted", "linked"]
        assert list(actions) == expected
        assert {entry.contact_id for entry in LogEntry.objects.all()} == {contact.pk}


class TestAgents:
    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "Replace", "path": "title", "value": "Chef"},
            {"op": "Replace", "path": "title", "value": "Cook"},
            {"op": "Replace", "path": "active", "value": "True"},
            {"op": "Add", "path": "nickName", "value": "x"},
            {"op": "replace", "value": {}},
        ],
        ids=["a change", "no change", "active true", "an unknown path", "nothing"],
    )
    def test_what_an_agent_deleted_comes_back_with_any_write(
        self, scim: Scim, ann: Contact, operation: dict[str, object]
    ) -> None:
        """R32: while Entra holds the user active. Its spam comes back too (R31)."""
        TicketFactory(contact=ann)
        by_agent(lifecycle.soft_delete, ann)
        assert (scim.read(ann.pk)["active"], fresh(ann).sync_status) == (False, "out_of_step")
        assert patched(scim, ann, operation)["active"] is True
        assert (fresh(ann).is_deleted, spam(ann)) == (False, [""])
        assert LogEntry.objects.latest("id").action == "reactivated"

    def test_reading_brings_nobody_back(self, scim: Scim, ann: Contact) -> None:
        """R32: only a write."""
        by_agent(lifecycle.soft_delete, ann)
        scim.read(ann.pk)
        scim.find('externalId eq "e1"')
        assert fresh(ann).is_deleted

    def test_a_refused_write_brings_nobody_back(self, scim: Scim, ann: Contact) -> None:
        """R21: nothing is half done."""
        by_agent(lifecycle.soft_delete, ann)
        assert scim.replace(ann.pk, "active", "maybe").status_code == 400
        assert fresh(ann).is_deleted

    def test_active_false_makes_the_deletion_entras(self, scim: Scim, ann: Contact) -> None:
        """R33: from then on a profile change leaves it deleted."""
        by_agent(lifecycle.soft_delete, ann)
        scim.replace(ann.pk, "active", "False")
        scim.replace(ann.pk, "title", "Chef")
        assert (fresh(ann).is_deleted, fresh(ann).deleted_by, fresh(ann).sync_status) == (
            True,
            "entra",
            "deactivated",
        )
        assert scim.replace(ann.pk, "active", "True").json()["active"] is True

    def test_an_agent_restores_what_entra_deactivated(self, scim: Scim, ann: Contact) -> None:
        """R34: Out of step; a profile change leaves it live, active false takes it away again."""
        scim.replace(ann.pk, "active", False)
        by_agent(lifecycle.restore, ann)
        assert (scim.read(ann.pk)["active"], fresh(ann).sync_status) == (True, "out_of_step")
        scim.replace(ann.pk, "title", "Chef")
        assert not fresh(ann).is_deleted
        assert scim.replace(ann.pk, "active", False).json()["active"] is False
        assert fresh(ann).is_deleted

    def test_restored_and_then_activated(self, scim: Scim, ann: Contact) -> None:
        """R34: the two agree again."""
        scim.replace(ann.pk, "active", False)
        by_agent(lifecycle.restore, ann)
        scim.replace(ann.pk, "active", True)
        assert fresh(ann).sync_status == "synced"

    def test_deleted_again_after_a_restore_of_what_entra_holds_inactive(
        self, scim: Scim, ann: Contact
    ) -> None:
        """R33: Entra no longer holds the user, so a profile change brings nobody back."""
        scim.replace(ann.pk, "active", False)
        by_agent(lifecycle.restore, ann)
        by_agent(lifecycle.soft_delete, ann)
        assert scim.replace(ann.pk, "title", "Chef").json()["active"] is False

    def test_edits_of_a_deactivated_contact(self, scim: Scim, ann: Contact) -> None:
        """R25: kept through the return."""
        scim.replace(ann.pk, "active", False)
        agent_writes(ann, title="Agent's choice")
        scim.replace(ann.pk, "active", True)
        assert scim.read(ann.pk)["title"] == "Agent's choice"

    @pytest.mark.parametrize("again", ["patch", "post"])
    def test_erased(self, scim: Scim, ann: Contact, again: str) -> None:
        """R30: 404 from then on; a POST makes a fresh contact."""
        by_agent(lifecycle.soft_delete, ann)
        by_agent(lifecycle.erase, ann)
        if again == "patch":
            assert refusal(scim.replace(ann.pk, "active", True)) == (404, "")
            assert not Contact.objects.exists()
        else:
            assert scim.created(login="ann", externalId="e1").pk != ann.pk
        assert scim.get(f"/Users/{ann.pk}").status_code == 404


class TestSuspended:
    """R35: Sync updates a suspended contact and does not lift the suspension."""

    @pytest.fixture
    def ticket(self, ann: Contact) -> Ticket:
        """The ticket that an agent marked as spam, so that Ann is suspended."""
        TicketFactory(contact=ann)
        ticket = TicketFactory(contact=ann)
        return tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT)

    def test_it_is_active_for_entra(self, scim: Scim, ann: Contact, ticket: Ticket) -> None:
        resource = patched(scim, ann, {"op": "Replace", "path": "title", "value": "Chef"})
        assert (resource["active"], resource["title"]) == (True, "Chef")
        assert (fresh(ann).is_suspended, spam(ann)) == (True, ["suspension", "agent"])

    def test_through_off_and_on(self, scim: Scim, ann: Contact, ticket: Ticket) -> None:
        """R27: the spam of the suspension stays with the suspension."""
        scim.replace(ann.pk, "active", False)
        assert (fresh(ann).is_deleted, scim.read(ann.pk)["active"]) == (True, False)
        scim.replace(ann.pk, "active", True)
        assert (fresh(ann).is_deleted, fresh(ann).is_suspended) == (False, True)
        assert spam(ann) == ["suspension", "agent"]
        by_agent(lifecycle.unsuspend, ann)
        assert spam(ann) == ["", "agent"]

    def test_through_delete_and_return(self, scim: Scim, ann: Contact, ticket: Ticket) -> None:
        """R18 restores, and lifts no suspension."""
        scim.delete(ann.pk)
        assert scim.created(login="ann").pk == ann.pk
        assert (fresh(ann).is_deleted, fresh(ann).is_suspended) == (False, True)

    def test_a_deactivation_after_the_suspension_is_lifted(
        self, scim: Scim, ann: Contact, ticket: Ticket
    ) -> None:
        by_agent(lifecycle.unsuspend, ann)
        scim.replace(ann.pk, "active", False)
        assert spam(ann) == ["deletion", "agent"]
        scim.replace(ann.pk, "active", True)
        assert spam(ann) == ["", "agent"]


def test_a_write_while_off_changes_nothing(scim: Scim, ann: Contact) -> None:
    """R4: 503 with Retry-After for every verb; nobody is reactivated by the way."""
    by_agent(lifecycle.soft_delete, ann)
    Connection.objects.update(enabled=False)
    answers = [
        scim.get("/Users"),
        scim.replace(ann.pk, "active", True),
        scim.delete(ann.pk),
        scim.post(login="bea"),
    ]
    assert [refusal(one) for one in answers] == [(503, "")] * 4
    assert {one.headers["Retry-After"] for one in answers} == {"600"}
    assert (Contact.objects.count(), fresh(ann).is_deleted, fresh(ann).sync_status) == (
        1,
        True,
        "out_of_step",
    )
