"""Importing as an agent does it: upload, columns, check, import, and the rows that were refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact
from contacts.views import export
from deskscim.jobs.models import Job
from tests.domain import agent_writes
from tests.factories import ContactFactory

from .axe import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = "Name;E-Mail;Job title;Shoe size\nAnn;ann@northwind.example;Cook;38\nBob;bob@;;44\n"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_file_becomes_contacts(
    portal: Page, work: Callable[[], None], tmp_path: Path, scheme: str, width: int
) -> None:
    portal.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    portal.set_viewport_size({"width": width, "height": 800})
    portal.get_by_role("link", name="Import").click()
    assert faults(portal) == []
    people = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
    portal.get_by_label("File").set_input_files(people)  # type: ignore[arg-type]
    portal.get_by_role("button", name="Upload").click()

    expect(portal.get_by_role("heading", name="Which column is which?")).to_be_visible()
    expect(portal.get_by_label("Job title")).to_have_value("title")
    assert faults(portal) == []
    portal.get_by_role("button", name="Check the file").click()

    expect(portal.get_by_text("It waits for a worker.")).to_be_visible()
    assert faults(portal) == []
    work()
    expect(portal.get_by_text("Nothing is written yet.")).to_be_visible()
    expect(portal.get_by_role("row", name="3 Bob bob@ Refused Primary e-mail address")).to_be_visible()
    assert faults(portal) == []
    portal.get_by_role("button", name="Import").click()

    expect(portal.get_by_role("heading", name="Import people.csv")).to_be_visible()
    work()
    with portal.expect_download() as download:
        portal.get_by_role("link", name="Download").click()
    path = tmp_path / "refused.csv"
    download.value.save_as(path)
    refused = path.read_text("utf-8-sig").splitlines()[1:]
    assert refused == ["Bob,bob@,,44,Row 3: Primary e-mail address: This is not an e-mail address."]
    assert Contact.objects.get().title == "Cook"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_an_import_is_looked_at_and_taken_back(
    portal: Page, work: Callable[[], None], scheme: str, width: int
) -> None:
    ContactFactory(name="Cyd", title="Boss", emails=["cyd@northwind.example"])
    portal.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    portal.set_viewport_size({"width": width, "height": 800})
    import_(portal, work, PEOPLE + "Cyd;cyd@northwind.example;Cook;\n")
    expect(portal.get_by_text("Row 3: Bob · bob@")).to_be_visible()
    assert faults(portal) == []

    portal.get_by_role("link", name="See the contacts").click()
    expect(portal.get_by_role("link", name="Ann", exact=True)).to_be_visible()
    expect(portal.get_by_role("link", name="Cyd", exact=True)).to_be_hidden()
    portal.go_back()
    agent_writes(Contact.objects.get(name="Cyd"), title="Chef")

    portal.get_by_role("link", name="Undo").click()
    dialog = portal.get_by_role("dialog")
    expect(dialog).to_contain_text("New contacts are removed altogether")
    expect(dialog.locator(":focus")).to_have_count(1)
    assert faults(portal) == []
    dialog.get_by_role("link", name="Cancel").click()
    expect(portal.get_by_role("link", name="Undo")).to_be_focused()
    portal.get_by_role("link", name="Undo").click()
    dialog.get_by_role("button", name="Undo the import").click()

    expect(portal.get_by_role("heading", level=1)).to_contain_text("Undo: Import people.csv")
    expect(portal.get_by_role("link", name="Row 4: Cyd")).to_be_visible()
    expect(portal.get_by_text("Changed since, and left so: Title.")).to_have_count(2)
    assert faults(portal) == []
    assert [contact.name for contact in Contact.objects.all()] == ["Cyd"]


def import_(portal: Page, work: Callable[[], None], content: str) -> None:
    """Up to the job that is done."""
    portal.get_by_role("link", name="Import").click()
    people = {"name": "people.csv", "mimeType": "text/csv", "buffer": content.encode()}
    portal.get_by_label("File").set_input_files(people)  # type: ignore[arg-type]
    portal.get_by_role("button", name="Upload").click()
    portal.get_by_role("button", name="Check the file").click()
    expect(portal.get_by_text("It waits for a worker.")).to_be_visible()
    work()
    portal.get_by_role("button", name="Import").click()
    expect(portal.get_by_role("heading", name="Import people.csv")).to_be_visible()
    work()
    expect(portal.get_by_text("Ended")).to_be_visible()


def test_a_large_workbook_is_asked_about_and_made_by_a_worker(
    portal: Page, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_AT_ONCE", 1)
    ContactFactory.create_batch(2)
    portal.reload()
    portal.get_by_role("link", name="XLSX").first.click()

    expect(portal.get_by_text("Make the workbook in the background?")).to_be_visible()
    assert faults(portal) == []
    assert not Job.objects.exists()
    portal.get_by_role("button", name="Make the workbook").click()

    expect(portal.get_by_role("heading", name="Export contacts")).to_be_visible()
    work()
    expect(portal.get_by_role("link", name="Download contacts-")).to_be_visible()


def test_the_list_is_taken_away_as_a_file(portal: Page, tmp_path: Path) -> None:
    ContactFactory(name="Ann")
    portal.reload()
    with portal.expect_download() as download:
        portal.get_by_role("link", name="CSV").first.click()
    path = tmp_path / "contacts.csv"
    download.value.save_as(path)
    assert path.read_text("utf-8-sig").splitlines()[1].startswith("Ann,")
