"""Tickets in the Django admin: spam only through `contacts.tickets` (R27, R35)."""

from django.test import Client
from django.urls import reverse

from contacts.models import Ticket
from tests.factories import ContactFactory, TicketFactory

ADD = "/admin/contacts/ticket/add/"
LIST = "/admin/contacts/ticket/"


def run(client: Client, action: str, *tickets: Ticket) -> str:
    selection = {"action": action, "_selected_action": [one.pk for one in tickets]}
    return client.post(LIST, selection, follow=True).content.decode()


def test_a_ticket_is_opened(admin_client: Client) -> None:
    contact = ContactFactory()
    admin_client.post(ADD, {"contact": contact.pk, "subject": "Printer", "description": "On fire"})
    ticket = Ticket.objects.get()
    assert (ticket.contact, ticket.subject, ticket.status, ticket.is_spam) == (
        contact,
        "Printer",
        "open",
        False,
    )


def test_a_suspended_contact_opens_none(admin_client: Client) -> None:
    contact = ContactFactory(suspended=True)
    answer = admin_client.post(ADD, {"contact": contact.pk, "subject": "Printer"}, follow=True)
    assert "suspended and can open no new ticket" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_the_form_changes_the_work_but_neither_spam_nor_contact(admin_client: Client) -> None:
    ticket = TicketFactory(spam_cause="deletion")
    url = reverse("admin:contacts_ticket_change", args=[ticket.pk])
    forged = {"spam_cause": "", "contact": ContactFactory().pk}
    admin_client.post(url, {"subject": "New", "description": "", "status": "solved", **forged})
    after = Ticket.objects.get()
    assert (after.subject, after.status) == ("New", "solved")
    assert (after.spam_cause, after.contact) == ("deletion", ticket.contact)
    assert after.updated_at > ticket.updated_at


def test_spam_suspends_and_takes_the_other_tickets_along(admin_client: Client) -> None:
    ticket = TicketFactory()
    other = TicketFactory(contact=ticket.contact)
    assert "1 ticket marked as spam." in run(admin_client, "mark_spam", ticket)
    ticket.contact.refresh_from_db()
    assert ticket.contact.is_suspended
    causes = Ticket.objects.order_by("pk").values_list("pk", "spam_cause")
    assert list(causes) == [(ticket.pk, "agent"), (other.pk, "suspension")]


def test_not_spam_leaves_the_contact_suspended(admin_client: Client) -> None:
    ticket = TicketFactory(contact=ContactFactory(suspended=True), spam_cause="agent")
    assert "1 ticket taken out of spam." in run(admin_client, "unmark_spam", ticket)
    ticket.refresh_from_db()
    assert not ticket.is_spam
    assert ticket.contact.is_suspended


def test_what_is_no_spam_is_said_to_be_none(admin_client: Client) -> None:
    assert "This ticket is not marked as spam." in run(admin_client, "unmark_spam", TicketFactory())
