"""A file of rows, whatever program wrote it: CSV in several encodings and with several separators, or XLSX.

Read a row at a time, so that a million rows need no more memory than ten.
"""

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, Any
from xml.etree.ElementTree import ParseError  # nosec B405  # caught here, nothing is parsed by it

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

MOST_COLUMNS = 200
# A workbook can have no more; one that names a row beyond has openpyxl make up all that lie before it.
MOST_ROWS = 1_048_576
# Texts that a workbook keeps apart from its rows; they are held in memory while it is read.
MOST_SHARED_BYTES = 64 * 1024 * 1024
_SHARED = "xl/sharedStrings.xml"
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ",;\t"
_BLOCK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    KeyError,
    ValueError,
    EOFError,
    TypeError,
)


class Unreadable(Exception):
    """The file holds no rows that could be imported; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and its number in the file, where the headings are row 1."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings and the rows below, blank ones left out."""

    headings: Sequence[str]
    rows: Iterator[Row]


@contextmanager
def table(file: IO[bytes]) -> Iterator[Table]:
    """The table in a file that is open for reading. Raises Unreadable, while its rows are read as well."""
    file.seek(0)
    begin = file.read(4)
    file.seek(0)
    if begin == _OLD_EXCEL:
        raise Unreadable(_("This is a workbook of an old Excel. Save it as .xlsx or .csv and upload that."))
    lines = _workbook(file) if begin == _ZIP else _text(file)
    with closing(lines):
        first = next(lines, [])
        headings = [cell.strip() for cell in first]
        while headings and not headings[-1]:
            headings.pop()
        _check(headings)
        yield Table(headings, _rows(lines, len(headings)))


def _check(headings: Sequence[str]) -> None:
    if not headings:
        raise Unreadable(_("The file is empty: its first row must hold the headings of the columns."))
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(_("The file has more than %(count)d columns.") % {"count": MOST_COLUMNS})


def _rows(lines: Iterable[Sequence[str]], width: int) -> Iterator[Row]:
    for number, line in enumerate(lines, start=2):
        cells = [cell.strip() for cell in line]
        if any(cells):
            padded = cells + [""] * (width - len(cells))
            yield Row(number, padded if any(padded[width:]) else padded[:width])


def _text(file: IO[bytes]) -> Generator[list[str]]:
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    line = 1
    try:
        first = text.readline()
        text.seek(0)
        lines = csv.reader(text, delimiter=_separator(first), strict=True)
        for cells in lines:
            yield cells
            line = lines.line_num + 1
    except csv.Error:
        raise Unreadable(
            _("Line %(line)d cannot be read: a quotation mark is missing or out of place.") % {"line": line}
        ) from None
    finally:
        text.detach()


def _encoding(file: IO[bytes]) -> str:
    """By its mark; else UTF-8 if all of it is; else what Windows has always written."""
    begin = file.read(4)
    file.seek(0)
    marked = next((name for mark, name in _MARKS if begin.startswith(mark)), None)
    return marked or ("utf-8" if _is_utf8(file) else "cp1252")


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _separator(line: str) -> str:
    """The one that makes the most columns of the headings."""
    return max(_SEPARATORS, key=lambda one: len(next(csv.reader([line], delimiter=one), [])))


def _workbook(file: IO[bytes]) -> Generator[list[str]]:
    try:
        _check_size(file)
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        with closing(workbook):
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()
            for line in sheet.iter_rows(values_only=True, max_row=MOST_ROWS):
                yield [_cell(value) for value in line]
    except _BROKEN:
        raise Unreadable(
            _("The workbook is damaged or protected. Open it, save it as .xlsx or .csv and upload that.")
        ) from None


def _check_size(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as parts:
        shared = sum(part.file_size for part in parts.infolist() if part.filename == _SHARED)
    if shared > MOST_SHARED_BYTES:
        raise Unreadable(_("This workbook is too large to be read. Save it as .csv and upload that."))


def _cell(value: Any) -> str:
    """What a person would have typed: a whole number without a point, a date without a time."""
    if isinstance(value, datetime) and value == datetime.combine(value.date(), datetime.min.time()):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    """So many rows at a time."""
    while chunk := list(islice(rows, size)):
        yield chunk
