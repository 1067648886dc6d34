"""Every page that there is, light and dark, wide and narrow: no fault, no sideways scrolling, little weight.

The pages come from tests/portal/pages.py: new ones are here by themselves.
"""

import gzip
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from contacts.models import ContactField
from tests.factories import (
    CompanyFactory,
    ContactFactory,
    ContactFieldFactory,
    TicketFactory,
    TimelineEntryFactory,
)
from tests.portal.pages import PAGES
from tests.portal.test_access import address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Pages that look different with a question: the label and what follows it.
ALSO = [
    ("contacts:list", "?tab=suspended&sort=-synced"),
    ("contacts:list", "?tab=deleted"),
    ("contacts:list", "?q=nobody"),
    ("companies:list", "?q=nobody"),
    ("companies:mapping", "?tab=mapped"),
    ("companies:mapping", "?after=z"),
    ("tickets:list", "?tab=spam"),
    ("tickets:list", "?tab=spam&status=closed"),
    ("settings:conflicts", "?tab=decided"),
]
LOOKS = [(label, "") for label in PAGES] + ALSO

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDE, NARROW = (1280, 844), (320, 640)  # 320: a page of 1280 at 400 % (WCAG 1.4.10)
MOST_BYTES = 100_000


@pytest.fixture
def world(db: None) -> None:
    """Something of everything, so that no list is empty."""
    for kind in ContactField.Type.values:
        ContactFieldFactory(type=kind, label=kind, api_name=f"cf_{kind}", options=["EMEA"])
    company = CompanyFactory(name="Northwind", domains=["northwind.example"])
    ContactFactory.create_batch(30, company=company, linked=True, title="Keeper of long and winding titles")
    for state in ({}, {"suspended": True}, {"deleted": True}, {"linked": True, "unapplied": ["cf_date"]}):
        contact = ContactFactory(name=f"Person of the {'-'.join(state)} kind", **state)
        TicketFactory(contact=contact)
        TicketFactory(contact=contact, spam_cause="agent")
        ContactFactory(emails=[f"{len(state)}@unknown-{'-'.join(state)}.example"])
        TimelineEntryFactory(contact=contact, changes={"title": ["Clerk", "Head of clerks"]})


def weight(page: Page) -> int:
    """The bytes of the page and of all that it loads, compressed by the server or by WhiteNoise."""
    loaded: list[tuple[str, int]] = page.evaluate(
        """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
           .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize])"""
    )
    return sum(_compressed(path) if path.startswith("/static/") else size for path, size in loaded)


def _compressed(path: str) -> int:
    found = finders.find(path.removeprefix("/static/"))
    assert isinstance(found, str), path
    return len(gzip.compress(Path(found).read_bytes()))


def faults(page: Page) -> list[str]:
    """What axe finds, with the first place of each, and a page wider than the window."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    found = [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in violations]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, f"{too_wide} px too wide"] if too_wide > 0 else found


def look(page: Page) -> dict[str, list[str]]:
    """The faults in each light and width; without motion, so that no colour is measured half-way."""
    found = {}
    for width, height in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found[f"{scheme}, {width}"] = faults(page)
    return {where: what for where, what in found.items() if what}


@pytest.mark.parametrize(("label", "query"), LOOKS, ids=[f"{label}{query}" for label, query in LOOKS])
def test_page_is_whole_in_every_light_and_width(
    portal: Page, live_server: LiveServer, world: None, label: str, query: str
) -> None:
    """Requests to other hosts and errors of the console, such as a breach of the policy, fail `portal`."""
    portal.goto(live_server.url + address(label) + query)

    assert look(portal) == {}
    assert 10_000 < weight(portal) < MOST_BYTES


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/"])
def test_page_before_the_sign_in_is_whole(page: Page, live_server: LiveServer, db: None, path: str) -> None:
    page.goto(live_server.url + path)

    assert look(page) == {}
