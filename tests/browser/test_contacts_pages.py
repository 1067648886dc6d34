"""The contacts pages under a real hand: mouse, keyboard, screen reader, phone, dark room."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from contacts import lifecycle
from contacts.models import ActorKind, Contact, ContactField
from contacts.values import Actor
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory, TicketFactory

from .axe import faults
from .conftest import Go

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def grace(db: None) -> Contact:
    """A contact that has something of everything."""
    for kind in ContactField.Type.values:
        ContactFieldFactory(type=kind, label=kind, api_name=f"cf_{kind}", options=["EMEA"])
    grace: Contact = ContactFactory(
        name="Grace Sample",
        title="Admiral",
        linked=True,
        company=CompanyFactory(name="Northwind"),
        emails=["grace@northwind.example", "sample@contoso.example"],
        unapplied=["cf_date"],
        custom_fields={"cf_url": "https://northwind.example/", "cf_checkbox": True},
    )
    TicketFactory(contact=grace)
    TicketFactory(contact=grace, spam_cause="agent")
    actor = Actor(ActorKind.AGENT, "Mia Manager")
    with transaction.atomic():
        lifecycle.update(contact=lifecycle.lock(grace.pk), values={"title": "Rear Admiral"}, actor=actor)
    return grace


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_an_accessibility_fault(
    portal: Page, go: Go, grace: Contact, scheme: str, width: int
) -> None:
    portal.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    portal.set_viewport_size({"width": width, "height": 844})
    sue, del_ = ContactFactory(name="Sue", suspended=True), ContactFactory(name="Del", deleted=True)

    for name, args, query in [
        ("contacts:list", (), ""),
        ("contacts:list", (), "?tab=suspended&sort=-synced"),
        ("contacts:list", (), "?tab=deleted"),
        ("contacts:list", (), "?q=nobody"),
        ("contacts:detail", (grace.pk,), ""),
        ("contacts:detail", (sue.pk,), ""),
        ("contacts:detail", (del_.pk,), ""),
        ("contacts:edit", (grace.pk,), ""),
        ("contacts:create", (), ""),
        ("contacts:delete", (grace.pk,), ""),
        ("contacts:erase", (del_.pk,), ""),
    ]:
        go(name, *args, query=query)
        assert faults(portal) == []
        assert portal.evaluate("document.documentElement.scrollWidth") <= width


def test_search_follows_the_typing_and_the_address_follows_the_search(
    portal: Page, go: Go, grace: Contact
) -> None:
    ContactFactory(name="Ada Lovelace")
    go("contacts:list")
    search = portal.get_by_role("searchbox", name="Search contacts")

    search.press_sequentially("love")

    expect(portal).to_have_url(re.compile(r"\?tab=all&q=love$"))
    expect(portal.get_by_role("row")).to_have_count(2)
    expect(portal.get_by_role("status").filter(has_text="1 contact found")).to_have_count(1)
    expect(search).to_be_focused()
    search.press_sequentially("xyz")
    expect(portal.get_by_role("heading", name="No contact matches in this tab")).to_be_visible()
    portal.go_back()
    expect(portal.get_by_role("row")).to_have_count(2)
    expect(search).to_have_value("love")


def test_last_sync_shows_on_focus_and_on_hover(portal: Page, go: Go, grace: Contact) -> None:
    """R41."""
    go("contacts:list")
    badge, tip = portal.get_by_role("link", name="Partly applied"), portal.get_by_role("tooltip")
    expect(tip).to_be_hidden()

    badge.focus()
    expect(tip).to_contain_text("Last synced")
    expect(badge).to_have_accessible_description(re.compile("Last synced"))
    badge.blur()
    expect(tip).to_be_hidden()
    badge.hover()
    expect(tip).to_be_visible()


def test_dialog_asks_takes_the_focus_and_gives_it_back(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:list")
    delete = portal.get_by_role("link", name="Delete Grace Sample")

    delete.click()

    dialog = portal.get_by_role("dialog", name="Delete Grace Sample?")
    expect(dialog).to_contain_text("Its 1 ticket becomes spam")
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    assert faults(portal) == []
    portal.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(delete).to_be_focused()


def test_delete_and_undo(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:detail", grace.pk)
    portal.get_by_role("link", name="Delete").click()
    portal.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(portal.get_by_text("In Deleted Contacts since")).to_be_visible()

    portal.get_by_role("button", name="Undo").click()

    expect(portal.get_by_text("Grace Sample is restored.")).to_be_visible()
    expect(portal.get_by_role("link", name="Edit", exact=True)).to_be_visible()


def test_many_are_selected_counted_deleted_and_brought_back(portal: Page, go: Go) -> None:
    ContactFactory.create_batch(3)
    go("contacts:list")
    bar = portal.get_by_role("button", name="Delete", exact=True)
    expect(bar).to_be_hidden()

    portal.get_by_label("Select all on this page").check()
    expect(portal.get_by_text("3 selected")).to_be_visible()
    portal.get_by_label("Select Person").first.uncheck()
    expect(portal.get_by_text("2 selected")).to_be_visible()
    bar.click()
    portal.get_by_role("dialog", name="Delete 2 contacts?").get_by_role("button", name="Delete").click()

    expect(portal.get_by_text("2 contacts are in Deleted Contacts now.")).to_be_visible()
    portal.get_by_role("button", name="Undo").click()
    expect(portal.get_by_text("2 contacts are as they were before.")).to_be_visible()
    assert Contact.objects.active().count() == 3


def test_navigation_of_a_phone_opens_and_closes(portal: Page, go: Go) -> None:
    portal.set_viewport_size({"width": 390, "height": 844})
    go("contacts:list")
    companies = portal.get_by_role("link", name="Companies")
    expect(companies).to_be_hidden()

    portal.get_by_role("button", name="Menu").click()
    expect(companies).to_be_visible()
    portal.keyboard.press("Escape")
    expect(companies).to_be_hidden()


def test_first_stop_of_the_keyboard_skips_to_the_content(portal: Page, go: Go) -> None:
    go("contacts:list")

    portal.keyboard.press("Tab")
    expect(portal.get_by_role("link", name="Skip to content")).to_be_focused()
    portal.keyboard.press("Enter")
    expect(portal.get_by_role("main")).to_be_focused()
