"""Importing as an agent does it: upload, columns, check, import, and the rows that were refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Page, expect

from contacts.models import Contact
from tests.factories import ContactFactory
from tests.jobs import run_queued

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = "Name;E-Mail;Job title;Shoe size\nAnn;ann@northwind.example;Cook;38\nBob;bob@;;44\n"


@pytest.fixture
def work() -> Callable[[], None]:
    """A worker that does what waits, on a connection of its own."""

    def work() -> None:
        run_queued()
        connections.close_all()

    def in_a_thread() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(work).result()

    return in_a_thread


def without_fault(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_file_becomes_contacts(
    portal: Page, work: Callable[[], None], tmp_path: Path, scheme: str, width: int
) -> None:
    portal.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    portal.set_viewport_size({"width": width, "height": 800})
    portal.get_by_role("link", name="Import").click()
    without_fault(portal)
    people = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
    portal.get_by_label("File").set_input_files(people)  # type: ignore[arg-type]
    portal.get_by_role("button", name="Upload").click()

    expect(portal.get_by_role("heading", name="Which column is which?")).to_be_visible()
    expect(portal.get_by_label("Job title")).to_have_value("title")
    without_fault(portal)
    portal.get_by_role("button", name="Check the file").click()

    expect(portal.get_by_text("It waits for a worker.")).to_be_visible()
    without_fault(portal)
    work()
    expect(portal.get_by_text("Nothing is written yet.")).to_be_visible()
    expect(portal.get_by_role("row", name="3 Refused Primary e-mail address")).to_be_visible()
    without_fault(portal)
    portal.get_by_role("button", name="Import").click()

    expect(portal.get_by_role("heading", name="Import people.csv")).to_be_visible()
    work()
    with portal.expect_download() as download:
        portal.get_by_role("link", name="Download").click()
    path = tmp_path / "refused.csv"
    download.value.save_as(path)
    refused = path.read_text("utf-8-sig").splitlines()[1:]
    assert refused == ["Bob,bob@,,44,Primary e-mail address: This is not an e-mail address."]
    assert Contact.objects.get().title == "Cook"


def test_the_list_is_taken_away_as_a_file(portal: Page, tmp_path: Path) -> None:
    ContactFactory(name="Ann")
    portal.reload()
    with portal.expect_download() as download:
        portal.get_by_role("link", name="CSV").first.click()
    path = tmp_path / "contacts.csv"
    download.value.save_as(path)
    assert path.read_text("utf-8-sig").splitlines()[1].startswith("Ann,")
