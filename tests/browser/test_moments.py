"""What changes while a page stays open: news of others, and how long ago something was."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from deskscim.agents.roles import Role
from tests.factories import PASSWORD, AgentFactory, ContactFactory, TimelineEntryFactory

from .conftest import Entra

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKS = re.compile(r"/contacts/changes/")


def test_a_list_tells_of_changes_and_moves_nothing(
    portal: Page, live_server: LiveServer, entra: Entra
) -> None:
    ContactFactory(name="Ann")
    portal.clock.install()
    portal.goto(live_server.url + reverse("contacts:list"))
    news = portal.locator(".live-notice")
    expect(portal.get_by_role("row")).to_have_count(2)

    with portal.expect_response(ASKS) as answer:
        portal.clock.run_for(10_000)
    assert answer.value.status == 204
    expect(news).to_have_count(0)
    entra.create(userName="ben@northwind.example", displayName="Ben")
    before = portal.get_by_role("link", name="Ann", exact=True).bounding_box()
    portal.clock.run_for(10_000)

    expect(news).to_contain_text("1 change")
    expect(portal.get_by_role("row")).to_have_count(2)
    assert portal.get_by_role("link", name="Ann", exact=True).bounding_box() == before
    news.get_by_role("link", name="Refresh").click()
    expect(portal.get_by_role("row")).to_have_count(3)


def test_a_contacts_page_tells_of_its_contact(portal: Page, live_server: LiveServer) -> None:
    contact = ContactFactory()
    portal.clock.install()
    portal.goto(live_server.url + reverse("contacts:detail", args=[contact.pk]))
    TimelineEntryFactory(contact=contact)

    portal.clock.run_for(10_000)

    expect(portal.get_by_text("This contact was changed.")).to_be_visible()


def test_nobody_asks_for_a_page_that_nobody_sees(portal: Page, live_server: LiveServer) -> None:
    portal.clock.install()
    portal.goto(live_server.url + reverse("contacts:list"))
    asked: list[str] = []
    portal.on("request", lambda request: asked.append(request.url))
    portal.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")

    portal.clock.run_for(60_000)

    assert [url for url in asked if ASKS.search(url)] == []


def test_how_long_ago_stays_true_and_the_exact_time_is_near(portal: Page, live_server: LiveServer) -> None:
    """R41: by hover and by keyboard."""
    contact = ContactFactory(linked=True, last_synced_at=timezone.now() - datetime.timedelta(minutes=2))
    portal.clock.install()
    portal.goto(live_server.url + reverse("contacts:detail", args=[contact.pk]))
    moment = portal.locator("#entra .tip").first
    expect(moment).to_contain_text("2 minutes ago")
    exact = moment.get_by_role("tooltip")
    expect(exact).to_be_hidden()

    moment.focus()
    expect(exact).to_be_visible()
    portal.clock.run_for(3_600_000)

    expect(moment).to_contain_text("1 hour ago")


def test_times_are_in_the_browsers_zone_and_language(browser: Browser, live_server: LiveServer) -> None:
    AgentFactory(email="ada@helpdesk.example", role=Role.AGENT)
    contact = ContactFactory(last_synced_at=datetime.datetime(2020, 6, 1, 12, tzinfo=datetime.UTC))
    context = browser.new_context(locale="de-DE", timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_label("E-Mail-Adresse").fill("ada@helpdesk.example")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("heading", level=1).wait_for()

    page.goto(live_server.url + reverse("contacts:detail", args=[contact.pk]))

    moment = page.locator("#entra .tip").first
    moment.hover()
    expect(moment.get_by_role("tooltip")).to_have_text("1. Juni 2020, 21:00 JST")
    years = page.evaluate("new Intl.RelativeTimeFormat('de').format(-1, 'year')").split()[-1][:4]
    expect(moment).to_contain_text(re.compile(rf"vor \d+ {years}"))
    context.close()
