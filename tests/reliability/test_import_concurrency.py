"""Somebody works with an imported contact while the import is taken back: it stays, or it was gone before.

As in test_concurrency, the two really overlap. Needs PostgreSQL.
"""

import uuid

import pytest
from django.db import transaction

from contacts import lifecycle, tickets
from contacts.models import Action, Contact, Ticket
from contacts.values import Email
from deskscim.provisioning.models import Connection
from tests.domain import AGENT, agent_writes, push, stored, work
from tests.factories import ConnectionFactory

from .test_concurrency import overlapping

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann() -> Contact:
    """Ann, as an import made her."""
    values = {"name": "Ann", "emails": [Email("ann@x.example", primary=True)]}
    (change,) = lifecycle.create_many(many=[values], actor=AGENT, source=Contact.Source.IMPORT)  # type: ignore[list-item]
    return change.contact


def withdraw(contact: Contact) -> set[uuid.UUID]:
    return lifecycle.withdraw(contact_ids=[contact.pk])


def link(connection: Connection) -> Action:
    return push(connection, "ann@x.example", external_id="E-1", emails=work("ann@x.example")).action


def test_who_is_linked_meanwhile_stays(ann: Contact, connection: Connection) -> None:
    """R14."""
    assert overlapping(lambda: link(connection), lambda: withdraw(ann)) == set()
    assert stored(ann).is_linked


def test_who_is_edited_meanwhile_stays(ann: Contact) -> None:
    assert overlapping(lambda: agent_writes(ann, title="Boss"), lambda: withdraw(ann)) == set()
    assert stored(ann).title == "Boss"


def test_who_opens_a_ticket_meanwhile_stays(ann: Contact) -> None:
    """R27: the ticket is not taken away with the contact."""

    def open_ticket() -> Ticket:
        with transaction.atomic():
            return tickets.open_ticket(contact=lifecycle.lock(ann.pk), subject="Help")

    assert overlapping(open_ticket, lambda: withdraw(ann)) == set()
    assert Ticket.objects.get().contact == ann


def test_who_is_gone_meanwhile_is_new_to_entra(ann: Contact, connection: Connection) -> None:
    """R14: nobody is there to be linked any more."""
    action = overlapping(lambda: withdraw(ann), lambda: link(connection))
    assert action == Action.CREATED
    assert Contact.objects.get().pk != ann.pk


def test_who_is_gone_meanwhile_is_edited_by_nobody(ann: Contact) -> None:
    refusal = overlapping(lambda: withdraw(ann), lambda: agent_writes(ann, title="Boss"))
    assert type(refusal) is Contact.DoesNotExist
    assert not Contact.objects.exists()
