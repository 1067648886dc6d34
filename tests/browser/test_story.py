"""The whole story, as an agent sees it in a browser while Entra calls over HTTP."""

import re

import pytest
from django.db import connection
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Contact, Ticket
from tests.factories import CompanyFactory, ContactFactory, TicketFactory

from .conftest import Entra

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "zelda.quick@northwind.example"
SUBJECT = "Zither strings are broken"
TRACES = ["zelda", "quick", "zither", "zookeeper", "555-0173", "a3f1-zz"]


@pytest.fixture
def known() -> Contact:
    """Somebody an agent typed in before Entra was connected, with one ticket and one spam ticket."""
    CompanyFactory(name="Northwind", domains=["northwind.example"])
    contact: Contact = ContactFactory(name="Z. Quick", emails=[EMAIL], phone="+1 206 555-0173")
    TicketFactory(contact=contact, subject=SUBJECT)
    TicketFactory(contact=contact, subject="Zither for sale", spam_cause=Ticket.SpamCause.AGENT)
    return contact


def test_from_the_first_push_to_the_last_trace(
    portal: Page, entra: Entra, live_server: LiveServer, known: Contact
) -> None:
    """R14, R41, R26, R27, R31, R32, R28 and R30, one after the other."""
    portal.reload()
    expect(row(portal, "Z. Quick")).to_be_visible()
    expect(row(portal, "Z. Quick").get_by_text("Verified by Entra ID")).to_have_count(0)

    user_id = entra.create(
        externalId="A3F1-zz",
        userName=EMAIL,
        displayName="Zelda Quick",
        emails=[{"type": "work", "value": EMAIL.upper(), "primary": True}],
    )
    assert user_id == str(known.pk)
    is_verified_and_not_doubled(portal)

    entra.change(user_id, "active", "False")
    is_deleted(portal, live_server)
    is_spam(portal, live_server, SUBJECT)

    entra.change(user_id, "active", "True")
    show(portal, live_server, "/contacts/")
    expect(row(portal, "Zelda Quick")).to_be_visible()
    is_not_spam(portal, live_server, SUBJECT)
    is_spam(portal, live_server, "Zither for sale")

    agent_deletes(portal, live_server, user_id)
    entra.change(user_id, "title", "Zookeeper")
    show(portal, live_server, "/contacts/")
    expect(row(portal, "Zelda Quick")).to_contain_text("Zookeeper")

    entra.delete(user_id)
    assert len(leftovers()) > len(TRACES)  # the search finds what is there
    agent_erases(portal, live_server, user_id)
    assert leftovers() == []


def show(portal: Page, live_server: LiveServer, path: str) -> None:
    """Open a page of the portal."""
    portal.goto(f"{live_server.url}{path}")


def row(portal: Page, text: str) -> Locator:
    """The rows of a list in which a text stands."""
    return portal.get_by_role("row").filter(has_text=text)


def is_verified_and_not_doubled(portal: Page) -> None:
    """R14, R41: one row with a check mark, Synced, and the last sync on hover and on focus."""
    portal.reload()
    person = row(portal, "Zelda Quick")
    expect(person).to_have_count(1)
    expect(row(portal, "Z. Quick")).to_have_count(0)
    expect(person.get_by_text("Verified by Entra ID")).to_have_count(1)
    status, tooltip = person.get_by_role("link", name="Synced", exact=True), person.get_by_role("tooltip")
    expect(tooltip).to_be_hidden()
    status.hover()
    expect(tooltip).to_be_visible()
    expect(tooltip).to_contain_text(re.compile(r"Last synced .*(now|ago)", re.DOTALL))
    portal.mouse.move(0, 0)
    expect(tooltip).to_be_hidden()
    status.focus()
    expect(tooltip).to_be_visible()


def is_deleted(portal: Page, live_server: LiveServer) -> None:
    """R26: gone from All, there in Deleted."""
    show(portal, live_server, "/contacts/")
    expect(row(portal, "Zelda Quick")).to_have_count(0)
    portal.get_by_role("link", name=re.compile("^Deleted")).click()
    expect(row(portal, "Zelda Quick")).to_contain_text("Deactivated in Entra")


def is_spam(portal: Page, live_server: LiveServer, subject: str) -> None:
    """R27: in Spam Tickets, and still in All Tickets, marked."""
    show(portal, live_server, "/tickets/?tab=spam")
    expect(row(portal, subject)).to_have_count(1)
    show(portal, live_server, "/tickets/")
    expect(row(portal, subject)).to_contain_text("Spam")


def is_not_spam(portal: Page, live_server: LiveServer, subject: str) -> None:
    """R31: what the deletion made spam leaves spam."""
    show(portal, live_server, "/tickets/?tab=spam")
    expect(row(portal, subject)).to_have_count(0)
    show(portal, live_server, "/tickets/")
    expect(row(portal, subject)).not_to_contain_text("Spam")


def agent_deletes(portal: Page, live_server: LiveServer, user_id: str) -> None:
    """R27: the dialog says what becomes of the tickets."""
    show(portal, live_server, f"/contacts/{user_id}/")
    portal.get_by_role("link", name="Delete", exact=True).click()
    dialog = portal.get_by_role("dialog")
    expect(dialog).to_contain_text("1 ticket becomes spam")
    dialog.get_by_role("button", name="Delete").click()
    expect(portal.get_by_role("status")).to_contain_text("Zelda Quick is in Deleted Contacts now")


def agent_erases(portal: Page, live_server: LiveServer, user_id: str) -> None:
    """R30: Delete Forever names what goes and wants the name typed."""
    show(portal, live_server, "/contacts/?tab=deleted")
    row(portal, "Zelda Quick").get_by_role("link", name="Zelda Quick", exact=True).click()
    portal.get_by_role("link", name="Delete Forever").click()
    dialog = portal.get_by_role("dialog")
    expect(dialog).to_contain_text("2 tickets")
    dialog.get_by_label("To confirm, type the name").fill("Zelda Quick")
    dialog.get_by_role("button", name="Delete Forever").click()
    show(portal, live_server, "/contacts/?tab=deleted")
    expect(row(portal, "Zelda Quick")).to_have_count(0)


def leftovers() -> list[str]:
    """Every value in any table in which a trace of the person is left."""
    found = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            for record in cursor.fetchall():
                text = " ".join(map(str, record)).casefold()
                found += [f"{table}: {trace}" for trace in TRACES if trace in text]
    return found
