"""The report of an import: a file that grows with it, from which a page names one row or another.

The names stay in the file, and go with it: the line that a job keeps of a row holds their place alone (R30).
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import IO

from contacts.columns import EMAIL, OTHER_EMAILS
from contacts.sheets import MARK, csv_line

# The columns of a check's report that say who a row is about.
CHECKED = ("", "name", EMAIL, "", "")


class Report:
    """A CSV file of which the beginning may be written already."""

    def __init__(self, file: BufferedRandom) -> None:
        self._file = file

    @classmethod
    @contextmanager
    def carried_on(cls, path: Path, size: int, headings: Sequence[str]) -> "Iterator[Report]":
        """The file as it was when it had this size."""
        path.touch()
        with path.open("r+b") as file:
            file.truncate(size)
            file.seek(size)
            if not size:
                file.write(f"{MARK}{csv_line(headings)}".encode())
            yield cls(file)

    def add(self, line: Sequence[str]) -> int:
        """The place at which the line begins."""
        place = self._file.tell()
        self._file.write(csv_line(line).encode())
        return place

    def saved(self) -> int:
        """Its size, once all of it is in the file."""
        self._file.flush()
        return self._file.tell()

    def whole(self) -> BufferedRandom:
        """The file, from its beginning."""
        self._file.seek(0)
        return self._file


def who(mapping: Sequence[str], cells: Sequence[str]) -> tuple[str, str]:
    """The name and the e-mail address in a row, "" for what it does not have."""
    found = dict(zip(mapping, cells, strict=False))
    parts = (found.get("given_name"), found.get("family_name"))
    return found.get("name") or " ".join(filter(None, parts)), found.get(EMAIL) or found.get(OTHER_EMAILS, "")


def line_at(file: IO[bytes], place: int) -> list[str]:
    """The cells of the line that begins there."""
    file.seek(place)
    return next(csv.reader(iter(lambda: file.readline().decode(), "")), [])
