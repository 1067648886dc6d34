"""Files of rows as different programs write them."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contacts.importing import reading
from contacts.importing.reading import Row, Unreadable

Cells = list[str]


def read(content: bytes) -> tuple[Cells, list[Row]]:
    with reading.table(io.BytesIO(content)) as table:
        return list(table.headings), list(table.rows)


def workbook(*lines: list[Any]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_separators(encoding: str, separator: str, end: str) -> None:
    lines = [separator.join(["Name", "Stadt"]), separator.join(["Zoë Müller", "Köln"])]
    assert read(end.join(lines).encode(encoding)) == (["Name", "Stadt"], [Row(2, ["Zoë Müller", "Köln"])])


def test_quoted_cells_hold_separators_and_line_ends() -> None:
    headings, rows = read(b'Name,Title\n"Ann, the\nfirst","""Cook"""\n')
    assert headings == ["Name", "Title"]
    assert rows == [Row(2, ["Ann, the\nfirst", '"Cook"'])]


def test_a_quoted_heading_does_not_hide_the_separator() -> None:
    assert read(b'"Name, first";E-mail\nAnn;a@b.example')[0] == ["Name, first", "E-mail"]


def test_blank_rows_are_left_out_and_counted() -> None:
    assert read(b"Name,Title\n,\n\nAnn,Cook\n")[1] == [Row(4, ["Ann", "Cook"])]


def test_short_rows_are_filled_and_long_ones_show_what_is_too_much() -> None:
    rows = read(b"Name,Title\nAnn\nBob,Cook,,\nCyd,Cook,,x\n")[1]
    assert [row.cells for row in rows] == [["Ann", ""], ["Bob", "Cook"], ["Cyd", "Cook", "", "x"]]


def test_cells_of_a_workbook_are_what_a_person_would_have_typed() -> None:
    lines = [["Name", "Born", "At", "Number", "Share", "Member"]]
    lines += [["Ann", date(2001, 2, 3), datetime(2001, 2, 3, 4, 5), 31201234567, 1.5, True]]  # type: ignore[list-item]
    headings, rows = read(workbook(*lines))
    assert headings == lines[0]
    assert rows == [Row(2, ["Ann", "2001-02-03", "2001-02-03T04:05:00", "31201234567", "1.5", "True"])]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (workbook(["Name"])[:-40], "damaged"),
        (b",".join([b"h"] * 201), "more than 200 columns"),
        (b'Name\n"Ann\n', "Line 2 cannot be read"),
        (b'Name\n"Ann"x\n', "Line 2 cannot be read"),
        (b"{" + b" " * 200_000, "Line 1 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_cure(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(content)


def test_a_row_that_no_workbook_can_have_makes_up_none_before_it() -> None:
    """Else a few bytes keep the server busy for ever."""
    file, made = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook(["Name"], ["Ann"])))
    with zipfile.ZipFile(file, "w") as parts:
        for name in made.namelist():
            parts.writestr(name, made.read(name).replace(b'<row r="2"', b'<row r="999999999999"'))
    assert read(file.getvalue()) == (["Name"], [])


def test_a_workbook_that_would_not_fit_into_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_SHARED_BYTES", 100)
    file = io.BytesIO(workbook(["Name"]))
    with zipfile.ZipFile(file, "a") as parts:
        parts.writestr("xl/sharedStrings.xml", "x" * 101)
    with pytest.raises(Unreadable, match=r"Save it as \.csv"):
        read(file.getvalue())


def test_a_large_file_is_not_held_in_memory(tmp_path: Path) -> None:
    """A row is read when it is asked for."""
    path = tmp_path / "many.csv"
    path.write_text("Name\n" + "Ann\n" * 500_000)
    with path.open("rb") as file, reading.table(file) as table:
        next(table.rows)
        assert file.tell() < 1_000_000
