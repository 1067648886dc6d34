"""Contacts as CSV and XLSX."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from contacts import exporting, sheets
from contacts.models import Contact
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory


def as_rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def exported() -> list[dict[str, str]]:
    lines = exporting.lines(Contact.objects.order_by("name"), exporting.columns())
    return as_rows("".join(sheets.as_csv(lines)))


@pytest.mark.parametrize("formula", ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\tx", "\rx", "+1-555-0100", "-"])
def test_what_a_spreadsheet_would_compute_is_defused(formula: str) -> None:
    assert sheets.defused(formula) == f"'{formula}"


@pytest.mark.parametrize("plain", ["", "Ann", "+31 20 123 4567", "+49 (0)170 1", "030/1-2", "a=b", "'x"])
def test_what_it_would_not_compute_stays(plain: str) -> None:
    """Phone numbers stay readable."""
    assert sheets.defused(plain) == plain


@pytest.mark.django_db
def test_a_contact_in_all_columns() -> None:
    ContactFieldFactory(label="Member", api_name="cf_member", type="checkbox")
    ContactFactory(
        name="Zoë",
        title="=Cook",
        unapplied=["cf_member"],
        phone="+31 20 1",
        company=CompanyFactory(name="Northwind"),
        emails=["a@northwind.example", "b@northwind.example", "c@northwind.example"],
        custom_fields={"cf_member": True},
        linked=True,
        last_synced_at=datetime(2026, 5, 31, 12, 30, tzinfo=UTC),
    )
    (row,) = exported()
    assert {key: row[key] for key in list(row)[:-5]} == {
        "Name": "Zoë",
        "Given name": "",
        "Family name": "",
        "Primary e-mail address": "a@northwind.example",
        "Other e-mail addresses": "b@northwind.example; c@northwind.example",
        "Company": "Northwind",
        "Title": "'=Cook",
        "Department": "",
        "Work phone": "+31 20 1",
        "Mobile": "",
        "Employee number": "",
        "Note": "",
        "Member": "Yes",
        "Verified": "Yes",
        "Source": "Entra ID",
        "Entra Sync": "Partly applied",
        "userName": "a@northwind.example",
        "Last synced": "2026-05-31 12:30:00",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 50])
def test_the_number_of_queries_does_not_grow(
    count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(count):
        ContactFactory(emails=[f"{name}{number}@northwind.example" for name in ("a", "b")])
    with django_assert_num_queries(3):  # fields, contacts, other addresses
        assert len(exported()) == count


@pytest.mark.django_db
def test_more_than_one_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    contacts = [ContactFactory(name=f"Person {number}") for number in range(5)]
    assert [row["Primary e-mail address"] for row in exported()] == [one.primary_address for one in contacts]


@pytest.mark.django_db
def test_a_workbook_holds_texts_alone() -> None:
    ContactFactory(name="=1+1", title="bell \x07")
    file = io.BytesIO()
    sheets.write_xlsx(file, "Contacts", exporting.lines(Contact.objects.all(), exporting.columns()))
    headings, row = openpyxl.load_workbook(file).worksheets[0].iter_rows()
    assert [cell.value for cell in headings] == [column.label for column in exporting.columns()]
    assert (row[0].value, row[0].data_type) == ("'=1+1", "s")
    assert row[6].value == "bell "


@pytest.mark.parametrize(
    "text", ["=1", "+SUM(A1)", "+1-2", "-1", "@x", "\tx", "\rx", "a", "", "+31 20 (0)1", "a\x1f=1"]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_is_defused_as_each_of_its_texts_is(text: str, place: int) -> None:
    line = ["Ann", "", "+31 20 1"]
    line[place] = text
    assert sheets.defused_line(line) == [sheets.defused(one) for one in line]
