"""A ticket on behalf of a contact (R35)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Ticket
from tests.domain import causes, stored
from tests.factories import CompanyFactory, ContactFactory, TicketFactory

from .page import text

NEW = "/tickets/new/"


def opened(client: Client, contact: Contact, **data: str) -> Any:
    sent = {"contact": str(contact.pk), "subject": "Printer on fire", **data}
    return client.post(NEW, sent, follow=True)


def test_a_ticket_is_opened(agent_client: Client) -> None:
    contact = ContactFactory()
    answer = opened(agent_client, contact, description="Smoke, too.")
    ticket = Ticket.objects.get()
    assert (ticket.contact, ticket.subject, ticket.description) == (contact, "Printer on fire", "Smoke, too.")
    assert (ticket.status, ticket.spam_cause) == ("open", "")
    assert answer.redirect_chain[-1][0] == reverse("tickets:detail", args=[ticket.pk])


def test_the_address_can_choose_the_contact(agent_client: Client) -> None:
    contact = ContactFactory(name="Ada King")
    page = agent_client.get(NEW, {"contact": contact.pk}).content.decode()
    assert f'name="contact" value="{contact.pk}"' in page
    assert 'name="contact_text" value="Ada King"' in page


@pytest.mark.parametrize("contact", ["nonsense", "00000000-0000-0000-0000-000000000000", ""])
def test_an_unknown_contact_is_not_chosen(contact: str, agent_client: Client) -> None:
    page = agent_client.get(NEW, {"contact": contact}).content.decode()
    assert 'name="contact" value=""' in page
    answer = agent_client.post(NEW, {"contact": contact, "subject": "Printer"})
    assert "Choose one." in text(answer)


def test_what_is_missing_is_named(agent_client: Client) -> None:
    answer = opened(agent_client, ContactFactory(), subject="")
    assert "This field is required." in text(answer)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("state", "reason", "offer"),
    [
        (
            {"suspended": True},
            "is suspended and can open no ticket",
            "Lift the suspension and open the ticket",
        ),
        ({"deleted": True}, "is in Deleted Contacts and can open", "Restore the contact and open the ticket"),
    ],
)
def test_who_may_open_none_is_refused_before_and_after(
    state: dict[str, bool], reason: str, offer: str, agent_client: Client
) -> None:
    """R35: with the reason and the way round it."""
    contact = ContactFactory(**state)
    before = agent_client.get(NEW, {"contact": contact.pk})
    after = opened(agent_client, contact, description="Kept")
    for answer in (before, after):
        assert reason in text(answer)
        assert offer in text(answer)
        assert reverse("contacts:detail", args=[contact.pk]) in answer.content.decode()
    assert "Kept" in after.content.decode()
    assert not Ticket.objects.exists()


def test_the_suspension_is_lifted_in_the_same_step(agent_client: Client) -> None:
    contact = ContactFactory(suspended=True)
    TicketFactory(contact=contact, spam_cause="suspension")
    opened(agent_client, contact, back="yes")
    assert not stored(contact).is_suspended
    assert causes(contact) == ["", ""]


def test_a_contact_is_restored_in_the_same_step(agent_client: Client) -> None:
    contact = ContactFactory(deleted=True, suspended=True)
    opened(agent_client, contact, back="yes")
    assert (stored(contact).is_deleted, stored(contact).is_suspended) == (False, False)
    assert contact.tickets.count() == 1


def test_the_words_alone_find_the_contact(agent_client: Client) -> None:
    """Without a script."""
    contact = ContactFactory(name="Ada King")
    ContactFactory(name="Ada Byron")
    sent = {"contact_text": "ada king", "subject": "Printer"}
    agent_client.post(NEW, sent)
    assert Ticket.objects.get().contact == contact
    answer = agent_client.post(NEW, {**sent, "contact_text": "ada"})
    assert "Several match" in text(answer)
    assert "Ada Byron" in text(answer)


def test_the_picker_offers_contacts_that_are_not_deleted(agent_client: Client) -> None:
    contact = ContactFactory(
        name="Ada King", company=CompanyFactory(name="Acme"), emails=["ada@acme.example"]
    )
    ContactFactory(name="Ada Gone", deleted=True)
    page = agent_client.get("/contacts/pick/", {"q": "ada"}).content.decode()
    assert f'data-value="{contact.pk}"' in page
    assert "ada@acme.example · Acme" in page
    assert "Gone" not in page


def test_the_picker_takes_as_many_queries_for_eight_as_for_one(
    agent_client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        ContactFactory.create_batch(4, company=CompanyFactory())
        with django_assert_num_queries(4):
            agent_client.get("/contacts/pick/", {"q": "person"})
