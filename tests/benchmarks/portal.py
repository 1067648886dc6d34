"""How long the portal's pages take, and whether that grows with the number of contacts.

`python -m tests.benchmarks.portal [--rows 1000,100000,1000000] [--json FILE]` starts PostgreSQL (durable, as
in production) and the production web server, loads the rows, and asks for each page as a browser does. To
reach: no page takes 100 ms, and none takes half as long again with a million contacts as with a thousand.
Then import and export are measured beside PostgreSQL's own COPY of the same rows, and an import as an agent
has it, with the memory that it takes.
"""

import argparse
import json
import os
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import bootstrap
from tests.benchmarks.load import HOST
from tests.benchmarks.scim import POSTGRES
from tests.infrastructure.postgres import throwaway_postgres

MOST_MS = 100
MOST_GROWTH = 1.5
REPEATS = 21
_ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')


@dataclass
class Browser:
    """One connection to the web server, with the cookie of somebody who is signed in."""

    port: int
    cookie: str
    postmaster: int  # PostgreSQL's first process

    def __post_init__(self) -> None:
        self._connection = HTTPConnection(HOST, self.port)

    def get(self, path: str) -> bytes:
        """The body as it is transferred. Raises AssertionError unless the answer is 200."""
        headers = {"Cookie": self.cookie, "Accept-Encoding": "br, gzip"}
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, body[:500])
        return body

    def milliseconds(self, path: str) -> tuple[float, float]:
        """How long the page takes, once it is warm (the median), and what it costs the processor."""
        from tests.benchmarks import server

        for _ in range(server.WORKERS * 2):
            self.get(path)
        taken = []
        before = server.processor_seconds(self.postmaster)
        for _ in range(REPEATS):
            started = time.perf_counter()
            self.get(path)
            taken.append((time.perf_counter() - started) * 1000)
        spent = server.processor_seconds(self.postmaster) - before
        return statistics.median(taken), spent / REPEATS * 1000


class SqlClock:
    """An execute wrapper that counts statements and adds up their time."""

    def __init__(self) -> None:
        self.statements, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.statements += 1
            self.seconds += time.perf_counter() - started


def pages(rows: int) -> Mapping[str, str]:
    """Every page that is measured, by its name."""
    from django.urls import reverse

    from contacts.models import Ticket
    from tests.benchmarks import data, desk

    contacts, tickets, companies = (
        reverse("contacts:list"),
        reverse("tickets:list"),
        reverse("companies:list"),
    )
    return {
        "contacts, first page": contacts,
        "contacts, deep page": deep_page(contacts, rows),
        "search, common name": f"{contacts}?q={desk.COMMON}",
        "search, rare name": f"{contacts}?q={desk.RARE}",
        "search, two characters": f"{contacts}?q={desk.TWO_CHARACTERS}",
        "search, a miss": f"{contacts}?q={desk.MISS}",
        "contacts, suspended": f"{contacts}?tab=suspended",
        "contacts, deleted": f"{contacts}?tab=deleted",
        "contacts, by title": f"{contacts}?sort=title",
        "contact": reverse("contacts:detail", args=[data.id_of(rows // 2)]),
        "companies": companies,
        "company": reverse("companies:detail", args=[first_company()]),
        "tickets": tickets,
        "tickets, spam": f"{tickets}?tab=spam",
        "tickets, common name": f"{tickets}?q={desk.COMMON}",
        "tickets, rare name": f"{tickets}?q={desk.RARE}",
        "tickets, two characters": f"{tickets}?q={desk.TWO_CHARACTERS}",
        "tickets, a miss": f"{tickets}?q={desk.MISS}",
        "ticket": reverse("tickets:detail", args=[Ticket.objects.values_list("pk", flat=True)[0]]),
        "settings": reverse("settings:home"),
    }


def deep_page(contacts: str, rows: int) -> str:
    """A page from the middle of the list."""
    from contacts.listing import Listing
    from contacts.listing.state import Place
    from tests.benchmarks import data

    return contacts + Listing().page_query(Place(data.id_of(rows // 2)))


def first_company() -> int:
    """Any company."""
    from companies.models import Company

    return int(Company.objects.values_list("pk", flat=True)[0])


def measure(name: str, path: str, rows: int, browser: Browser, client: Any) -> dict[str, Any]:
    """A line of the report."""
    from django.db import connection

    took, spent = browser.milliseconds(path)
    clocks = [SqlClock() for _ in range(3)]
    for clock in clocks:
        with connection.execute_wrapper(clock):
            html = client.get(path).content.decode()
    assets = sum(len(browser.get(asset)) for asset in set(_ASSET.findall(html)))
    return {
        "page": name,
        "rows": rows,
        "ms": round(took, 1),
        "cpu_ms": round(spent, 1),
        "sql_ms": round(statistics.median(clock.seconds for clock in clocks) * 1000, 1),
        "statements": clocks[-1].statements,
        "weight_kb": round((len(browser.get(path)) + assets) / 1000, 1),
    }


def benchmark(rows: int) -> Iterator[dict[str, Any]]:
    """All pages with this number of contacts, on a database of their own."""
    from tests.benchmarks import data, desk, server

    emptied()
    desk.load(rows)
    client = desk.signed_in()
    cookie = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
    with server.gunicorn("deskscim.wsgi:application", "deskscim.settings") as port:
        browser = Browser(port, cookie, server.parent(data.backend()))
        for name, path in pages(rows).items():
            yield measure(name, path, rows, browser, client)


def emptied() -> None:
    """An empty database."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)


def show(line: Mapping[str, Any]) -> None:
    """A line of the table, as it becomes known."""
    verdict = "" if line["ms"] < MOST_MS else f"  (to reach: {MOST_MS})"
    print(
        f"{line['page']:<24}{line['rows']:>9,}{line['ms']:>9.1f} ms  CPU {line['cpu_ms']:>7.1f} ms"
        f"  SQL {line['sql_ms']:>8.1f} ms in"
        f" {line['statements']:>2} statements{line['weight_kb']:>8.1f} kB{verdict}",
        flush=True,
    )


def show_growth(lines: list[dict[str, Any]]) -> None:
    """How each page's time grows from the fewest rows to the most."""
    fewest, most = (pick(line["rows"] for line in lines) for pick in (min, max))
    if fewest == most:
        return
    by_page = {(line["page"], line["rows"]): line for line in lines}
    print(f"\n{most:,} : {fewest:,} contacts, and of the processor's time")
    for page in dict.fromkeys(line["page"] for line in lines):
        large, small = by_page[page, most], by_page[page, fewest]
        ratio, spent = (large[key] / max(small[key], 0.1) for key in ("ms", "cpu_ms"))
        verdict = "" if ratio <= MOST_GROWTH else f"  (to reach: {MOST_GROWTH})"
        print(f"{page:<24}{ratio:>9.2f}{spent:>9.2f}{verdict}")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", default="1000,100000,1000000", help="numbers of contacts, with commas")
    parser.add_argument("--json", type=Path, help="a file for the figures of the pages")
    parser.add_argument(
        "--moved", default="100000", help="contacts to import and export, with commas; 0: none"
    )
    return parser.parse_args()


def main() -> None:
    """Measure, print, write."""
    options = arguments()
    lines = []
    with throwaway_postgres(server_options=POSTGRES) as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "deskscim.settings"}
        os.environ |= {"DEBUG": "false", "DESKSCIM_HTTPS": "false", "ALLOWED_HOSTS": "127.0.0.1,testserver"}
        os.environ.setdefault("SECRET_KEY", "a benchmark needs no secret, only fifty characters")
        bootstrap.compile_stylesheet()
        bootstrap.collect_static_files()
        import django

        django.setup()
        for rows in filter(None, map(int, options.rows.split(","))):
            for line in benchmark(rows):
                lines.append(line)
                show(line)
        if lines:
            show_growth(lines)
        for rows in filter(None, map(int, options.moved.split(","))):
            from tests.benchmarks import journey, moving

            emptied()
            moving.benchmark(rows)
            emptied()
            journey.benchmark(rows)
    if options.json:
        options.json.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
