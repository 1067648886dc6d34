"""Deleting, suspending and coming back, with what becomes of the tickets (R26 to R35, R42)."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from contacts import lifecycle, tickets
from contacts.draft import Change
from contacts.errors import InvalidTransition, SuspendedContact
from contacts.models import Action, Contact, ContactField, SyncStatus, Ticket
from deskscim.provisioning.models import Connection, LogEntry
from tests.domain import AGENT, ENTRA, addresses_of, agent_writes, entra_writes, push, timeline_of, work
from tests.factories import ConnectionFactory, ContactFactory, TicketFactory

pytestmark = pytest.mark.django_db

Cause = Ticket.SpamCause
Step: TypeAlias = Callable[[Contact], Change]


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann(connection: Connection) -> Contact:
    """Ann, linked and live."""
    return push(connection, "ann@x.example", external_id="E-1", title="Boss").contact


def stored(contact: Contact) -> Contact:
    """The row, read anew."""
    return Contact.objects.get(pk=contact.pk)


def agent_deletes(contact: Contact) -> Change:
    return lifecycle.soft_delete(contact=lifecycle.lock(contact.pk), actor=AGENT)


def agent_restores(contact: Contact) -> Change:
    return lifecycle.restore(contact=lifecycle.lock(contact.pk), actor=AGENT)


def agent_suspends(contact: Contact) -> Change:
    return lifecycle.suspend(contact=lifecycle.lock(contact.pk), actor=AGENT)


def agent_unsuspends(contact: Contact) -> Change:
    return lifecycle.unsuspend(contact=lifecycle.lock(contact.pk), actor=AGENT)


def entra_deactivates(contact: Contact) -> Change:
    return entra_writes(contact, active=False)


def entra_reactivates(contact: Contact) -> Change:
    return entra_writes(contact, active=True)


def entra_deletes(contact: Contact, **said: Any) -> Change:
    """SCIM DELETE."""
    return lifecycle.unlink(contact=lifecycle.lock(contact.pk), actor=ENTRA, **said)


def agent_erases(contact: Contact) -> None:
    lifecycle.erase(contact=lifecycle.lock(contact.pk), actor=AGENT)


def tab_of(contact: Contact) -> str:
    """The tab of the portal that shows the contact; it is in one and no more."""
    tabs = {
        "all": Contact.objects.active(),
        "suspended": Contact.objects.suspended(),
        "deleted": Contact.objects.deleted(),
    }
    (tab,) = [name for name, rows in tabs.items() if rows.filter(pk=contact.pk).exists()]
    return tab


def causes(contact: Contact) -> list[str]:
    """Why each ticket of the contact is spam, the oldest first."""
    return list(Ticket.objects.filter(contact=contact).order_by("id").values_list("spam_cause", flat=True))


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

    def test_nothing_is_managed_by_entra_any_more(self, ann: Contact) -> None:
        """R25, R28."""
        entra_deletes(ann)
        assert stored(ann).entra_fields == []

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


class TestTickets:
    """R27, R35: what made a ticket spam is kept, so that each step back undoes its own work."""

    @pytest.fixture(autouse=True)
    def three_tickets(self, ann: Contact) -> None:
        """One in work, one solved, one that an agent marked as spam long ago."""
        for spam, status in (("", "open"), ("", "solved"), ("agent", "open")):
            TicketFactory(contact=ann, spam_cause=spam, status=status)

    @pytest.mark.parametrize("delete", [agent_deletes, entra_deactivates, entra_deletes])
    def test_a_deletion_makes_them_spam(self, ann: Contact, delete: Step) -> None:
        """R27, R28: out of the working views, still in All Tickets."""
        delete(ann)
        assert causes(ann) == [Cause.DELETION, Cause.DELETION, Cause.AGENT]
        assert (Ticket.objects.working().count(), Ticket.objects.spam().count()) == (0, 3)
        assert Ticket.objects.count() == 3

    @pytest.mark.parametrize("delete", [agent_deletes, entra_deactivates])
    @pytest.mark.parametrize("restore", [agent_restores, entra_reactivates])
    def test_coming_back_takes_them_out(self, ann: Contact, delete: Step, restore: Step) -> None:
        """R31, R34: except the one that was spam before."""
        delete(ann)
        restore(ann)
        assert causes(ann) == ["", "", Cause.AGENT]

    def test_a_rehire_takes_them_out(self, ann: Contact, connection: Connection) -> None:
        """R18, R27."""
        entra_deletes(ann)
        push(connection, "ann@x.example", external_id="new")
        assert causes(ann) == ["", "", Cause.AGENT]

    def test_their_status_is_untouched(self, ann: Contact) -> None:
        """R27."""
        agent_deletes(ann)
        agent_restores(ann)
        assert list(Ticket.objects.order_by("id").values_list("status", flat=True)) == [
            "open",
            "solved",
            "open",
        ]

    def test_tickets_of_others_are_untouched(self, ann: Contact) -> None:
        """R27."""
        other = TicketFactory()
        agent_suspends(ann)
        agent_deletes(ann)
        assert causes(other.contact) == [""]

    @pytest.mark.parametrize("delete", ["deactivate", "SCIM DELETE"])
    def test_with_keep_they_stay_as_they_are(self, ann: Contact, connection: Connection, delete: str) -> None:
        """R27, R4."""
        Connection.objects.update(tickets_on_delete="keep")
        if delete == "deactivate":
            entra_deactivates(ann)
        else:
            entra_deletes(ann, keep_tickets=True)
        assert causes(ann) == ["", "", Cause.AGENT]

    def test_keep_binds_entra_not_agents(self, ann: Contact) -> None:
        """R27, R4: the setting is the connection's."""
        Connection.objects.update(tickets_on_delete="keep")
        agent_deletes(ann)
        assert causes(ann) == [Cause.DELETION, Cause.DELETION, Cause.AGENT]

    def test_keep_set_later_still_brings_back_what_became_spam(self, ann: Contact) -> None:
        """R27, R31."""
        entra_deactivates(ann)
        Connection.objects.update(tickets_on_delete="keep")
        entra_reactivates(ann)
        assert causes(ann) == ["", "", Cause.AGENT]

    def test_a_suspension_makes_them_spam_and_lifting_it_takes_them_out(self, ann: Contact) -> None:
        """R35."""
        agent_suspends(ann)
        assert causes(ann) == [Cause.SUSPENSION, Cause.SUSPENSION, Cause.AGENT]
        agent_unsuspends(ann)
        assert causes(ann) == ["", "", Cause.AGENT]

    def test_a_ticket_taken_out_of_spam_stays_out(self, ann: Contact) -> None:
        """R27: a restore brings back what was before, under a suspension too."""
        agent_suspends(ann)
        ticket = Ticket.objects.filter(contact=ann).order_by("id")[0]
        tickets.unmark_spam(ticket_id=ticket.pk)
        agent_deletes(ann)
        assert causes(ann) == [Cause.DELETION, Cause.SUSPENSION, Cause.AGENT]
        agent_restores(ann)
        assert causes(ann) == ["", Cause.SUSPENSION, Cause.AGENT]

    @pytest.mark.parametrize("keep", ["spam", "keep"])
    def test_every_order_of_steps_leads_back(self, ann: Contact, keep: str) -> None:
        """R27, R31, R35: four steps deep, each way of deleting and coming back included."""
        Connection.objects.update(tickets_on_delete=keep)
        assert sum(walk(ann, State(), depth=4)) > 100


class State:
    """What the rules say of Ann after some steps: the model that the lifecycle is held against."""

    def __init__(self, *, deleted: bool = False, suspended: bool = False, hidden: bool = False) -> None:
        self.deleted = deleted
        self.suspended = suspended
        self.hidden = hidden  # the deletion, and not `keep`, made the tickets spam

    @property
    def tab(self) -> str:
        return "deleted" if self.deleted else "suspended" if self.suspended else "all"

    def steps(self, *, keep: bool) -> dict[Step, "State"]:
        """Each step that leads on, and where to."""
        gone = {"deleted": True, "suspended": self.suspended}
        back = State(suspended=self.suspended)
        if self.deleted:
            steps: dict[Step, State] = {agent_restores: back, entra_reactivates: back}
            return steps | ({} if self.suspended else {agent_suspends: self._suspended(True)})
        return {
            agent_deletes: State(**gone, hidden=True),
            entra_deactivates: State(**gone, hidden=not keep),
            (agent_unsuspends if self.suspended else agent_suspends): self._suspended(not self.suspended),
        }

    def _suspended(self, suspended: bool) -> "State":
        return State(deleted=self.deleted, suspended=suspended, hidden=self.hidden)


def walk(ann: Contact, state: State, depth: int) -> Iterator[int]:
    """Go every way from here, `depth` steps far, and check each station; yields 1 for each."""
    keep = Connection.objects.get().tickets_on_delete == "keep"
    for step, after in state.steps(keep=keep).items() if depth else ():
        mark = transaction.savepoint()
        step(ann)
        spam = [cause != "" for cause in causes(ann)]
        hidden = after.suspended or (after.deleted and after.hidden)
        assert (tab_of(ann), spam) == (after.tab, [hidden, hidden, True])
        assert causes(ann)[2] == Cause.AGENT
        yield 1
        yield from walk(ann, after, depth - 1)
        transaction.savepoint_rollback(mark)


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


class TestMarkingSpam:
    def test_the_contact_is_suspended_and_all_its_tickets_are_spam(self, ann: Contact) -> None:
        """R35."""
        ticket, _ = TicketFactory(contact=ann), TicketFactory(contact=ann)
        tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT)
        assert (tab_of(ann), causes(ann)) == ("suspended", [Cause.AGENT, Cause.SUSPENSION])

    def test_the_marked_ticket_stays_spam_when_the_suspension_is_lifted(self, ann: Contact) -> None:
        """R27, R35."""
        ticket, _ = TicketFactory(contact=ann), TicketFactory(contact=ann)
        tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT)
        agent_unsuspends(ann)
        assert causes(ann) == [Cause.AGENT, ""]

    def test_a_ticket_that_a_suspension_made_spam_can_be_marked_by_its_own(self, ann: Contact) -> None:
        """R27: then lifting the suspension does not bring it back."""
        ticket = TicketFactory(contact=ann)
        agent_suspends(ann)
        tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT)
        agent_unsuspends(ann)
        assert causes(ann) == [Cause.AGENT]

    def test_a_ticket_of_a_deleted_contact_can_be_marked(self, ann: Contact) -> None:
        """R35: the contact is suspended when it comes back."""
        ticket, _ = TicketFactory(contact=ann), TicketFactory(contact=ann)
        agent_deletes(ann)
        tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT)
        agent_restores(ann)
        assert (tab_of(ann), causes(ann)) == ("suspended", [Cause.AGENT, Cause.SUSPENSION])

    def test_twice_is_refused(self, ann: Contact) -> None:
        ticket = TicketFactory(contact=ann)
        tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT)
        with pytest.raises(InvalidTransition):
            tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT)

    @pytest.mark.parametrize("cause", sorted(set(Cause.values) - {""}))
    def test_one_ticket_can_be_taken_out_of_spam(self, ann: Contact, cause: str) -> None:
        """R27: its contact stays as it is."""
        ticket = TicketFactory(contact=ann, spam_cause=cause)
        agent_suspends(ann)
        assert not tickets.unmark_spam(ticket_id=ticket.pk).is_spam
        assert (tab_of(ann), causes(ann)) == ("suspended", [""])

    def test_what_is_no_spam_cannot_be_taken_out(self) -> None:
        with pytest.raises(InvalidTransition):
            tickets.unmark_spam(ticket_id=TicketFactory().pk)

    @pytest.mark.parametrize(
        "act",
        [
            lambda pk: tickets.mark_spam(ticket_id=pk, actor=AGENT),
            lambda pk: tickets.unmark_spam(ticket_id=pk),
        ],
    )
    def test_a_ticket_that_is_gone(self, act: Callable[[int], object]) -> None:
        with pytest.raises(Ticket.DoesNotExist):
            act(1)


class TestOpeningTickets:
    def test_a_live_contact_opens_one(self, ann: Contact) -> None:
        ticket = tickets.open_ticket(contact=lifecycle.lock(ann.pk), subject="Help", description="Please")
        assert (ticket.status, ticket.is_spam, Ticket.objects.working().get()) == ("open", False, ticket)

    def test_a_suspended_contact_cannot(self, ann: Contact) -> None:
        """R35."""
        agent_suspends(ann)
        with pytest.raises(SuspendedContact):
            tickets.open_ticket(contact=lifecycle.lock(ann.pk), subject="Help")

    def test_a_deleted_contact_cannot(self, ann: Contact) -> None:
        """R26."""
        agent_deletes(ann)
        with pytest.raises(InvalidTransition):
            tickets.open_ticket(contact=lifecycle.lock(ann.pk), subject="Help")


def whole_database() -> str:
    """Every value of every table, as one text."""
    with database.cursor() as cursor:
        rows: list[Any] = []
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return repr(rows)


class TestErasing:
    PERSONAL = "Rosebud"

    def fill(self, connection: Connection) -> Contact:
        """A contact with something personal wherever it can be, in the past too."""
        columns = ("name", "given_name", "family_name", "title", "phone", "mobile", "department")
        more = ("employee_number", "organization")
        words: dict[str, Any] = {column: f"{self.PERSONAL} {column}" for column in columns + more}
        ContactField.objects.create(label="Pet", api_name="cf_pet", type="text")
        contact = push(
            connection,
            f"{self.PERSONAL}@x.example",
            external_id=self.PERSONAL,
            custom_fields={"cf_pet": self.PERSONAL},
            **words,
        ).contact
        TicketFactory(contact=contact, subject=self.PERSONAL, description=self.PERSONAL)
        entra_writes(contact, title="Boss", emails=work(f"{self.PERSONAL}.new@x.example"))
        agent_writes(contact, phone=f"{self.PERSONAL} again")
        return contact

    def test_no_personal_value_remains_anywhere(self, connection: Connection) -> None:
        """R30: in no table, nor in the log of what the connection did."""
        contact = self.fill(connection)
        LogEntry.objects.create(
            at=timezone.now(),
            connection=connection,
            contact=contact,
            method="POST",
            action=Action.CREATED,
            outcome="success",
            status=201,
            duration_ms=1,
        )
        assert self.PERSONAL in whole_database()
        agent_deletes(contact)
        agent_erases(contact)
        assert self.PERSONAL.lower() not in whole_database().lower()
        assert LogEntry.objects.get().contact is None

    @pytest.mark.parametrize("delete", [agent_deletes, entra_deactivates, entra_deletes])
    def test_whoever_deleted_it(self, ann: Contact, delete: Step) -> None:
        """R30."""
        delete(ann)
        agent_erases(ann)
        assert not Contact.objects.exists()

    def test_only_from_deleted_contacts(self, ann: Contact) -> None:
        """R30."""
        with pytest.raises(InvalidTransition):
            agent_erases(ann)
        agent_suspends(ann)
        with pytest.raises(InvalidTransition):
            agent_erases(ann)
        assert stored(ann) == ann

    def test_a_later_post_makes_a_fresh_contact(self, ann: Contact, connection: Connection) -> None:
        """R17, R30: erasing frees address, userName and externalId."""
        agent_deletes(ann)
        agent_erases(ann)
        change = push(connection, "ann@x.example", external_id="E-1")
        assert (change.action, change.contact.pk == ann.pk) == (Action.CREATED, False)
        assert stored(change.contact).title == ""

    def test_others_stay(self, ann: Contact) -> None:
        """R30."""
        other = TicketFactory(contact=ContactFactory(emails=["bob@x.example"])).contact
        agent_deletes(ann)
        agent_erases(ann)
        assert (Contact.objects.get(), causes(other)) == (other, [""])
