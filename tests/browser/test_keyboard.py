"""The portal without a mouse: keys, rows, dialogs that give the focus back."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from deskscim.agents.models import Agent
from tests.factories import CompanyFactory, ContactFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(portal: Page, live_server: LiveServer) -> Page:
    """The list, with three people."""
    for name in ("Ann", "Ben", "Cem"):
        ContactFactory(name=name)
    portal.goto(live_server.url + reverse("contacts:list"))
    return portal


def row(page: Page, name: str) -> Locator:
    """The link of a row, which has the focus when the row has it."""
    return page.get_by_role("link", name=name, exact=True)


def test_rows_are_walked_selected_edited_and_opened(people: Page) -> None:
    people.keyboard.press("j")
    expect(row(people, "Ann")).to_be_focused()
    people.keyboard.press("j")
    people.keyboard.press("ArrowDown")
    expect(row(people, "Cem")).to_be_focused()
    people.keyboard.press("j")
    expect(row(people, "Cem")).to_be_focused()
    people.keyboard.press("k")
    expect(row(people, "Ben")).to_be_focused()

    people.keyboard.press("x")
    expect(people.get_by_role("checkbox", name="Select Ben")).to_be_checked()
    expect(people.get_by_text("1 selected")).to_be_visible()
    expect(row(people, "Ben")).to_be_focused()

    people.keyboard.press("e")
    expect(people).to_have_url(re.compile("/edit/$"))
    people.go_back()
    people.keyboard.press("j")
    people.keyboard.press("Enter")
    expect(people.get_by_role("heading", name="Ann", level=1)).to_be_visible()
    people.keyboard.press("e")
    expect(people).to_have_url(re.compile("/edit/$"))


def test_search_is_one_key_away_and_leads_into_the_rows(people: Page) -> None:
    search = people.get_by_role("searchbox")

    people.keyboard.press("/")
    expect(search).to_be_focused()
    people.keyboard.type("j/x?")
    expect(search).to_have_value("j/x?")  # while somebody types, a letter is a letter
    search.fill("")
    expect(people.get_by_role("row")).to_have_count(4)
    people.keyboard.press("ArrowDown")

    expect(row(people, "Ann")).to_be_focused()


def test_two_keys_lead_to_other_pages(people: Page) -> None:
    CompanyFactory(name="Northwind")

    people.keyboard.press("g")
    people.keyboard.press("o")

    expect(people.get_by_role("heading", name="Companies", level=1)).to_be_visible()
    people.keyboard.press("j")
    expect(row(people, "Northwind")).to_be_focused()


def test_the_list_of_keys_opens_by_a_key_and_gives_the_focus_back(people: Page) -> None:
    keys = people.get_by_role("dialog", name="Keyboard keys")
    button = people.get_by_role("button", name="Keyboard keys")

    people.keyboard.press("?")
    expect(keys.get_by_role("button", name="Close")).to_be_focused()
    people.keyboard.press("j")  # behind a dialog nothing moves
    people.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(button).to_be_focused()


def test_a_question_keeps_the_focus_and_gives_it_back(people: Page) -> None:
    opener = people.get_by_role("link", name="Delete Ben")
    opener.focus()
    people.keyboard.press("Enter")
    question = people.get_by_role("dialog")
    expect(question).to_be_visible()
    for _ in range(5):
        people.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        )
        assert people.evaluate(inside)

    people.keyboard.press("Escape")

    expect(question).to_be_hidden()
    expect(opener).to_be_focused()


def test_keys_can_be_switched_off(people: Page, live_server: LiveServer) -> None:
    """WCAG 2.1.4."""
    people.goto(live_server.url + reverse("agents:profile"))
    people.get_by_role("checkbox", name="Keyboard keys").uncheck()
    people.get_by_role("button", name="Save").click()
    expect(people.get_by_text("Your profile is saved.")).to_be_visible()

    people.goto(live_server.url + reverse("contacts:list"))
    people.keyboard.press("?")
    people.keyboard.press("j")

    assert not Agent.objects.get().keyboard
    expect(people.get_by_role("dialog")).to_have_count(0)
    expect(row(people, "Ann")).not_to_be_focused()


def test_the_skip_link_leads_past_the_navigation(people: Page) -> None:
    people.keyboard.press("Tab")
    skip = people.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    people.keyboard.press("Enter")

    expect(people.locator("#main")).to_be_focused()
