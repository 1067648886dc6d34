"""Contacts as lines of a file: the columns that an export can have, and its rows, however many."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from operator import itemgetter
from tempfile import TemporaryFile
from typing import Any, TypeAlias
from uuid import UUID

from django.core.files import File
from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Cast, TruncSecond
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deskscim.jobs.errors import JobFailed
from deskscim.jobs.running import Running

from .columns import COMPANY, EMAIL, OTHER_EMAILS, Column, all_columns
from .listing import Listing
from .models import Contact, ContactAddress
from .querysets import ContactQuerySet
from .sheets import defused, defused_line, write_xlsx
from .timeline import in_words

CHUNK = 1000
MOST_XLSX_ROWS = 1_047_000  # a sheet holds a thousand more

# What an export has beside the columns that an import takes.
_ONLY_EXPORTED: Mapping[str, str | Promise] = {
    "verified": gettext_lazy("Verified"),
    "source": gettext_lazy("Source"),
    "sync_status": gettext_lazy("Entra Sync"),
    "user_name": gettext_lazy("userName"),
    "last_synced_at": gettext_lazy("Last synced"),
    "created_at": gettext_lazy("Created"),
    "updated_at": gettext_lazy("Updated"),
    "organization": gettext_lazy("Organization"),
    "domain": gettext_lazy("E-mail domain"),
    "connection": gettext_lazy("Connection"),
}
# The names of columns in the list that have others here.
IN_THE_LIST = {"synced": "sync_status", "created": "created_at", "updated": "updated_at"}
WHOLE = "whole"  # in the address: all columns, not only those that the list shows

Record: TypeAlias = Sequence[Any]  # what the query of `Reading` answers, then the other addresses
Cell: TypeAlias = Callable[[Record], str]


def columns() -> list[Column]:
    """All that an export can have, in the reader's language."""
    return [*all_columns(), *(Column(key, str(label)) for key, label in _ONLY_EXPORTED.items())]


def view(query: QueryDict) -> tuple[ContactQuerySet, list[Column]]:
    """The contacts and the columns of the list at this address."""
    listing, known = Listing.from_query(query), columns()
    if WHOLE in query:
        return listing.contacts(), known
    by_key = {column.key: column for column in known}
    shown = [IN_THE_LIST.get(column.name, column.name) for column in listing.columns]
    return listing.contacts(), [by_key[key] for key in shown]


def lines(contacts: ContactQuerySet, chosen: Sequence[Column]) -> Iterator[list[str]]:
    """The headings, then a line for each contact, safe to be opened by a spreadsheet.

    Reads a thousand at a time, whatever their number.
    """
    yield [defused(column.label) for column in chosen]
    reading = Reading(chosen)
    for record in reading.records(contacts):
        yield defused_line([cell(record) for cell in reading.cells])


def file_name() -> str:
    """Named for the day."""
    return f"{_('contacts')}-{timezone.localdate().isoformat()}"


def make_workbook(job: Running) -> None:
    """A view of the list as XLSX, in the background. Raises JobFailed for more rows than a sheet holds."""
    with TemporaryFile() as file:
        contacts, chosen = view(QueryDict(job.arguments["query"]))
        write_xlsx(file, _("Contacts"), _watched(job, lines(contacts, chosen)))
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


def _is(condition: Q) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, BooleanField())


# What R42's words depend on, in the order in which `_standing` takes it.
_STANDING = {
    "is_linked_": _is(Q(connection__isnull=False)),
    "has_failed": _is(Q(sync_failed_at__isnull=False)),
    "is_deleted_": _is(Q(deleted_at__isnull=False)),
    "is_partial": _is(~Q(unapplied=[])),
}


_MOMENTS = ("last_synced", "created", "updated")
_FOREIGN = {EMAIL: "main__address", COMPANY: "company__name", "connection": "connection__name"}


def _moments() -> dict[str, Cast]:
    """In the reader's zone, to the second, as spreadsheets read it and the database writes it."""
    zone = timezone.get_current_timezone()
    return {f"{name}_at_text": Cast(TruncSecond(f"{name}_at", tzinfo=zone), CharField()) for name in _MOMENTS}


class Reading:
    """What has to be read for these columns, and how each cell is made of it."""

    def __init__(self, chosen: Sequence[Column]) -> None:
        self._names = {"pk": 0, "has_others": 1}
        self.cells = [self._cell(column) for column in chosen]

    def query(self, contacts: ContactQuerySet) -> QuerySet[Any, Any]:
        """All of it but the other addresses, by one statement."""
        main = FilteredRelation("addresses", condition=Q(addresses__is_primary=True))
        others = Exists(ContactAddress.objects.filter(contact=OuterRef("pk"), is_primary=False))
        found = contacts.annotate(main=main, has_others=others, **_STANDING, **_moments())
        return found.values_list(*self._names)

    def records(self, contacts: ContactQuerySet) -> Iterator[Record]:
        """What `cells` take, contact by contact."""
        ahead = self.query(contacts).iterator(chunk_size=CHUNK)
        while chunk := list(islice(ahead, CHUNK)):
            others = _others([pk for pk, has_others, *_ in chunk if has_others])
            for record in chunk:
                yield (*record, others.get(record[0], ""))

    def _at(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))

    def _cell(self, column: Column) -> Cell:
        if column.field:
            return _custom(self._at("custom_fields"), column.key)
        if column.key.endswith("_at"):
            return _text(self._at(f"{column.key}_text"))
        if column.key == "sync_status":
            return _standing([self._at(name) for name in (*_STANDING, "entra_active")])
        if column.key == "source":
            return _worded(self._at("source"), {value: str(label) for value, label in Contact.Source.choices})
        if column.key == "verified":
            return _worded(self._at("verified"), {one: in_words(one) for one in (True, False)})
        if column.key == OTHER_EMAILS:
            return itemgetter(-1)
        if column.key in _FOREIGN:
            return _text(self._at(_FOREIGN[column.key]))
        return itemgetter(self._at(column.key))


def _others(ids: Sequence[UUID]) -> dict[UUID, str]:
    """The addresses of each contact but the primary one."""
    if not ids:
        return {}
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = ContactAddress.objects.filter(contact__in=ids, is_primary=False).order_by("id")
    for contact, address in rows.values_list("contact_id", "address"):
        found[contact].append(address)
    return {contact: "; ".join(addresses) for contact, addresses in found.items()}


def _text(at: int) -> Cell:
    return lambda record: record[at] or ""


def _custom(at: int, api_name: str) -> Cell:
    return lambda record: in_words(record[at].get(api_name))


def _worded(at: int, words: Mapping[Any, str]) -> Cell:
    return lambda record: words[record[at]]


def _standing(places: Sequence[int]) -> Cell:
    """R42: in words. There are so few cases that each is worked out beforehand."""
    now = timezone.now()
    words = {
        (linked, failed, deleted, partial, active): str(
            Contact(
                connection_id=1 if linked else None,
                sync_failed_at=now if failed else None,
                deleted_at=now if deleted else None,
                unapplied=["cf_x"] if partial else [],
                entra_active=active,
            ).sync_status.label
        )
        for linked, failed, deleted, partial, active in product((False, True), repeat=len(places))
    }
    case = itemgetter(*places)
    return lambda record: words[case(record)]
