"""Tickets under a real hand: opened for a contact, moved on, into spam and out of it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Contact, Ticket
from tests.factories import ContactFactory, TicketFactory

from .test_every_page import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_ticket_is_opened_for_a_contact_by_keyboard_alone(portal: Page, live_server: LiveServer) -> None:
    ContactFactory(name="Ada King", emails=["ada@acme.example"])
    portal.goto(f"{live_server.url}/tickets/")
    portal.get_by_role("main").get_by_role("link", name="New ticket").first.focus()
    portal.keyboard.press("Enter")
    picker = portal.get_by_role("combobox", name="Contact")
    picker.press_sequentially("ada k")
    expect(portal.get_by_role("option", name="Ada King")).to_be_visible()
    assert faults(portal) == []

    for key in ("ArrowDown", "Enter", "Tab"):
        portal.keyboard.press(key)
    portal.keyboard.type("Printer on fire")
    portal.keyboard.press("Enter")

    expect(portal.get_by_role("heading", name="Printer on fire")).to_be_visible()
    expect(portal.get_by_role("link", name="Ada King")).to_be_visible()


def test_who_is_suspended_is_refused_with_the_way_round_it(portal: Page, live_server: LiveServer) -> None:
    """R35."""
    contact = ContactFactory(name="Sue Spended", suspended=True)
    portal.goto(f"{live_server.url}/tickets/new/?contact={contact.pk}")
    expect(portal.get_by_text("Sue Spended is suspended and can open no ticket.")).to_be_visible()
    assert faults(portal) == []

    portal.get_by_label("Subject").fill("Printer on fire")
    portal.get_by_role("button", name="Lift the suspension and open the ticket").click()

    expect(portal.get_by_role("heading", name="Printer on fire")).to_be_visible()
    assert not Contact.objects.get().is_suspended


def test_a_status_is_changed_and_undone(portal: Page, live_server: LiveServer) -> None:
    ticket = TicketFactory()
    portal.goto(f"{live_server.url}/tickets/{ticket.pk}/")

    portal.get_by_label("Status").select_option("Solved")
    portal.get_by_role("button", name="Change").click()

    expect(portal.get_by_text("The ticket is now: Solved.")).to_be_visible()
    assert faults(portal) == []
    portal.get_by_role("button", name="Undo").click()
    expect(portal.get_by_text("The ticket is now: Open.")).to_be_visible()


def test_spam_names_what_follows_and_is_undone(portal: Page, live_server: LiveServer) -> None:
    """R35."""
    ticket = TicketFactory(contact=ContactFactory(name="Ada King"))
    TicketFactory(contact=ticket.contact)
    portal.goto(f"{live_server.url}/tickets/{ticket.pk}/")

    portal.get_by_role("link", name="Mark as spam").click()
    dialog = portal.get_by_role("dialog", name="Mark this ticket as spam?")
    expect(dialog).to_contain_text("Ada King is suspended and can open no new ticket.")
    expect(dialog).to_contain_text("Its 1 other ticket becomes spam too.")
    assert faults(portal) == []
    dialog.get_by_role("button", name="Mark as spam").click()
    expect(portal.get_by_text("The ticket is spam. Ada King is suspended.")).to_be_visible()
    portal.get_by_role("button", name="Undo").click()

    expect(portal.get_by_text("the suspension of Ada King is lifted")).to_be_visible()
    assert Ticket.objects.working().count() == 2


def test_not_spam_offers_to_lift_the_suspension(portal: Page, live_server: LiveServer) -> None:
    """R35."""
    contact = ContactFactory(name="Ada King", suspended=True)
    ticket = TicketFactory(contact=contact, spam_cause="agent")
    TicketFactory(contact=contact, spam_cause="suspension")
    portal.goto(f"{live_server.url}/tickets/{ticket.pk}/")

    portal.get_by_role("link", name="Not spam").click()
    dialog = portal.get_by_role("dialog", name="Take this ticket out of spam?")
    assert faults(portal) == []
    dialog.get_by_label("Lift the suspension as well: 1 other ticket leaves spam too").check()
    dialog.get_by_role("button", name="Not spam").click()

    expect(portal.get_by_text("the suspension of Ada King is lifted")).to_be_visible()
    assert not Ticket.objects.spam().exists()
