"""Lines of texts as files that a spreadsheet opens, safely."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

MARK = "\ufeff"  # tells spreadsheets that a CSV file is UTF-8
_TOGETHER = 1000  # lines

# A spreadsheet takes a text that begins so for a formula.
_RISKY = frozenset("=+-@\t\r")
_PHONE = frozenset("0123456789 ()")
_BETWEEN = "\x1f"
_RISKY_LINE = re.compile(r"(?:^|\x1f)(?:[=\-@\t\r]|\+(?![0-9 ()]*(?:\x1f|\Z)))")


def defused(text: str) -> str:
    """With an apostrophe before what a spreadsheet would compute. A plain phone number stays as it is."""
    if not text or text[0] not in _RISKY or (text[0] == "+" and _PHONE.issuperset(text[1:])):
        return text
    return f"'{text}"


def defused_line(line: list[str]) -> list[str]:
    """Every text of it: one look at all of them together tells that most lines are harmless."""
    return [defused(text) for text in line] if _RISKY_LINE.search(_BETWEEN.join(line)) else line


def as_csv(lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """The parts of a CSV file."""
    echo = _Echo()
    write = csv.writer(echo).writerow
    ahead = iter(lines)
    mark = MARK
    while part := "".join(write(line) for line in islice(ahead, _TOGETHER)):
        yield mark + part
        mark = ""


def csv_line(line: Sequence[str]) -> str:
    """One line of a CSV file."""
    text: str = csv.writer(_Echo()).writerow(line)
    return text


def write_xlsx(file: IO[bytes], title: str, lines: Iterable[Sequence[str]]) -> None:
    """A workbook of one sheet, all of whose cells are texts."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    for line in lines:
        sheet.append([_text_cell(sheet, text) for text in line])
    workbook.save(file)


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))  # XML holds no control characters
    cell.data_type = "s"
    return cell


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
