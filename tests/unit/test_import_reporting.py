"""The report of an import: carried on where it was, and each of its lines found by its place."""

from pathlib import Path

import pytest

from contacts.importing.reporting import Report, line_at, who
from contacts.importing.seen import Seen

LINES = [["Zoë", "two\nlines", 'a "quoted" one'], ["", "a;b,c", "'=1+1"], ["Ann", "", ""]]


def test_each_line_is_found_at_its_place(tmp_path: Path) -> None:
    with Report.carried_on(tmp_path / "report", 0, ["Name", "Note", "Why"]) as report:
        places = [report.add(line) for line in LINES]
        file = report.whole()
        assert [line_at(file, place) for place in reversed(places)] == LINES[::-1]


def test_what_came_after_the_checkpoint_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "report"
    with Report.carried_on(path, 0, ["Name"]) as report:
        report.add(["Ann"])
        size = report.saved()
        report.add(["Bob, twice"])
    with Report.carried_on(path, size, ["Name"]) as report:
        place = report.add(["Bob"])
    assert path.read_text("utf-8-sig").split() == ["Name", "Ann", "Bob"]
    assert place == size


@pytest.mark.parametrize(
    ("mapping", "cells", "found"),
    [
        (["name", "email"], ["Ann", "a@x.example"], ("Ann", "a@x.example")),
        (["given_name", "", "family_name"], ["Ann", "38", "Berg"], ("Ann Berg", "")),
        (["name", "given_name"], ["", "Ann"], ("Ann", "")),
        (["email", "other_emails"], ["", "b@x.example; c@x.example"], ("", "b@x.example; c@x.example")),
        (["name", "email"], ["Ann"], ("Ann", "")),
    ],
)
def test_a_row_is_about_whoever_its_columns_name(
    mapping: list[str], cells: list[str], found: tuple[str, str]
) -> None:
    assert who(mapping, cells) == found


def test_an_address_comes_by_once() -> None:
    """Those of a row that is refused for another one have not come by."""
    seen = Seen()
    assert seen.is_first(["a@x.example", "b@x.example"])
    assert not seen.is_first(["c@x.example", "b@x.example"])
    assert seen.is_first(["c@x.example"])
    assert seen.is_first([])
