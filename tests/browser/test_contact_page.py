"""The page of one contact under a real hand: edit in place, addresses, merge, delete forever."""

import re

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from companies.models import Company
from contacts import lifecycle
from contacts.models import ActorKind, Contact
from contacts.values import Actor
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory, TicketFactory

from .axe import faults
from .conftest import Go

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def grace(db: None) -> Contact:
    """A contact that Entra ID holds, with a duplicate, tickets and a change by an agent."""
    ContactFieldFactory(label="Region", api_name="cf_region", type="dropdown", options=["EMEA", "APAC"])
    company = CompanyFactory(name="Northwind", domains=["northwind.example"])
    grace: Contact = ContactFactory(
        name="Grace Sample",
        title="Captain",
        phone="+1 425 555 0100",
        linked=True,
        company=company,
        emails=["grace@northwind.example", "sample@contoso.example"],
        entra_fields=["emails", "title"],
    )
    ContactFactory(name="Grace Sample", company=company, emails=["g.sample@northwind.example"])
    TicketFactory(contact=grace)
    change(grace, "Rear Admiral")
    return grace


def change(contact: Contact, title: str) -> None:
    actor = Actor(ActorKind.AGENT, "Mia Manager")
    with transaction.atomic():
        lifecycle.update(contact=lifecycle.lock(contact.pk), values={"title": title}, actor=actor)


def value(page: Page, name: str) -> Locator:
    return page.locator(f"#field-{name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_an_accessibility_fault(
    portal: Page, go: Go, grace: Contact, scheme: str, width: int
) -> None:
    portal.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    portal.set_viewport_size({"width": width, "height": 844})
    other = Contact.objects.exclude(pk=grace.pk).get()

    for name, args in [
        ("contacts:detail", (grace.pk,)),
        ("contacts:merge-choose", (grace.pk,)),
        ("contacts:merge", (grace.pk, other.pk)),
    ]:
        go(name, *args)
        assert faults(portal) == []
        assert portal.evaluate("document.documentElement.scrollWidth") <= width
    go("contacts:detail", grace.pk)
    for name in ("title", "note", "cf_region"):
        portal.get_by_role("link", name=f"Edit {LABELS[name]}", exact=True).focus()
        portal.keyboard.press("Enter")
        expect(value(portal, name).locator("form :focus")).to_have_count(1)
    assert faults(portal) == []
    assert portal.evaluate("document.documentElement.scrollWidth") <= width


LABELS = {"title": "Title", "note": "Note", "cf_region": "Region"}


def test_a_value_is_edited_by_keyboard_and_the_focus_returns(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:detail", grace.pk)
    edit = portal.get_by_role("link", name="Edit Title")

    edit.focus()
    portal.keyboard.press("Enter")
    field = portal.get_by_label("Title", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value("Rear Admiral")
    field.fill("Admiral")
    portal.keyboard.press("Enter")

    expect(edit).to_be_focused()
    news = "async () => (await fetch(document.querySelector('#live').dataset.live)).status"
    assert portal.evaluate(news) == 204  # one's own change is none
    expect(value(portal, "title")).to_contain_text("Admiral")
    expect(portal.get_by_role("status").filter(has_text="Title is saved.")).to_have_count(1)
    expect(portal.locator("#timeline")).to_contain_text("Rear Admiral → Admiral")
    expect(portal.locator("#entra")).to_contain_text("Entra ID: Captain · here: Admiral")
    assert Contact.objects.get(pk=grace.pk).title == "Admiral"


def test_escape_leaves_everything_as_it_was(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:detail", grace.pk)
    edit = portal.get_by_role("link", name="Edit Title")
    edit.focus()
    portal.keyboard.press("Enter")
    field = portal.get_by_label("Title", exact=True)
    expect(field).to_be_focused()
    field.fill("Cook")

    portal.keyboard.press("Escape")

    expect(edit).to_be_focused()
    expect(value(portal, "title")).to_contain_text("Rear Admiral")
    assert Contact.objects.get(pk=grace.pk).title == "Rear Admiral"


def test_a_company_is_found_while_typing(portal: Page, go: Go, grace: Contact) -> None:
    """R38: the agent's choice."""
    CompanyFactory(name="Fabrikam")
    go("contacts:detail", grace.pk)
    value(portal, "company").hover()
    portal.get_by_role("link", name="Edit Company").click()

    expect(portal.get_by_role("combobox", name="Company")).to_be_focused()
    portal.keyboard.type("fab")
    expect(portal.get_by_role("option", name="Fabrikam")).to_be_visible()
    expect(portal.get_by_role("option", name="No company")).to_be_visible()
    assert faults(portal) == []
    portal.keyboard.press("ArrowDown")
    portal.keyboard.press("Enter")
    portal.keyboard.press("Enter")

    expect(value(portal, "company")).to_contain_text("Chosen by an agent")
    assert Contact.objects.get(pk=grace.pk).company == Company.objects.get(name="Fabrikam")


def test_a_choice_is_saved_by_enter(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:detail", grace.pk)
    value(portal, "cf_region").hover()
    portal.get_by_role("link", name="Edit Region").click()

    choice = portal.get_by_role("combobox", name="Region")
    expect(choice).to_be_focused()
    choice.select_option("APAC")
    portal.keyboard.press("Enter")

    expect(portal.get_by_role("link", name="Edit Region")).to_be_focused()
    assert Contact.objects.get(pk=grace.pk).custom_fields == {"cf_region": "APAC"}


def test_a_note_of_several_lines_is_saved_by_control_and_enter(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:detail", grace.pk)
    portal.get_by_role("link", name="Edit Note").click()
    expect(portal.get_by_role("textbox", name="Note")).to_be_focused()

    portal.keyboard.type("Prefers the phone.")
    portal.keyboard.press("Enter")
    portal.keyboard.type("Not on Fridays.")
    portal.keyboard.press("Control+Enter")

    expect(portal.get_by_role("link", name="Edit Note")).to_be_focused()
    assert Contact.objects.get(pk=grace.pk).note == "Prefers the phone.\nNot on Fridays."


def test_who_was_slower_sees_both_values(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:detail", grace.pk)
    value(portal, "title").hover()
    portal.get_by_role("link", name="Edit Title").click()
    field = portal.get_by_label("Title", exact=True)
    expect(field).to_be_focused()
    change(grace, "Commodore")

    field.fill("Cook")
    portal.keyboard.press("Enter")

    alert = portal.get_by_role("alert")
    expect(alert).to_contain_text(
        "Mia Manager has changed this meanwhile, from “Rear Admiral” to “Commodore”"
    )
    expect(field).to_have_value("Cook")
    assert faults(portal) == []
    portal.get_by_role("button", name="Save").click()
    expect(value(portal, "title")).to_contain_text("Cook")


def test_addresses_are_added_made_primary_removed_and_brought_back(
    portal: Page, go: Go, grace: Contact
) -> None:
    go("contacts:detail", grace.pk)
    portal.get_by_label("Another e-mail address").fill("new@northwind.example")
    portal.get_by_role("button", name="Add").click()
    expect(portal.get_by_text("new@northwind.example is added.")).to_be_visible()

    portal.get_by_role("button", name="Make new@northwind.example primary").click()
    expect(portal.get_by_text("new@northwind.example is primary now.")).to_be_visible()
    portal.get_by_role("button", name="Remove sample@contoso.example").click()
    portal.get_by_role("button", name="Undo").click()

    expect(portal.get_by_text("sample@contoso.example is added.")).to_be_visible()
    addresses = Contact.objects.get(pk=grace.pk).addresses.values_list("address", flat=True)
    assert list(addresses) == ["new@northwind.example", "grace@northwind.example", "sample@contoso.example"]


def test_an_address_that_is_taken_leads_to_who_holds_it(portal: Page, go: Go, grace: Contact) -> None:
    """R17."""
    ContactFactory(name="Bob Sample", emails=["bob@northwind.example"])
    go("contacts:detail", grace.pk)

    portal.get_by_label("Another e-mail address").fill("bob@northwind.example")
    portal.keyboard.press("Enter")

    expect(portal.get_by_text("bob@northwind.example belongs to Bob Sample.")).to_be_visible()
    assert faults(portal) == []
    portal.get_by_role("link", name="Bob Sample").click()
    expect(portal.get_by_role("heading", name="Bob Sample", level=1)).to_be_visible()


def test_the_timeline_is_filtered_where_it_stands(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:detail", grace.pk)
    timeline = portal.get_by_role("region", name="Timeline")

    portal.get_by_label("What happened").select_option("Merged")

    expect(timeline).to_contain_text("No such line.")
    expect(portal).to_have_url(re.compile(r"action=merged"))
    portal.go_back()
    expect(timeline).to_contain_text("Updated by Mia Manager")


def test_ids_are_copied(portal: Page, go: Go, grace: Contact) -> None:
    portal.context.grant_permissions(["clipboard-read", "clipboard-write"])
    go("contacts:detail", grace.pk)

    portal.get_by_role("button", name="Copy externalId").click()

    expect(portal.get_by_text("Copied")).to_be_visible()
    assert portal.evaluate("navigator.clipboard.readText()") == grace.external_id


def test_two_contacts_are_looked_at_and_merged(portal: Page, go: Go, grace: Contact) -> None:
    ContactFactory(name="Gracie", emails=["gracie@northwind.example"])
    go("contacts:detail", grace.pk)
    portal.get_by_role("link", name="Merge", exact=True).click()
    portal.get_by_role("searchbox", name="Search contacts").press_sequentially("gracie")
    portal.get_by_role("link", name="Preview the merge with Gracie").click()

    expect(portal.get_by_role("heading", name="Merge Gracie into Grace Sample?")).to_be_visible()
    portal.get_by_role("link", name="Keep Gracie instead").click()
    portal.get_by_role("link", name="Keep Grace Sample instead").click()
    result = portal.get_by_role("region", name="What comes of it")
    expect(result).to_contain_text("gracie@northwind.example")
    portal.get_by_label("Yes, the two contacts are one person").check()
    portal.get_by_role("button", name="Merge").click()

    expect(portal.get_by_text("Gracie and Grace Sample are one contact now.")).to_be_visible()
    assert not Contact.objects.filter(name="Gracie").exists()


def test_a_duplicate_that_is_none_is_told_apart(portal: Page, go: Go, grace: Contact) -> None:
    go("contacts:detail", grace.pk)

    portal.get_by_role("button", name="Grace Sample is not a duplicate").click()

    expect(portal.get_by_text("Grace Sample is not suggested here any more.")).to_be_visible()
    expect(portal.get_by_role("heading", name="Possible duplicates")).to_have_count(0)
    portal.get_by_role("button", name="Undo").click()
    expect(portal.get_by_role("heading", name="Possible duplicates")).to_be_visible()


def test_delete_forever_wants_the_name(portal: Page, go: Go) -> None:
    """R30."""
    gone = ContactFactory(name="Del Sample", deleted=True, note="Left", custom_fields={"cf_x": 1})
    go("contacts:detail", gone.pk)
    portal.get_by_role("link", name="Delete Forever").click()
    dialog = portal.get_by_role("dialog", name="Delete Del Sample forever?")
    expect(dialog).to_contain_text("1 value of a contact field")
    assert faults(portal) == []

    dialog.get_by_label("To confirm, type the name: Del Sample").fill("del sample")
    dialog.get_by_role("button", name="Delete Forever").click()

    expect(portal.get_by_text("The contact is deleted forever.")).to_be_visible()
    assert not Contact.objects.filter(pk=gone.pk).exists()


def test_without_a_script_the_pencil_leads_to_the_edit_page(
    portal: Page, live_server: LiveServer, grace: Contact
) -> None:
    context = portal.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=portal.context.storage_state()
    )
    page = context.new_page()
    page.goto(live_server.url + reverse("contacts:detail", args=[grace.pk]))

    page.get_by_role("link", name="Edit Title").click()

    expect(page).to_have_url(re.compile(r"/edit/#id_title$"))
    page.get_by_label("Title").fill("Cook")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The changes are saved.")).to_be_visible()
    context.close()
