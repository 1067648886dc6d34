"""Contacts as a file: the columns that an export can have, and its rows, however many."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, Any, TypeAlias
from uuid import UUID

import openpyxl
from django.core.files import File
from django.db import DEFAULT_DB_ALIAS
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from deskscim.jobs.errors import JobFailed
from deskscim.jobs.running import Running

from .columns import COMPANY, EMAIL, OTHER_EMAILS, PLAIN, Column, all_columns
from .listing import Listing
from .models import Contact, ContactAddress
from .querysets import ContactQuerySet
from .timeline import in_words

CHUNK = 1000
MOST_XLSX_ROWS = 1_047_000  # a sheet holds a thousand more

_JUDGED = {"connection_id", "sync_failed_at", "entra_active", "deleted_at", "unapplied"}
_STATUS = [field.attname for field in Contact._meta.concrete_fields if field.attname in _JUDGED]
_MOMENTS = ("last_synced_at", "created_at", "updated_at")
_PLAIN = (*PLAIN, "user_name")
READ = ("id", *_PLAIN, "company__name", "custom_fields", "verified", "source", *_MOMENTS, *_STATUS)
_AT = {name: position for position, name in enumerate(READ)}

# What an export has beside the columns that an import takes.
_ONLY_EXPORTED: Mapping[str, str | Promise] = {
    "verified": gettext_lazy("Verified"),
    "source": gettext_lazy("Source"),
    "sync_status": gettext_lazy("Entra Sync"),
    "user_name": gettext_lazy("userName"),
    "last_synced_at": gettext_lazy("Last synced"),
    "created_at": gettext_lazy("Created"),
    "updated_at": gettext_lazy("Updated"),
}

# A spreadsheet takes a text that begins so for a formula.
_RISKY = frozenset("=+-@\t\r")
_PHONE = frozenset("0123456789 ()")

Record: TypeAlias = Sequence[Any]  # the values of READ, then the primary address and the others


def columns() -> list[Column]:
    """All that an export can have, in the reader's language."""
    return [*all_columns(), *(Column(key, str(label)) for key, label in _ONLY_EXPORTED.items())]


def lines(contacts: ContactQuerySet, chosen: Sequence[Column]) -> Iterator[list[str]]:
    """The headings, then a line for each contact, safe to be opened by a spreadsheet.

    Reads a few hundred at a time from one snapshot, whatever the number.
    """
    yield [defused(column.label) for column in chosen]
    cells = [_cell(column) for column in chosen]
    for record in _records(contacts):
        yield [defused(cell(record)) for cell in cells]


def defused(text: str) -> str:
    """With an apostrophe before what a spreadsheet would compute. A plain phone number stays as it is."""
    if not text or text[0] not in _RISKY or (text[0] == "+" and _PHONE.issuperset(text[1:])):
        return text
    return f"'{text}"


def as_csv(found: Iterable[Sequence[str]]) -> Iterator[str]:
    """The parts of a CSV file; its mark tells spreadsheets that it is UTF-8."""
    echo = _Echo()
    write = csv.writer(echo).writerow
    mark, ahead = "\ufeff", iter(found)
    while part := "".join(write(line) for line in islice(ahead, CHUNK)):
        yield mark + part
        mark = ""


def file_name() -> str:
    """Named for the day."""
    return f"{_('contacts')}-{timezone.localdate().isoformat()}"


def make_workbook(job: Running) -> None:
    """A view of the list as XLSX, in the background. Raises JobFailed for more rows than a sheet holds."""
    with override(job.arguments["language"]), TemporaryFile() as file:
        contacts = Listing.from_query(QueryDict(job.arguments["query"])).contacts()
        write_xlsx(file, _watched(job, lines(contacts, columns())))
        file.seek(0)
        if not job.was_cancelled:
            job.attach(f"{file_name()}.xlsx", File(file))


def _watched(job: Running, found: Iterator[list[str]]) -> Iterator[list[str]]:
    """The lines, with word of how far they are; they end when somebody wants the job to stop."""
    yield next(found)
    while chunk := list(islice(found, CHUNK)):
        if job.is_cancelled:
            return
        yield from chunk
        job.advance(len(chunk))
        if job.job.done >= MOST_XLSX_ROWS:
            raise JobFailed(_("A workbook holds a million rows at most. Export the list as CSV."))


def write_xlsx(file: IO[bytes], found: Iterable[Sequence[str]]) -> None:
    """A workbook of one sheet, all of whose cells are texts."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(_("Contacts"))
    for line in found:
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


def _records(contacts: ContactQuerySet) -> Iterator[Record]:
    ahead = contacts.values_list(*READ).iterator(chunk_size=CHUNK)
    while chunk := list(islice(ahead, CHUNK)):
        addresses = _addresses([record[0] for record in chunk])
        for record in chunk:
            yield (*record, *addresses.get(record[0], ("", "")))


def _addresses(ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """The primary address and the others of each contact."""
    found: dict[UUID, tuple[str, str]] = {}
    rows = ContactAddress.objects.filter(contact__in=ids).order_by("id")
    for contact, address, is_primary in rows.values_list("contact_id", "address", "is_primary"):
        primary, others = found.get(contact, ("", ""))
        if is_primary:
            found[contact] = (address, others)
        else:
            found[contact] = (primary, f"{others}; {address}" if others else address)
    return found


def _cell(column: Column) -> Callable[[Record], str]:
    """How the column's text is made of a record."""
    if column.field:
        return _custom(column.key)
    if column.key in _MOMENTS:
        return _moment(_AT[column.key])
    special: dict[str, Callable[[Record], str]] = {
        EMAIL: itemgetter(len(READ)),
        OTHER_EMAILS: itemgetter(len(READ) + 1),
        COMPANY: lambda record: record[_AT["company__name"]] or "",
        "verified": lambda record: in_words(record[_AT["verified"]]),
        "source": _worded(_AT["source"], {value: str(label) for value, label in Contact.Source.choices}),
        "sync_status": _sync_status,
    }
    return special.get(column.key) or itemgetter(_AT[column.key])


def _custom(api_name: str) -> Callable[[Record], str]:
    at = _AT["custom_fields"]
    return lambda record: in_words(record[at].get(api_name))


def _moment(at: int) -> Callable[[Record], str]:
    """In the reader's zone, as spreadsheets read it."""
    zone = timezone.get_current_timezone()

    def cell(record: Record) -> str:
        moment: datetime | None = record[at]
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""

    return cell


def _worded(at: int, words: Mapping[str, str]) -> Callable[[Record], str]:
    return lambda record: words[record[at]]


def _sync_status(record: Record) -> str:
    """R42: in words."""
    contact = Contact.from_db(DEFAULT_DB_ALIAS, _STATUS, [record[_AT[name]] for name in _STATUS])
    return str(contact.sync_status.label)
