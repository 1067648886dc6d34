"""What becomes of tickets when their contact goes and comes back, and what marking one does (R27, R35)."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from contacts import lifecycle, tickets
from contacts.errors import InvalidTransition, SuspendedContact
from contacts.models import Contact, Ticket
from deskscim.provisioning.models import Connection
from tests.domain import (
    AGENT,
    Step,
    agent_deletes,
    agent_restores,
    agent_suspends,
    agent_unsuspends,
    causes,
    entra_deactivates,
    entra_deletes,
    entra_reactivates,
    push,
    tab_of,
)
from tests.factories import ConnectionFactory, TicketFactory

pytestmark = pytest.mark.django_db

Cause = Ticket.SpamCause


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann(connection: Connection) -> Contact:
    """Ann, linked and live."""
    return push(connection, "ann@x.example", external_id="E-1", title="Boss").contact


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

    def test_they_say_when_they_changed(self, ann: Contact) -> None:
        """R27."""
        before = Ticket.objects.filter(contact=ann).order_by("id")[0].updated_at
        agent_deletes(ann)
        assert Ticket.objects.filter(contact=ann).order_by("id")[0].updated_at > before

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
