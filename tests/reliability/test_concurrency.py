"""Two at the same time: whoever comes second sees what the first did, and nothing is lost or doubled.

Each test holds the first writer inside its transaction until the second waits for it, so that the two really
overlap, whatever the machine's speed. Needs PostgreSQL: SQLite lets one writer in at a time.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from django.test import Client

from companies.models import Company
from contacts import errors, lifecycle, tickets
from contacts.draft import Change
from contacts.models import Action, Contact, ContactAddress, Ticket, TimelineEntry
from contacts.values import Email, Values
from deskscim.provisioning.models import Connection, Token
from tests.domain import (
    AGENT,
    addresses_of,
    agent_deletes,
    agent_erases,
    agent_marks,
    agent_restores,
    agent_suspends,
    agent_unsuspends,
    agent_writes,
    entra_deletes,
    entra_writes,
    push,
    stored,
    timeline_of,
    work,
)
from tests.factories import ConnectionFactory, ContactFactory, TicketFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE = 20  # seconds until a test gives up on a thread that hangs

Write = Callable[[], Any]


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann(connection: Connection) -> Contact:
    """Ann, linked and live."""
    return push(connection, "ann@x.example", external_id="E-1", emails=work("ann@x.example")).contact


def outcome(write: Write) -> Any:
    """What `write` gives, or the error it raises, with a database connection that ends with it."""
    try:
        return write()
    except Exception as error:
        return error
    finally:
        database.close()


def somebody_waits() -> bool:
    """Whether a statement waits for another transaction of this database."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees activity only once otherwise
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def wait_until_blocked(running: Future[Any]) -> None:
    """Come back when the other writer waits for this one; fail when it ends, or never waits."""
    pause = threading.Event()
    for _ in range(PATIENCE * 100):
        if somebody_waits():
            return
        if running.done():
            pytest.fail(f"The second writer did not wait: {running.result()!r}")
        pause.wait(0.01)
    pytest.fail("The second writer neither waited nor ended.")


def overlapping(first: Write, second: Write, *, commit: bool = True) -> Any:
    """What becomes of `second`, begun after `first` has written and before its transaction ends."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running = pool.submit(outcome, second)
            wait_until_blocked(running)
            transaction.set_rollback(not commit)
        return running.result(PATIENCE)


def at_once(*writes: Write) -> list[Any]:
    """What becomes of several that start at one signal."""
    barrier = threading.Barrier(len(writes), timeout=PATIENCE)

    def begin(write: Write) -> Any:
        barrier.wait()
        return outcome(write)

    with ThreadPoolExecutor(len(writes)) as pool:
        running = [pool.submit(begin, write) for write in writes]
        return [one.result(PATIENCE) for one in running]


def rows() -> tuple[int, int, int]:
    """How many contacts, addresses and lines there are."""
    return Contact.objects.count(), ContactAddress.objects.count(), TimelineEntry.objects.count()


class TestEqualPosts:
    @pytest.mark.parametrize(
        ("second", "conflict"),
        [
            ({"user_name": "ann@x.example", "external_id": "E-1"}, errors.Conflict),
            ({"user_name": "bob@x.example", "external_id": "E-1"}, errors.ExternalIdTaken),
            ({"user_name": "ANN@x.example", "external_id": "E-2"}, errors.UserNameTaken),
            ({"user_name": "bob", "emails": work("Ann@x.example")}, errors.AddressTaken),
        ],
        ids=["everything", "externalId", "userName", "address"],
    )
    def test_the_second_is_refused_and_leaves_nothing(
        self, connection: Connection, second: dict[str, Any], conflict: type[errors.Conflict]
    ) -> None:
        """R15, R17: one contact."""
        refusal = overlapping(
            lambda: push(connection, "ann@x.example", external_id="E-1"),
            lambda: push(connection, **second),
        )
        assert isinstance(refusal, conflict)
        assert rows() == (1, 1, 1)

    def test_the_second_succeeds_when_the_first_is_rolled_back(self, connection: Connection) -> None:
        """R14."""

        def post() -> Change:
            return push(connection, "ann@x.example", external_id="E-1")

        assert overlapping(post, post, commit=False).action == Action.CREATED
        assert rows() == (1, 1, 1)

    def test_of_many_at_once_one_succeeds(self, connection: Connection) -> None:
        """R15."""
        results = at_once(*[lambda: push(connection, "ann@x.example", external_id="E-1")] * 6)
        assert sum(isinstance(one, Change) for one in results) == 1
        assert sum(isinstance(one, errors.Conflict) for one in results) == 5
        assert rows() == (1, 1, 1)

    def test_two_tenants_push_one_person(self, connection: Connection) -> None:
        """R4, R17: the address belongs to whoever came first."""
        other = ConnectionFactory()
        refusal = overlapping(lambda: push(connection, "ann@x.example"), lambda: push(other, "ann@x.example"))
        assert isinstance(refusal, errors.AddressTaken)
        assert Contact.objects.get().connection == connection

    def test_an_agent_was_quicker(self, connection: Connection) -> None:
        """R14, R17: refused at first; tried again, the agent's contact is linked."""
        values = Values(name="Ann", emails=[Email("ann@x.example")])

        def post() -> Change:
            return push(connection, "ann@x.example")

        refusal = overlapping(lambda: lifecycle.create(values=values, actor=AGENT), post)
        assert isinstance(refusal, errors.AddressTaken)
        assert (post().action, Contact.objects.count()) == (Action.LINKED, 1)

    def test_two_people_of_one_new_company(self) -> None:
        """R39: the company is created once, and neither is refused."""
        connection = ConnectionFactory(may_create_companies=True)
        overlapping(
            lambda: push(connection, "ann", company_name="Contoso"),
            lambda: push(connection, "bob", company_name="CONTOSO"),
        )
        assert Company.objects.get().contacts.count() == 2


class TestLinkRace:
    def test_two_tenants_link_one_contact(self, connection: Connection) -> None:
        """R14, R15: the second learns nothing of the first."""
        known = ContactFactory(emails=["ann@x.example"])
        other = ConnectionFactory()
        refusal = overlapping(lambda: push(connection, "ann@x.example"), lambda: push(other, "ann@x.example"))
        assert type(refusal) is errors.LinkedElsewhere
        assert stored(known).connection == connection

    def test_two_users_of_one_tenant_link_one_contact(self, connection: Connection) -> None:
        """R15."""
        known = ContactFactory(emails=["ann@x.example"])
        refusal = overlapping(
            lambda: push(connection, "ann@x.example", external_id="E-1"),
            lambda: push(connection, "ann.two", external_id="E-2", emails=work("ann@x.example")),
        )
        assert type(refusal) is errors.AddressTaken
        assert (stored(known).external_id, len(timeline_of(known))) == ("E-1", 1)

    def test_the_second_links_when_the_first_is_rolled_back(self, connection: Connection) -> None:
        """R14."""
        known = ContactFactory(emails=["ann@x.example"])
        other = ConnectionFactory()
        change = overlapping(
            lambda: push(connection, "ann@x.example"), lambda: push(other, "ann@x.example"), commit=False
        )
        assert (change.contact, stored(known).connection) == (known, other)

    def test_a_rehire_while_entra_deletes(self, ann: Contact, connection: Connection) -> None:
        """R18, R28: the POST waits for the DELETE, then restores and relinks."""
        change = overlapping(
            lambda: entra_deletes(ann),
            lambda: push(connection, "ann@x.example", external_id="E-2"),
        )
        assert (change.contact, change.action) == (ann, Action.LINKED)
        assert (stored(ann).external_id, stored(ann).is_deleted) == ("E-2", False)

    def test_an_agent_deletes_while_entra_links(self, connection: Connection) -> None:
        """R14, R26: linked first, deleted after."""
        known = ContactFactory(emails=["ann@x.example"])
        overlapping(lambda: push(connection, "ann@x.example"), lambda: agent_deletes(known))
        assert (stored(known).connection, stored(known).deleted_by) == (connection, "agent")


class TestUpdates:
    @pytest.mark.parametrize("writes", [(entra_writes, entra_writes), (agent_writes, entra_writes)])
    def test_two_fields_lose_nothing(self, ann: Contact, writes: Any) -> None:
        """R21, R25: and the timeline tells of both."""
        one, other = writes
        overlapping(lambda: one(ann, title="Boss"), lambda: other(ann, phone="1"))
        assert (stored(ann).title, stored(ann).phone) == ("Boss", "1")
        assert [changes for _, changes in timeline_of(ann)[1:]] == [
            {"title": ["", "Boss"]},
            {"phone": ["", "1"]},
        ]

    def test_two_custom_fields_lose_nothing(self, ann: Contact) -> None:
        """R10: they share a column."""
        overlapping(
            lambda: entra_writes(ann, custom_fields={"cf_a": 1}),
            lambda: entra_writes(ann, custom_fields={"cf_b": 2}),
        )
        assert stored(ann).custom_fields == {"cf_a": 1, "cf_b": 2}

    def test_what_entra_sent_adds_up(self, ann: Contact) -> None:
        """R25."""
        overlapping(lambda: entra_writes(ann, title="Boss"), lambda: entra_writes(ann, phone="1"))
        assert {"title", "phone"} <= set(stored(ann).entra_fields)

    def test_of_one_field_the_last_wins_and_the_timeline_is_a_chain(self, ann: Contact) -> None:
        """R43: the second's old value is the first's new one."""
        overlapping(lambda: entra_writes(ann, title="Boss"), lambda: entra_writes(ann, title="Chief"))
        assert [changes for _, changes in timeline_of(ann)[1:]] == [
            {"title": ["", "Boss"]},
            {"title": ["Boss", "Chief"]},
        ]

    def test_two_new_work_addresses_lose_none(self, ann: Contact) -> None:
        """R23: one primary in the end."""
        overlapping(
            lambda: entra_writes(ann, emails=work("two@x.example")),
            lambda: entra_writes(ann, emails=work("three@x.example")),
        )
        assert addresses_of(ann) == ["three@x.example", "ann@x.example", "two@x.example"]

    def test_two_people_take_one_address(self, ann: Contact, connection: Connection) -> None:
        """R17, R23."""
        bob = push(connection, "bob@x.example").contact
        refusal = overlapping(
            lambda: entra_writes(ann, title="Boss", emails=work("new@x.example")),
            lambda: entra_writes(bob, title="Boss", emails=work("NEW@x.example")),
        )
        assert type(refusal) is errors.AddressTaken
        assert (stored(bob).title, addresses_of(bob)) == ("", ["bob@x.example"])

    def test_an_address_being_given_free_is_taken_until_it_is_free(
        self, ann: Contact, connection: Connection
    ) -> None:
        """R17: refused at once, as if asked before; two who want each other's never wait in a circle."""
        bob = push(connection, "bob@x.example").contact

        def takes() -> Any:
            return agent_writes(bob, emails=[Email("ann@x.example")])

        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            agent_writes(ann, emails=[Email("other@x.example")])
            refusal = pool.submit(outcome, takes).result(PATIENCE)
        assert type(refusal) is errors.AddressTaken
        takes()
        assert addresses_of(bob) == ["ann@x.example"]


class TestDeletions:
    def test_entra_writes_while_an_agent_deletes(self, ann: Contact) -> None:
        """R32: the write comes after the deletion, so it reactivates."""
        change = overlapping(lambda: agent_deletes(ann), lambda: entra_writes(ann, title="Boss"))
        assert change.action == Action.REACTIVATED
        assert (stored(ann).title, stored(ann).is_deleted) == ("Boss", False)

    def test_an_agent_deletes_while_entra_writes(self, ann: Contact) -> None:
        """R26: deleted, with what Entra wrote."""
        overlapping(lambda: entra_writes(ann, title="Boss"), lambda: agent_deletes(ann))
        assert (stored(ann).title, stored(ann).deleted_by) == ("Boss", "agent")

    def test_both_delete(self, ann: Contact) -> None:
        """R26: the agent is told that it is done already; Entra stays the one who did it."""
        ticket = TicketFactory(contact=ann)
        refusal = overlapping(lambda: entra_writes(ann, active=False), lambda: agent_deletes(ann))
        ticket.refresh_from_db()
        assert type(refusal) is errors.InvalidTransition
        assert (stored(ann).deleted_by, ticket.spam_cause) == ("entra", "deletion")

    def test_a_ticket_opened_while_the_contact_is_suspended(self, ann: Contact) -> None:
        """R35: too late."""

        def open_ticket() -> Ticket:
            with transaction.atomic():
                return tickets.open_ticket(contact=lifecycle.lock(ann.pk), subject="Help")

        refusal = overlapping(lambda: agent_suspends(ann), open_ticket)
        assert type(refusal) is errors.SuspendedContact
        assert not Ticket.objects.exists()

    def test_entra_deactivates_while_a_ticket_is_opened(self, ann: Contact, connection: Connection) -> None:
        """R27: the request that waited begins again, so that it moves the new ticket too."""
        _, secret = Token.issue(name="Test", connection=connection)
        operation = {"op": "Replace", "path": "active", "value": "False"}

        def deactivate() -> int:
            answer = Client().patch(
                f"/entra/Users/{ann.pk}",
                {"Operations": [operation]},
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}"},
            )
            return answer.status_code

        status = overlapping(
            lambda: tickets.open_ticket(contact=lifecycle.lock(ann.pk), subject="Help"), deactivate
        )
        assert (status, stored(ann).is_deleted) == (200, True)
        assert Ticket.objects.get().spam_cause == Ticket.SpamCause.DELETION


class TestErasing:
    @pytest.fixture
    def gone(self, ann: Contact) -> Contact:
        """Ann, in Deleted Contacts; Entra still holds her."""
        return agent_deletes(ann).contact

    def test_entra_writes_while_an_agent_erases(self, gone: Contact) -> None:
        """R30: nothing is left of her, and nothing comes back."""
        refusal = overlapping(lambda: agent_erases(gone), lambda: entra_writes(gone, title="Boss"))
        assert isinstance(refusal, Contact.DoesNotExist | Connection.DoesNotExist)
        assert rows() == (0, 0, 0)

    def test_an_agent_erases_while_entra_reactivates(self, gone: Contact) -> None:
        """R30, R32: she is back, so she is not erased."""
        refusal = overlapping(lambda: entra_writes(gone, title="Boss"), lambda: agent_erases(gone))
        assert type(refusal) is errors.InvalidTransition
        assert (stored(gone).title, stored(gone).is_deleted) == ("Boss", False)

    def test_an_agent_erases_while_another_edits(self, gone: Contact) -> None:
        """R30: the edit goes too."""
        overlapping(lambda: agent_writes(gone, title="Boss"), lambda: agent_erases(gone))
        assert rows() == (0, 0, 0)

    def test_entra_posts_while_an_agent_erases(self, gone: Contact, connection: Connection) -> None:
        """R30: a fresh contact."""
        change = overlapping(
            lambda: agent_erases(gone),
            lambda: push(connection, "ann@x.example", external_id="E-1"),
        )
        assert (change.action, rows()) == (Action.CREATED, (1, 1, 1))
        assert change.contact.pk != gone.pk

    def test_a_failure_is_noted_while_an_agent_erases(self, gone: Contact) -> None:
        """R42."""
        assert overlapping(lambda: agent_erases(gone), lambda: lifecycle.note_failure(gone.pk)) is None

    def test_two_erase(self, gone: Contact) -> None:
        """R30."""
        refusal = overlapping(lambda: agent_erases(gone), lambda: agent_erases(gone))
        assert type(refusal) is Contact.DoesNotExist

    def test_a_ticket_is_marked_while_its_contact_is_erased(self, gone: Contact) -> None:
        """R30, R35."""
        ticket = TicketFactory(contact=gone)
        refusal = overlapping(lambda: agent_erases(gone), lambda: agent_marks(ticket))
        assert type(refusal) is Ticket.DoesNotExist


class TestSpam:
    def test_two_tickets_are_marked(self, ann: Contact) -> None:
        """R35: one suspension."""
        pair = TicketFactory.create_batch(2, contact=ann)
        overlapping(lambda: agent_marks(pair[0]), lambda: agent_marks(pair[1]))
        assert set(Ticket.objects.values_list("spam_cause", flat=True)) == {"agent"}
        assert [action for action, _ in timeline_of(ann)] == [Action.CREATED, Action.SUSPENDED]

    def test_one_ticket_is_marked_twice(self, ann: Contact) -> None:
        """R35."""
        ticket = TicketFactory(contact=ann)
        refusal = overlapping(lambda: agent_marks(ticket), lambda: agent_marks(ticket))
        assert type(refusal) is errors.InvalidTransition

    def test_marking_and_deleting_never_wait_in_a_circle(self, ann: Contact) -> None:
        """R27, R35: both lock the contact before its tickets."""
        for _ in range(15):
            ticket = TicketFactory.create_batch(5, contact=ann)[0]
            results = at_once(partial(agent_marks, ticket), partial(agent_deletes, ann))
            assert not [one for one in results if isinstance(one, Exception)]
            agent_restores(ann)
            agent_unsuspends(ann)
