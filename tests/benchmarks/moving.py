"""Import and export of many contacts, beside PostgreSQL's own COPY of the same rows."""

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from django.db import connection, transaction

from contacts import exporting
from contacts.columns import built_in
from contacts.importing import reading
from contacts.importing.judging import Choices, Judge
from contacts.importing.writing import locked, write
from contacts.models import ActorKind, Contact, ContactAddress, TimelineEntry
from contacts.sheets import as_csv
from contacts.values import Actor
from tests.benchmarks import data, desk, server
from tests.factories import CompanyFactory

MOST_IMPORT, MOST_EXPORT = 10, 3
CHUNK = 1000
TABLES = tuple(model._meta.db_table for model in (Contact, ContactAddress, TimelineEntry))


class Cost(NamedTuple):
    """What something took: time, and time of the processors (ours and PostgreSQL's)."""

    seconds: float
    processor: float


def benchmark(number: int) -> None:
    """Measure and print both."""
    companies()
    content = _file(number)
    ours = _cost(lambda: _import(content))
    assert Contact.objects.count() == number
    with TemporaryDirectory() as folder:
        _show("import", number, ours, _copy_in(Path(folder)), MOST_IMPORT)
    data.settle()
    _show("export", number, _cost(_export), _cost(_copy_out), MOST_EXPORT)


def companies() -> None:
    """Those that the domains of the rows map to."""
    for company in range(data.COMPANIES):
        CompanyFactory(name=f"Company {company}", domains=[f"company{company}.example"])
    data.settle()


def _file(number: int) -> bytes:
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(["Name", "E-mail", "Title", "Department", "Work phone"])
    for n in range(number):
        name = f"{desk.GIVEN[n % len(desk.GIVEN)]} {desk.FAMILY[n % len(desk.FAMILY)]} {n}"
        address = f"person{n}@company{n % data.COMPANIES}.example"
        out.writerow([name, address, "Cook", "Kitchen", f"+31 20 {n:07}"])
    return text.getvalue().encode()


def _import(content: bytes) -> None:
    actor = Actor(ActorKind.IMPORT, "Benchmark")
    with reading.table(io.BytesIO(content)) as table:
        judge = Judge(["name", "email", "title", "department", "phone"], built_in(), Choices())
        for chunk in reading.chunks(table.rows, CHUNK):
            with transaction.atomic():
                write(judge.judge(chunk, locked), actor)


def _copy_in(folder: Path) -> Cost:
    """What COPY takes for the rows that the import made."""
    with connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy, (folder / table).open("wb") as file:
                file.writelines(copy)
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    data.settle()
    return _cost(lambda: _copy_back(folder))


@transaction.atomic
def _copy_back(folder: Path) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy, (folder / table).open("rb") as file:
                while block := file.read(1 << 16):
                    copy.write(block)


def _export() -> None:
    contacts = Contact.objects.active().order_by("name", "id")
    for _part in as_csv(exporting.lines(contacts, exporting.columns())):
        pass


def _copy_out() -> None:
    """The same columns of the same rows, by one statement."""
    contacts = Contact.objects.active().order_by("name", "id")
    sql, parameters = exporting.Reading(exporting.columns()).query(contacts).query.sql_with_params()
    with connection.cursor() as cursor:
        whole = cursor.mogrify(sql, parameters)
        with cursor.copy(f"COPY ({whole}) TO STDOUT WITH (FORMAT csv)") as copy:
            for _part in copy:
                pass


def _cost(step: Callable[[], object]) -> Cost:
    postmaster = server.parent(data.backend())
    started, spent = time.perf_counter(), time.process_time() + server.processor_seconds(postmaster)
    step()
    spent = time.process_time() + server.processor_seconds(postmaster) - spent
    return Cost(time.perf_counter() - started, spent)


def _show(name: str, number: int, ours: Cost, copy: Cost, most: float) -> None:
    ratio = ours.seconds / copy.seconds
    verdict = "" if ratio <= most else f"  (to reach: {most})"
    print(
        f"{name:<24}{number:>9,}{number / ours.seconds:>9,.0f} rows/s"
        f"  COPY {number / copy.seconds:>9,.0f} rows/s  {ratio:.1f} times,"
        f" of the processor's time {ours.processor / copy.processor:.1f} times{verdict}",
        flush=True,
    )
