"""Deleting, suspending and coming back, with what becomes of the tickets (R26 to R35, R42)."""

from typing import Any

import pytest
from django.utils import timezone

from contacts.errors import InvalidTransition
from contacts.models import Action, Contact, SyncStatus, Ticket
from deskscim.provisioning.models import Connection
from tests.domain import (
    Step,
    addresses_of,
    agent_deletes,
    agent_restores,
    agent_suspends,
    agent_unsuspends,
    agent_writes,
    entra_deactivates,
    entra_deletes,
    entra_reactivates,
    entra_writes,
    push,
    stored,
    tab_of,
    timeline_of,
    work,
)
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

Cause = Ticket.SpamCause


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann(connection: Connection) -> Contact:
    """Ann, linked and live."""
    return push(connection, "ann@x.example", external_id="E-1", title="Boss").contact


class TestDeactivating:
    def test_active_false_moves_the_contact_to_deleted(self, ann: Contact) -> None:
        """R26."""
        assert entra_deactivates(ann).action == Action.DEACTIVATED
        assert (tab_of(ann), stored(ann).deleted_by) == ("deleted", "entra")
        assert stored(ann).sync_status == SyncStatus.DEACTIVATED

    def test_the_connection_still_holds_it(self, ann: Contact, connection: Connection) -> None:
        """R29."""
        entra_deactivates(ann)
        assert Contact.objects.linked_to(connection.pk).get() == ann

    def test_values_that_come_with_it_are_applied(self, ann: Contact) -> None:
        """R21: one request, one line."""
        entra_writes(ann, active=False, title="Former boss")
        assert timeline_of(ann)[1:] == [
            (Action.DEACTIVATED, {"title": ["Boss", "Former boss"], "deleted_at": [False, True]})
        ]

    def test_twice_is_once(self, ann: Contact) -> None:
        """R24, R26."""
        entra_deactivates(ann)
        before = stored(ann).deleted_at
        assert entra_deactivates(ann).action == Action.NOTHING
        assert (stored(ann).deleted_at, len(timeline_of(ann))) == (before, 2)

    def test_a_deactivated_contact_takes_changes_and_stays(self, ann: Contact) -> None:
        """R33."""
        entra_deactivates(ann)
        entra_writes(ann, title="Chief", emails=work("new@x.example"))
        assert (tab_of(ann), stored(ann).title) == ("deleted", "Chief")
        assert addresses_of(ann) == ["new@x.example", "ann@x.example"]

    def test_active_true_restores(self, ann: Contact) -> None:
        """R31."""
        entra_deactivates(ann)
        assert entra_reactivates(ann).action == Action.REACTIVATED
        assert (tab_of(ann), stored(ann).deleted_by) == ("all", "")
        assert stored(ann).sync_status == SyncStatus.SYNCED


class TestAgentDeletes:
    def test_the_contact_moves_to_deleted(self, ann: Contact) -> None:
        """R28, R34: Entra still holds it active."""
        assert agent_deletes(ann).action == Action.DELETED
        assert (tab_of(ann), stored(ann).deleted_by) == ("deleted", "agent")
        assert stored(ann).sync_status == SyncStatus.OUT_OF_STEP

    def test_twice_is_refused(self, ann: Contact) -> None:
        agent_deletes(ann)
        with pytest.raises(InvalidTransition):
            agent_deletes(ann)

    @pytest.mark.parametrize("values", [{}, {"title": "Boss"}, {"title": "Chief"}])
    @pytest.mark.parametrize("active", [None, True])
    def test_any_later_write_of_entra_reactivates(
        self, ann: Contact, values: dict[str, Any], active: bool | None
    ) -> None:
        """R32."""
        agent_deletes(ann)
        assert entra_writes(ann, active=active, **values).action == Action.REACTIVATED
        assert tab_of(ann) == "all"

    def test_a_write_with_active_false_does_not(self, ann: Contact) -> None:
        """R32: from now on it is Entra's deletion."""
        agent_deletes(ann)
        entra_deactivates(ann)
        assert (tab_of(ann), stored(ann).deleted_by) == ("deleted", "entra")
        assert stored(ann).sync_status == SyncStatus.DEACTIVATED
        entra_writes(ann, title="Chief")
        assert tab_of(ann) == "deleted"

    def test_an_agents_own_edit_does_not_restore(self, ann: Contact) -> None:
        """R32: only Entra's writes reactivate."""
        agent_deletes(ann)
        agent_writes(ann, title="Chief")
        assert tab_of(ann) == "deleted"

    def test_what_entra_deactivated_before_stays_deleted(self, ann: Contact) -> None:
        """R33, R34: restored and deleted again by agents, while Entra never said active true."""
        entra_deactivates(ann)
        agent_restores(ann)
        agent_deletes(ann)
        entra_writes(ann, title="Chief")
        assert tab_of(ann) == "deleted"
        entra_reactivates(ann)
        assert tab_of(ann) == "all"


class TestAgentRestores:
    def test_what_an_agent_deleted_is_back_in_step(self, ann: Contact) -> None:
        """R34."""
        agent_deletes(ann)
        assert agent_restores(ann).action == Action.RESTORED
        assert (tab_of(ann), stored(ann).sync_status) == ("all", SyncStatus.SYNCED)

    def test_what_entra_holds_inactive_is_out_of_step(self, ann: Contact) -> None:
        """R34."""
        entra_deactivates(ann)
        agent_restores(ann)
        assert (tab_of(ann), stored(ann).sync_status) == ("all", SyncStatus.OUT_OF_STEP)

    def test_it_stays_restored_under_writes_that_do_not_speak_of_active(self, ann: Contact) -> None:
        """R34."""
        entra_deactivates(ann)
        agent_restores(ann)
        entra_writes(ann, title="Chief")
        assert tab_of(ann) == "all"

    @pytest.mark.parametrize(
        ("active", "tab", "status"),
        [(False, "deleted", SyncStatus.DEACTIVATED), (True, "all", SyncStatus.SYNCED)],
    )
    def test_entra_has_the_last_word(self, ann: Contact, active: bool, tab: str, status: SyncStatus) -> None:
        """R26, R31, R34."""
        entra_deactivates(ann)
        agent_restores(ann)
        entra_writes(ann, active=active)
        assert (tab_of(ann), stored(ann).sync_status) == (tab, status)

    def test_a_live_contact_cannot_be_restored(self, ann: Contact) -> None:
        with pytest.raises(InvalidTransition):
            agent_restores(ann)


class TestScimDelete:
    def test_the_link_is_cut(self, ann: Contact) -> None:
        """R28: a soft delete that Entra no longer sees."""
        entra_deletes(ann)
        contact = stored(ann)
        assert (tab_of(ann), contact.is_linked, contact.external_id) == ("deleted", False, "")
        assert contact.sync_status == SyncStatus.NOT_SYNCED

    def test_nothing_of_the_link_remains(self, ann: Contact) -> None:
        """R11, R25, R28, R42: neither what Entra manages nor what went wrong."""
        Contact.objects.update(unapplied=["cf_a"], sync_failed_at=timezone.now())
        entra_deletes(ann)
        contact = stored(ann)
        assert (contact.entra_fields, contact.unapplied, contact.sync_failed_at) == ([], [], None)

    def test_what_an_agent_deleted_before_stays_an_agents_deletion(self, ann: Contact) -> None:
        """R28."""
        deleted_at = agent_deletes(ann).contact.deleted_at
        entra_deletes(ann)
        assert (stored(ann).deleted_by, stored(ann).deleted_at) == ("agent", deleted_at)

    @pytest.mark.parametrize("state", [entra_deactivates, agent_deletes, agent_suspends])
    def test_from_every_state(self, ann: Contact, state: Step) -> None:
        """R28."""
        state(ann)
        entra_deletes(ann)
        assert (tab_of(ann), stored(ann).is_linked) == ("deleted", False)

    def test_the_timeline_tells(self, ann: Contact) -> None:
        """R43."""
        entra_deletes(ann)
        assert timeline_of(ann)[-1] == (
            Action.DELETED,
            {"deleted_at": [False, True], "external_id": ["E-1", ""], "linked": [True, False]},
        )

    def test_external_id_and_user_name_are_free(self, ann: Contact, connection: Connection) -> None:
        """R18, R28: a new POST of the same person, same externalId, brings the contact back."""
        entra_deletes(ann)
        again = push(connection, "ann@x.example", external_id="E-1").contact
        assert (again, tab_of(again)) == (ann, "all")

    def test_the_external_id_is_free_for_somebody_else(self, ann: Contact, connection: Connection) -> None:
        """R28."""
        entra_deletes(ann)
        assert push(connection, "bob@x.example", external_id="E-1").contact != ann

    def test_an_agent_restores_it_unlinked(self, ann: Contact) -> None:
        """R34."""
        entra_deletes(ann)
        agent_restores(ann)
        assert (tab_of(ann), stored(ann).sync_status) == ("all", SyncStatus.NOT_SYNCED)


class TestSuspending:
    def test_a_suspended_contact_has_its_own_tab(self, ann: Contact) -> None:
        """R35."""
        assert agent_suspends(ann).action == Action.SUSPENDED
        assert tab_of(ann) == "suspended"

    def test_twice_changes_nothing(self, ann: Contact) -> None:
        agent_suspends(ann)
        before = Contact.objects.filter(pk=ann.pk).values().get()
        assert agent_suspends(ann).action == Action.NOTHING
        assert Contact.objects.filter(pk=ann.pk).values().get() == before

    def test_sync_updates_it_and_does_not_lift_the_suspension(self, ann: Contact) -> None:
        """R35."""
        agent_suspends(ann)
        entra_writes(ann, active=True, title="Chief")
        assert (tab_of(ann), stored(ann).title) == ("suspended", "Chief")
        assert stored(ann).sync_status == SyncStatus.SYNCED

    def test_restoring_a_deleted_one_leaves_it_suspended(self, ann: Contact) -> None:
        """R34, R35."""
        agent_suspends(ann)
        agent_deletes(ann)
        assert tab_of(ann) == "deleted"
        agent_restores(ann)
        assert tab_of(ann) == "suspended"

    @pytest.mark.parametrize("state", [None, agent_deletes])
    def test_only_a_suspension_can_be_lifted(self, ann: Contact, state: Step | None) -> None:
        if state:
            state(ann)
        with pytest.raises(InvalidTransition, match="not suspended"):
            agent_unsuspends(ann)

    def test_a_deleted_one_is_restored_first(self, ann: Contact) -> None:
        """R35: lifting a suspension nobody sees would surprise."""
        agent_suspends(ann)
        agent_deletes(ann)
        with pytest.raises(InvalidTransition, match="Restore it first"):
            agent_unsuspends(ann)

    def test_the_timeline_tells(self, ann: Contact) -> None:
        """R43."""
        agent_suspends(ann)
        agent_unsuspends(ann)
        assert timeline_of(ann)[1:] == [
            (Action.SUSPENDED, {"suspended_at": [False, True]}),
            (Action.UNSUSPENDED, {"suspended_at": [True, False]}),
        ]
