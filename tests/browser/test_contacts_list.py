"""The list of contacts under a real hand: filters, columns, views and pages."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import SavedView
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, ContactFieldFactory

from .axe import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[[str], None]


@pytest.fixture
def open_list(portal: Page, live_server: LiveServer) -> Open:
    """Open the list at an address; 35 people are there, one of them in trouble."""
    ContactFieldFactory(api_name="cf_region", label="Region", type="dropdown", options=["EMEA", "APAC"])
    tenant, company = ConnectionFactory(name="Contoso tenant"), CompanyFactory(name="Northwind")
    for number in range(34):
        ContactFactory(name=f"Person {number:02}", linked=True, connection=tenant, company=company)
    ContactFactory(name="Zoe Trouble", custom_fields={"cf_region": "EMEA"})

    def open_list(query: str) -> None:
        portal.goto(live_server.url + reverse("contacts:list") + query)

    return open_list


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_accessibility_fault(
    portal: Page, open_list: Open, live_server: LiveServer, scheme: str, width: int
) -> None:
    portal.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    portal.set_viewport_size({"width": width, "height": 844})
    everything = "company,email,synced,updated,source,connection,domain,user_name,cf_region,phone"
    for query in ("?verified=yes&status=synced&cf_gone=x", f"?columns={everything}", "?before=end"):
        open_list(query)
        assert faults(portal) == []
        assert portal.evaluate("document.documentElement.scrollWidth") <= width
    portal.locator(".listbar summary").click()
    assert faults(portal) == []
    for name in ("Filter", "Columns"):
        open_list("?tab=all")
        portal.get_by_role("link", name=name, exact=True).click()
        expect(portal.get_by_role("dialog")).to_be_visible()
        assert faults(portal) == []
    portal.goto(live_server.url + reverse("contacts:filters"))
    assert faults(portal) == []


def test_filter_and_take_the_filters_off_again(portal: Page, open_list: Open) -> None:
    open_list("?tab=all&sort=-name")
    portal.get_by_role("link", name="Filter", exact=True).click()
    dialog = portal.get_by_role("dialog", name="Filter contacts")
    dialog.get_by_role("group", name="Region").get_by_label("EMEA").check()
    dialog.get_by_role("group", name="Verified").get_by_label("No").check()
    dialog.get_by_role("button", name="Show contacts").click()

    expect(portal.get_by_role("row")).to_have_count(2)
    expect(portal).to_have_url(re.compile(r"sort=-name.*verified=no.*cf_region=EMEA"))
    chips = portal.get_by_role("list", name="Filters")
    expect(chips.get_by_role("listitem")).to_have_text(
        [re.compile("Verified: No"), re.compile("Region: EMEA")]
    )

    portal.get_by_role("link", name="Remove the filter Region").click()
    expect(chips.get_by_role("listitem")).to_have_count(1)
    portal.go_back()
    expect(chips.get_by_role("listitem")).to_have_count(2)
    portal.get_by_role("link", name="Clear all").click()
    expect(portal.get_by_role("row")).to_have_count(31)


def test_filter_by_a_company_that_is_picked(portal: Page, open_list: Open) -> None:
    ContactFactory(name="Picked", company=CompanyFactory(name="Northwind Traders"))
    open_list("?tab=all")
    portal.get_by_role("link", name="Filter", exact=True).click()
    dialog = portal.get_by_role("dialog", name="Filter contacts")
    company = dialog.get_by_role("combobox", name="Company")
    company.fill("traders")
    dialog.get_by_role("option", name="Northwind Traders").click()
    dialog.get_by_role("button", name="Show contacts").click()

    expect(portal.get_by_role("link", name="Picked", exact=True)).to_be_visible()
    expect(portal.get_by_role("row")).to_have_count(2)
    expect(portal.get_by_role("list", name="Filters")).to_contain_text("Company: Northwind Traders")


def test_search_keeps_filters_and_the_other_way_round(portal: Page, open_list: Open) -> None:
    open_list("?tab=all&verified=yes")
    portal.get_by_role("searchbox", name="Search contacts").press_sequentially("person 1")
    expect(portal.get_by_role("row")).to_have_count(11)
    expect(portal).to_have_url(re.compile("verified=yes.*q=person"))

    portal.get_by_role("link", name="Filter", exact=True).click()
    dialog = portal.get_by_role("dialog")
    expect(dialog.get_by_role("group", name="Verified").get_by_label("Yes")).to_be_checked()
    dialog.get_by_role("combobox", name="Company").fill("north")
    dialog.get_by_role("button", name="Show contacts").click()

    expect(portal.get_by_role("searchbox", name="Search contacts")).to_have_value("person 1")
    expect(portal.get_by_role("listitem").filter(has_text="Company: Northwind")).to_be_visible()
    expect(portal.get_by_role("row")).to_have_count(11)


def test_pages_lead_there_and_back(portal: Page, open_list: Open) -> None:
    open_list("?tab=all")
    portal.get_by_role("link", name="Next").click()
    expect(portal.get_by_role("navigation", name="Pages")).to_contain_text("31\N{EN DASH}35 of 35 contacts")
    expect(portal.get_by_role("link", name="Zoe Trouble", exact=True)).to_be_visible()
    portal.get_by_role("link", name="Previous").click()
    expect(portal.get_by_role("navigation", name="Pages")).to_contain_text("1\N{EN DASH}30 of 35 contacts")
    portal.get_by_role("link", name="Rows on a page: 50").click()
    expect(portal.get_by_role("row")).to_have_count(36)


def test_columns_are_chosen_and_remembered(portal: Page, open_list: Open) -> None:
    open_list("?tab=all")
    portal.get_by_role("link", name="Columns", exact=True).click()
    dialog = portal.get_by_role("dialog", name="Columns of the list")
    dialog.get_by_label("Title").uncheck()
    dialog.get_by_label("Region").check()
    dialog.get_by_role("button", name="Show these columns").click()
    expect(portal.get_by_role("columnheader", name="Region")).to_be_visible()
    expect(portal.get_by_role("columnheader", name="Title")).to_have_count(0)

    open_list("")
    expect(portal.get_by_role("columnheader", name="Region")).to_be_visible()
    expect(portal).to_have_url(re.compile("columns=.*cf_region"))


def test_a_view_is_saved_left_updated_and_deleted(portal: Page, open_list: Open) -> None:
    open_list("?tab=all")
    portal.get_by_role("searchbox", name="Search contacts").press_sequentially("trouble")
    expect(portal.get_by_role("row")).to_have_count(2)
    portal.locator(".listbar summary").click()
    portal.get_by_role("link", name="Save this view").click()
    dialog = portal.get_by_role("dialog", name="Save this view")
    dialog.get_by_label("Name").fill("Troubles")
    dialog.get_by_label("Share with all agents").check()
    assert faults(portal) == []
    dialog.get_by_role("button", name="Save").click()

    expect(portal.get_by_text("The view “Troubles” is saved.")).to_be_visible()
    expect(portal.get_by_role("searchbox", name="Search contacts")).to_have_value("trouble")
    expect(portal.get_by_role("button", name="Update view")).to_have_count(0)
    portal.get_by_role("link", name="E-mail", exact=True).click()
    portal.get_by_role("button", name="Update view").click()
    expect(portal.get_by_text("The view “Troubles” is updated.")).to_be_visible()
    assert SavedView.objects.get().query == "?tab=all&q=trouble&sort=email"

    portal.locator(".listbar summary").click()
    portal.get_by_role("link", name="Delete…", exact=True).click()
    portal.get_by_role("dialog").get_by_role("button", name="Delete view").click()
    expect(portal.get_by_text("The view “Troubles” is deleted.")).to_be_visible()
    expect(portal.get_by_role("row")).to_have_count(2)


def test_the_menu_of_views_closes_when_it_is_left(portal: Page, open_list: Open) -> None:
    open_list("")
    menu = portal.get_by_role("link", name="Save this view…")

    portal.get_by_text("Views", exact=True).click()
    expect(menu).to_be_visible()
    portal.get_by_role("heading", name="Contacts", level=1).click()

    expect(menu).to_be_hidden()


def test_keys_lead_from_contact_to_contact(portal: Page, open_list: Open) -> None:
    open_list("?tab=all&sort=-name")
    portal.get_by_role("link", name="Person 33", exact=True).click()
    expect(portal.get_by_role("heading", level=1)).to_contain_text("Person 33")
    assert faults(portal) == []

    portal.keyboard.press("n")
    expect(portal.get_by_role("heading", level=1)).to_contain_text("Person 32")
    portal.keyboard.press("p")
    expect(portal.get_by_role("heading", level=1)).to_contain_text("Person 33")
    portal.get_by_role("link", name="Contacts", exact=True).last.click()
    expect(portal).to_have_url(re.compile("sort=-name"))
