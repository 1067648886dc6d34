"""What each step of the lifecycle writes: one UPDATE of the contact, whatever changes."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from contacts import lifecycle, tickets
from contacts.models import Contact, Ticket
from contacts.values import Email, Values
from deskscim.provisioning.models import Connection
from tests.domain import AGENT, ENTRA, agent_writes, entra_writes, push, sync_of, work
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann(connection: Connection) -> Contact:
    """Ann, linked, with two addresses and three tickets."""
    CompanyFactory(domains=["new.example"])
    contact: Contact = push(connection, "ann@x.example", emails=work("ann@x.example")).contact
    entra_writes(contact, emails=work("ann.two@x.example"))
    TicketFactory.create_batch(3, contact=contact)
    return contact


# PostgreSQL takes several tables in one statement.
WRITES = re.compile(r'(?<!FOR )\b(INSERT|UPDATE|DELETE)(?: INTO| FROM)? "(\w+)"')


def written(act: Callable[[], object]) -> Counter[str]:
    """How often `act` writes which table: {"UPDATE contacts_contact": 1}."""
    with CaptureQueriesContext(database) as captured:
        act()
    return Counter(f"{verb} {table}" for query in captured for verb, table in WRITES.findall(query["sql"]))


def written_at_last(act: Callable[[], object]) -> Counter[str]:
    """Without what PostgreSQL is sent to create a person, and leaves alone since it finds them known."""
    in_vain = Counter({"INSERT contacts_contact": 1, "INSERT contacts_contactaddress": 1, **ONE_LINE})
    return written(act) - (in_vain if database.vendor == "postgresql" else Counter())


def statements(act: Callable[[], object]) -> int:
    """How many statements `act` sends."""
    with CaptureQueriesContext(database) as captured:
        act()
    return len(captured)


ONE_UPDATE = {"UPDATE contacts_contact": 1}
ONE_LINE = {"INSERT contacts_timelineentry": 1}
TICKETS = {"UPDATE contacts_ticket": 1}
EVERYTHING: dict[str, Any] = {
    "name": "Ann Married",
    "given_name": "Ann",
    "family_name": "Married",
    "title": "Boss",
    "phone": "1",
    "mobile": "2",
    "department": "IT",
    "employee_number": "7",
    "organization": "Fabrikam",
    "company_name": "Fabrikam",
    "user_name": "ann.married@x.example",
    "custom_fields": {"cf_a": 1, "cf_b": "two"},
}
EVERYTHING_BUT_NAME = {column: value for column, value in EVERYTHING.items() if column != "user_name"}


class TestChanges:
    def test_nothing_new_from_entra(self, ann: Contact) -> None:
        """R24: last synced moves, and nothing else is written."""
        assert written(lambda: entra_writes(ann, active=True, title="")) == ONE_UPDATE

    def test_nothing_new_from_an_agent(self, ann: Contact) -> None:
        """R24."""
        assert written(lambda: agent_writes(ann, title="", custom_fields={})) == {}

    def test_one_column(self, ann: Contact) -> None:
        assert written(lambda: entra_writes(ann, title="Boss")) == ONE_UPDATE | ONE_LINE

    def test_every_column(self, ann: Contact) -> None:
        """However many operations a PATCH has."""
        assert written(lambda: entra_writes(ann, **EVERYTHING)) == ONE_UPDATE | ONE_LINE

    def test_a_new_work_address(self, ann: Contact) -> None:
        """R23: one row each, the old primary and the new one; the company follows in the same UPDATE."""
        assert written(lambda: entra_writes(ann, emails=work("ann@new.example"))) == (
            ONE_UPDATE | ONE_LINE | {"INSERT contacts_contactaddress": 1, "UPDATE contacts_contactaddress": 1}
        )

    def test_the_same_address_again(self, ann: Contact) -> None:
        """R24."""
        assert written(lambda: entra_writes(ann, emails=work("ann.two@x.example"))) == ONE_UPDATE

    def test_many_new_addresses(self, ann: Contact) -> None:
        """They go in together."""
        emails = [Email("ann.two@x.example", primary=True), *(Email(f"{n}@x.example") for n in range(5))]
        counted = written(lambda: agent_writes(ann, emails=emails))
        assert counted["INSERT contacts_contactaddress"] == 1


class TestTransitions:
    @pytest.mark.parametrize("step", [lifecycle.soft_delete, lifecycle.suspend, lifecycle.unlink])
    def test_leaving_all_contacts(self, ann: Contact, step: Any) -> None:
        """R27, R28, R35: one UPDATE for the contact, one for all its tickets."""
        expected = ONE_UPDATE | ONE_LINE | TICKETS
        assert written(lambda: step(contact=lifecycle.lock(ann.pk), actor=AGENT)) == expected

    @pytest.mark.parametrize("values", [{}, EVERYTHING])
    def test_deactivating_with_other_changes(self, ann: Contact, values: dict[str, Any]) -> None:
        """R26."""
        expected = ONE_UPDATE | ONE_LINE | TICKETS
        assert written(lambda: entra_writes(ann, active=False, **values)) == expected

    @pytest.mark.parametrize(
        ("there", "back"),
        [(lifecycle.soft_delete, lifecycle.restore), (lifecycle.suspend, lifecycle.unsuspend)],
    )
    def test_coming_back(self, ann: Contact, there: Any, back: Any) -> None:
        """R31, R34, R35."""
        there(contact=lifecycle.lock(ann.pk), actor=AGENT)
        expected = ONE_UPDATE | ONE_LINE | TICKETS
        assert written(lambda: back(contact=lifecycle.lock(ann.pk), actor=AGENT)) == expected

    def test_reactivating_with_other_changes(self, ann: Contact) -> None:
        """R31, R32."""
        lifecycle.soft_delete(contact=lifecycle.lock(ann.pk), actor=AGENT)
        assert written(lambda: entra_writes(ann, title="Boss")) == ONE_UPDATE | ONE_LINE | TICKETS

    def test_a_second_suspension(self, ann: Contact) -> None:
        """R35."""
        lifecycle.suspend(contact=lifecycle.lock(ann.pk), actor=AGENT)
        assert written(lambda: lifecycle.suspend(contact=lifecycle.lock(ann.pk), actor=AGENT)) == {}

    def test_marking_a_ticket(self, ann: Contact) -> None:
        """R35: the ticket itself, then the others together."""
        ticket = Ticket.objects.filter(contact=ann)[0]
        counted = written(lambda: tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT))
        assert counted == ONE_UPDATE | ONE_LINE | {"UPDATE contacts_ticket": 2}

    def test_a_failure(self, ann: Contact) -> None:
        """R42."""
        assert written(lambda: lifecycle.note_failure(ann.pk)) == ONE_UPDATE


class TestNewContacts:
    def test_a_stranger(self, connection: Connection) -> None:
        """R14: inserted with its id and link, never updated."""
        counted = written(lambda: push(connection, "bob@x.example", active=False, **EVERYTHING_BUT_NAME))
        assert counted == {"INSERT contacts_contact": 1, "INSERT contacts_contactaddress": 1} | ONE_LINE

    def test_one_that_an_agent_makes(self) -> None:
        values = Values(name="Bob", emails=[Email("bob@x.example")])
        counted = written(lambda: lifecycle.create(values=values, actor=AGENT))
        assert counted == {"INSERT contacts_contact": 1, "INSERT contacts_contactaddress": 1} | ONE_LINE

    def test_a_known_person(self, connection: Connection) -> None:
        """R14: linked, verified, overwritten in one UPDATE; the address gets Entra's type."""
        ContactFactory(emails=["bob@x.example"])
        counted = written_at_last(
            lambda: push(connection, "bob", emails=work("bob@x.example"), **EVERYTHING_BUT_NAME)
        )
        assert counted == ONE_UPDATE | ONE_LINE | {"UPDATE contacts_contactaddress": 1}

    def test_a_rehire(self, connection: Connection, ann: Contact) -> None:
        """R18."""
        lifecycle.unlink(contact=lifecycle.lock(ann.pk), actor=ENTRA)
        counted = written_at_last(lambda: push(connection, "ann@x.example"))
        assert counted == ONE_UPDATE | ONE_LINE | TICKETS


class TestGrowth:
    """No step costs more the more there is."""

    STEPS: list[Callable[[Contact], object]] = [
        lambda contact: entra_writes(contact, title="Boss", emails=work("new@x.example")),
        lambda contact: entra_writes(contact, active=False),
        lambda contact: lifecycle.soft_delete(contact=lifecycle.lock(contact.pk), actor=AGENT),
        lambda contact: lifecycle.suspend(contact=lifecycle.lock(contact.pk), actor=AGENT),
    ]

    @pytest.mark.parametrize("step", STEPS, ids=["update", "deactivate", "delete", "suspend"])
    def test_with_more_tickets_and_colleagues(
        self, connection: Connection, step: Callable[[Contact], object]
    ) -> None:
        few = push(connection, "few@x.example").contact
        many = push(connection, "many@x.example").contact
        emails = [Email("many@x.example", primary=True), *(Email(f"{n}@x.example") for n in range(20))]
        agent_writes(many, emails=emails)
        TicketFactory.create_batch(20, contact=many)
        TicketFactory(contact=few)
        counted = statements(lambda: step(few))
        ContactFactory.create_batch(20)
        Contact.objects.filter(pk=few.pk).delete()  # gives its new address free
        assert statements(lambda: step(many)) == counted

    def test_the_statements_of_a_usual_patch(self, ann: Contact, connection: Connection) -> None:
        """Two SELECTs (row, addresses); the UPDATE and the line, within a savepoint."""
        sync = sync_of(connection)

        def patch() -> None:
            locked = lifecycle.lock(ann.pk)
            lifecycle.update(contact=locked, values=Values(title="Boss"), actor=ENTRA, sync=sync)

        assert statements(patch) == {"sqlite": 2 + 2 + 2, "postgresql": 2 + 2 + 1}[database.vendor]
