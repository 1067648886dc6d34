"""The current view of the list as a file (R48)."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from contacts import exporting
from contacts.listing.columns import BUILT_IN
from contacts.models import Contact, ContactImport
from contacts.views import export
from deskscim.agents.models import Agent
from deskscim.jobs.models import Job
from tests.factories import ContactFactory, ContactFieldFactory
from tests.jobs import run_queued

from .page import text

EXPORT = reverse("contacts:export")


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def names(answer: Any) -> list[str]:
    lines = csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig"), newline=""))
    return [line["Name"] for line in lines]


def names_in_workbook(found: bytes) -> list[Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(found)).worksheets[0]
    return [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_csv_is_a_download_named_for_the_day(manager_client: Client) -> None:
    answer = manager_client.get(EXPORT, {"format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="contacts-2')


def test_respects_tab_search_and_order(manager_client: Client) -> None:
    for name in ("Ann Adams", "Bob", "Ann Berg"):
        ContactFactory(name=name)
    ContactFactory(name="Ann Gone", deleted=True)
    answer = manager_client.get(EXPORT, {"q": "ann", "sort": "-name", "format": "csv"})
    assert names(answer) == ["Ann Berg", "Ann Adams"]
    assert names(manager_client.get(EXPORT, {"tab": "deleted"})) == ["Ann Gone"]


def test_respects_the_columns_of_the_list(manager_client: Client) -> None:
    ContactFieldFactory(label="Floor", api_name="cf_floor")
    ContactFactory(name="Ann", custom_fields={"cf_floor": "3"}, linked=True, connection__name="Tenant")
    shown = "cf_floor,synced,connection"
    lines = content(manager_client.get(EXPORT, {"columns": shown})).decode("utf-8-sig").splitlines()
    assert lines == ["Name,Floor,Entra Sync,Connection", "Ann,3,Synced,Tenant"]


def test_words_and_times_are_the_readers_to_the_last_line(manager: Agent, manager_client: Client) -> None:
    """The lines are made after the view has answered."""
    Agent.objects.filter(pk=manager.pk).update(language="de", time_zone="America/New_York")
    contact = ContactFactory(name="Ann")
    Contact.objects.filter(pk=contact.pk).update(created_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    lines = content(manager_client.get(EXPORT, {"columns": "synced,created"})).decode().splitlines()
    assert lines[1] == "Ann,Nicht abgeglichen,2026-03-01 07:00:00"


@pytest.mark.django_db
def test_every_column_of_the_list_can_be_exported() -> None:
    shown = {exporting.IN_THE_LIST.get(one.name, one.name) for one in BUILT_IN}
    assert shown <= {column.key for column in exporting.columns()}


def test_an_empty_list_has_headings(manager_client: Client) -> None:
    assert content(manager_client.get(EXPORT)).startswith("\ufeffName,".encode())


def test_a_small_workbook_comes_at_once(manager_client: Client) -> None:
    ContactFactory(name="Ann")
    assert names_in_workbook(content(manager_client.get(EXPORT, {"format": "xlsx"}))) == ["Ann"]


def test_a_large_workbook_is_made_in_the_background(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_AT_ONCE", 2)
    for name in ("Ann", "Bob", "Cyd", "Dan"):
        ContactFactory(name=name)
    address = f"{EXPORT}?format=xlsx&sort=-name"
    asked = manager_client.get(address)
    assert "The list has more than 2 contacts" in text(asked)
    assert f'action="{escape(address)}"' in asked.content.decode()
    assert not Job.objects.exists()  # a GET changes nothing: a browser may ask ahead of its reader
    answer = manager_client.post(address)
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    (job,) = run_queued()
    assert (job.state, job.done) == ("done", 4)
    found = content(manager_client.get(reverse("jobs:file", args=[job.pk])))
    assert names_in_workbook(found) == ["Dan", "Cyd", "Bob", "Ann"]


def test_what_was_exported_can_be_imported(manager_client: Client) -> None:
    """Its headings are understood; what an import does not take is left out."""
    ContactFactory(name="Ann", emails=["ann@northwind.example"], phone="+1-555-0100")
    exported = content(manager_client.get(EXPORT, {"whole": "yes"})).decode()
    Contact.objects.all().delete()
    file = io.BytesIO(exported.encode())
    file.name = "again.csv"
    manager_client.post(reverse("contacts:import"), {"file": file})
    mapping = ContactImport.objects.get().mapping
    assert mapping[:6] == ["name", "given_name", "family_name", "email", "other_emails", "company"]
    assert mapping[-10:] == [""] * 10


def test_the_list_links_to_its_own_export(manager_client: Client) -> None:
    ContactFactory(name="Ann")
    html = manager_client.get(reverse("contacts:list"), {"q": "ann"}).content.decode()
    assert f"{EXPORT}?tab=all&amp;q=ann&amp;format=csv" in html
