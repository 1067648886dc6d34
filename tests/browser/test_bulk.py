"""Many contacts at once, as an agent does it: choose, watch, read, take back."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Contact
from deskscim.jobs import queue
from tests.factories import CompanyFactory, ContactFactory

from .axe import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five contacts are enough to need a worker."""
    monkeypatch.setattr(queue, "AT_ONCE", 1)


def open_list(portal: Page, live_server: LiveServer, query: str = "") -> None:
    portal.goto(live_server.url + reverse("contacts:list") + query)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_that_match_are_deleted_and_brought_back(
    portal: Page, live_server: LiveServer, work: Callable[[], None], scheme: str
) -> None:
    portal.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    ContactFactory.create_batch(35, title="Sailor")
    ContactFactory(name="Ada", title="Admiral")
    open_list(portal, live_server, "?q=sailor")

    portal.get_by_label("Select all on this page").check()
    expect(portal.get_by_text("30 selected")).to_be_visible()
    portal.get_by_label(re.compile("Select all .+ that match")).check()
    expect(portal.get_by_text(re.compile("All .+ that match are selected"))).to_be_visible()
    assert faults(portal) == []
    portal.locator("#bulk").get_by_role("button", name="Delete", exact=True).click()
    dialog = portal.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete 35 contacts?")
    assert faults(portal) == []
    dialog.get_by_role("button", name="Delete").click()

    expect(portal.get_by_role("heading", level=1)).to_have_text("Delete contacts")
    expect(portal.get_by_role("progressbar")).to_be_visible()
    expect(portal.get_by_text("It waits for a worker.")).to_be_visible()
    assert faults(portal) == []
    work()

    expect(portal.get_by_role("button", name="Undo")).to_be_visible()
    expect(portal.get_by_role("main")).to_contain_text("35")
    assert faults(portal) == []
    assert [contact.name for contact in Contact.objects.active()] == ["Ada"]
    portal.get_by_role("button", name="Undo").click()
    expect(portal.get_by_role("heading", level=1)).to_have_text("Undo: Delete contacts")
    work()

    expect(portal.get_by_text("Ended")).to_be_visible()
    assert Contact.objects.active().count() == 36
    portal.get_by_role("link", name="Jobs").last.click()
    expect(portal.get_by_role("link", name="Undo: Delete contacts")).to_be_visible()
    assert faults(portal) == []


def test_leaving_out_one_row_is_no_longer_all(portal: Page, live_server: LiveServer) -> None:
    ContactFactory.create_batch(3)
    open_list(portal, live_server)

    portal.get_by_label("Select all on this page").check()
    portal.get_by_label(re.compile("Select all .+ that match")).check()
    portal.locator("[name=contact]").first.uncheck()

    expect(portal.get_by_text("2 selected")).to_be_visible()
    expect(portal.get_by_label(re.compile("Select all .+ that match"))).to_be_hidden()
    expect(portal.get_by_label("Select all on this page")).not_to_be_checked()


def test_a_company_is_found_by_its_name(
    portal: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "AT_ONCE", 100)
    CompanyFactory(name="Northwind")
    contact = ContactFactory(name="Ada")
    open_list(portal, live_server)

    portal.get_by_label("Select Ada").check()
    portal.get_by_role("button", name="Set company").click()
    portal.get_by_role("combobox", name="Company").press_sequentially("north")
    portal.get_by_role("option", name="Northwind").click()
    expect(portal.get_by_role("combobox", name="Company")).to_have_value("Northwind")
    assert faults(portal) == []
    portal.get_by_role("dialog").get_by_role("button", name="Set company").click()

    expect(portal.get_by_role("status").first).to_contain_text("1 contact has another company now.")
    contact.refresh_from_db()
    assert contact.company
    portal.get_by_role("button", name="Undo").click()
    expect(portal.get_by_role("status").first).to_contain_text("1 contact is as it was before.")
    contact.refresh_from_db()
    assert contact.company is None


def test_the_menu_is_worked_by_keys(portal: Page, live_server: LiveServer) -> None:
    ContactFactory(name="Ada")
    open_list(portal, live_server)
    portal.get_by_label("Select Ada").check()

    more = portal.locator("details.more summary")
    more.press("Enter")
    expect(portal.get_by_role("button", name="Suspend")).to_be_visible()
    assert faults(portal) == []
    portal.keyboard.press("Escape")

    expect(portal.get_by_role("button", name="Suspend")).to_be_hidden()
    expect(more).to_be_focused()


def test_delete_forever_wants_the_count_typed(portal: Page, live_server: LiveServer) -> None:
    """R30."""
    ContactFactory.create_batch(2, deleted=True)
    open_list(portal, live_server, "?tab=deleted")

    portal.get_by_label("Select all on this page").check()
    portal.get_by_role("button", name="Delete Forever", exact=True).click()
    portal.get_by_label("Type 2 to delete them forever").fill("3")
    portal.get_by_role("dialog").get_by_role("button", name="Delete Forever").click()
    expect(portal.get_by_text("Nothing was deleted: type 2 to confirm.")).to_be_visible()
    assert faults(portal) == []

    assert Contact.objects.count() == 2


def test_the_menu_is_whole_on_a_phone(portal: Page, live_server: LiveServer) -> None:
    portal.set_viewport_size({"width": 390, "height": 780})
    ContactFactory()
    open_list(portal, live_server)

    portal.get_by_label("Select all on this page").check()
    portal.get_by_text("More", exact=True).click()

    for deed in ("Mark as verified", "Company by domain again", "Suspend"):
        expect(portal.get_by_role("button", name=deed)).to_be_in_viewport(ratio=1)
