"""Companies under a real hand: domains that map, contacts that move, undo, all of it by keyboard too."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from companies.models import Company
from contacts.models import Contact
from tests.factories import CompanyFactory, ContactFactory

from .test_every_page import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Go = Callable[..., None]


@pytest.fixture
def go(portal: Page, live_server: LiveServer) -> Go:
    """Open a page by the name of its address."""

    def go(name: str, *args: object) -> None:
        portal.goto(live_server.url + reverse(name, args=args))

    return go


@pytest.fixture
def acme(db: None) -> Company:
    company: Company = CompanyFactory(name="Acme")
    return company


def test_a_domain_is_added_previewed_mapped_and_undone(portal: Page, go: Go, acme: Company) -> None:
    """R40."""
    ContactFactory(name="Ada King", emails=["ada@acme.example"])
    ContactFactory(name="Bob Byron", emails=["bob@acme.example"])
    go("companies:detail", acme.pk)

    portal.get_by_label("Add a domain").fill("ACME.example")
    portal.keyboard.press("Enter")

    expect(portal.get_by_role("heading", name="Map acme.example to Acme")).to_be_visible()
    expect(portal.get_by_role("row", name="Ada King")).to_contain_text("Acme")
    assert faults(portal) == []
    portal.get_by_role("button", name="Map 2 contacts").click()
    expect(portal.get_by_text("2 contacts belong to Acme now.")).to_be_visible()
    portal.get_by_role("button", name="Undo").click()
    expect(portal.get_by_role("link", name="See whom")).to_be_visible()
    assert not Contact.objects.exclude(company=None).exists()


def test_the_report_mends_a_domain_by_a_company_chosen_with_the_keyboard(
    portal: Page, go: Go, acme: Company
) -> None:
    CompanyFactory(name="Acme Tools")
    ContactFactory(name="Ada King", emails=["ada@acme.example"])
    go("companies:mapping")
    portal.get_by_role("link", name="Add to a company").click()
    picker = portal.get_by_role("combobox", name="Company")

    picker.press_sequentially("acme")

    options = portal.get_by_role("option")
    expect(options).to_have_count(2)
    expect(portal.locator(".picker [role=status]")).to_have_text("2: Use the arrow keys to choose.")
    picker.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert faults(portal) == []
    picker.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    picker.press("Enter")
    expect(picker).to_have_value("Acme Tools")
    expect(options.first).to_be_hidden()
    picker.press("Enter")
    expect(portal.get_by_role("heading", name="Map acme.example to Acme Tools")).to_be_visible()


def test_escape_closes_the_picker_and_a_click_chooses(portal: Page, go: Go, acme: Company) -> None:
    other = CompanyFactory(name="Contoso")
    go("companies:merge", acme.pk)
    picker = portal.get_by_role("combobox")

    picker.press_sequentially("cont")
    option = portal.get_by_role("option", name="Contoso")
    expect(option).to_be_visible()
    picker.press("Escape")
    expect(option).to_be_hidden()
    picker.press("ArrowDown")
    option.click()
    portal.get_by_role("button", name="Merge").click()

    expect(portal.get_by_role("heading", name="Contoso", level=1)).to_be_visible()
    expect(portal.get_by_text("Acme is part of Contoso now.")).to_be_visible()
    assert list(Company.objects.all()) == [other]


def test_a_company_is_deleted_with_its_contacts_cared_for_and_brought_back(
    portal: Page, go: Go, acme: Company
) -> None:
    ContactFactory(company=acme)
    other = CompanyFactory(name="Contoso")
    go("companies:delete", acme.pk)
    picker = portal.get_by_role("combobox", name="The other company")
    expect(picker).to_be_hidden()

    portal.get_by_label("They move to another company").check()
    picker.fill("contoso")
    assert faults(portal) == []
    portal.get_by_role("button", name="Delete company").click()

    expect(portal.get_by_text("Acme is deleted.")).to_be_visible()
    assert other.contacts.count() == 1
    portal.get_by_role("button", name="Undo").click()
    expect(portal.get_by_role("link", name="Acme")).to_be_visible()
    assert Company.objects.get(name="Acme").contacts.count() == 1
