"""Settings > Conflicts in a browser, while Entra calls over HTTP: from the refusal to the next try."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Contact
from deskscim.provisioning.models import Conflict
from tests.factories import ContactFactory, TicketFactory

from .axe import faults
from .conftest import Entra

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

USER = {
    "externalId": "5b1f7a30-0c11-4a6d-9f0e-2f5a1d7c9e01",
    "userName": "una.example@northwind.example",
    "displayName": "Una Example",
    "title": "Head of Kitchen",
    "emails": [{"type": "work", "value": "una@northwind.example", "primary": True}],
}


@pytest.fixture
def twins() -> list[Contact]:
    """Two contacts, either of whom may be Entra's user."""
    first = ContactFactory(name="Una E.", title="Cook", emails=["una@northwind.example"])
    second = ContactFactory(
        name="Una Example", emails=["una.example@northwind.example"], phone="+1 206 555-0100"
    )
    TicketFactory(contact=first)
    TicketFactory.create_batch(2, contact=second)
    return [first, second]


def pushed(entra: Entra) -> httpx.Response:
    """Entra's try."""
    return entra.http.post("/Users", json=USER)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1600, 1280, 390])
def test_no_page_has_an_accessibility_fault(
    portal: Page, entra: Entra, live_server: LiveServer, twins: list[Contact], scheme: Any, width: int
) -> None:
    portal.emulate_media(color_scheme=scheme)
    portal.set_viewport_size({"width": width, "height": 844})
    portal.goto(f"{live_server.url}/settings/conflicts/")
    assert faults(portal) == []
    pushed(entra)
    here = f"/settings/conflicts/{Conflict.objects.get().pk}/"
    first, second = (contact.pk for contact in twins)
    questions = [f"link/{first}/", "keep-apart/", f"merge/{first}/{second}/", "drop/"]
    pages = ["/settings/", "/settings/conflicts/", here, *(here + question for question in questions)]
    for path in pages:
        is_sound(portal, live_server, path, width)
    portal.goto(f"{live_server.url}{here}keep-apart/")
    portal.get_by_role("button", name="Keep apart").click()
    for path in (here, "/settings/conflicts/?tab=decided"):
        is_sound(portal, live_server, path, width)


def is_sound(portal: Page, live_server: LiveServer, path: str, width: int) -> None:
    """Open a page: axe finds nothing, and nothing has to be scrolled sideways."""
    portal.goto(f"{live_server.url}{path}")
    assert faults(portal) == []
    assert portal.evaluate("document.documentElement.scrollWidth") <= width


def test_a_merge_lets_the_next_try_succeed(
    portal: Page, entra: Entra, live_server: LiveServer, twins: list[Contact]
) -> None:
    """R14, R15: from the refusal over the decision to the check mark."""
    assert pushed(entra).status_code == 409
    portal.get_by_role("link", name="Settings").click()
    expect(portal.get_by_text("1 open")).to_be_visible()
    portal.get_by_role("link", name="Conflicts").click()
    portal.get_by_role("link", name="Una Example").click()
    expect(portal.get_by_text("More than one contact could be this user")).to_be_visible()
    expect(portal.get_by_role("region", name="Una E.").get_by_text("Differs").first).to_be_visible()

    portal.get_by_role("link", name="Merge into Una Example").click()
    dialog = portal.get_by_role("dialog", name="Merge Una E. into Una Example?")
    expect(dialog).to_contain_text("This cannot be undone.")
    assert faults(portal) == []
    dialog.get_by_label("Yes, the two contacts are one person").check()
    dialog.get_by_role("button", name="Merge").click()

    expect(portal.get_by_role("status")).to_contain_text("Provision on demand")
    answer = pushed(entra)
    assert (answer.status_code, answer.json()["id"]) == (201, str(twins[1].pk))
    portal.reload()
    expect(portal.get_by_text("Entra ID has written this user since")).to_be_visible()
    portal.goto(f"{live_server.url}/settings/conflicts/")
    expect(portal.get_by_role("heading", name="No conflicts")).to_be_visible()


def test_a_question_can_be_left(
    portal: Page, entra: Entra, live_server: LiveServer, twins: list[Contact]
) -> None:
    pushed(entra)
    portal.goto(f"{live_server.url}/settings/conflicts/{Conflict.objects.get().pk}/")
    link = portal.get_by_role("region", name="Una E.").get_by_role("link", name="Link", exact=True)
    link.click()
    expect(portal.get_by_role("dialog", name="Is this user Una E.?")).to_be_visible()
    portal.keyboard.press("Escape")
    expect(portal.get_by_role("dialog")).to_be_hidden()
    assert Conflict.objects.get().is_open
