"""How long SCIM requests take, as multiples of what a bare Django view takes under the same server.

`python -m tests.benchmarks.scim [--rows 1000,100000,1000000] [--json FILE]` starts PostgreSQL (durable, as in
production) and the production web server twice, for the product and for the floor, loads the rows, and then
measures floor and product in turns. A ratio of 1.0 is as fast as the floor; it is the median of all turns.
"""

import argparse
import itertools
import json
import os
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infrastructure.postgres import throwaway_postgres

# What a small production server would set; nothing is given up of what it promises.
POSTGRES = ("shared_buffers=1GB", "max_wal_size=4GB", "checkpoint_timeout=30min")
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

Requests = Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request, its floor, the status that it must be answered with, and the ratio to reach."""

    name: str
    floor: str
    status: int
    target: float
    requests: Callable[["Client"], Requests]


@dataclass(frozen=True, slots=True)
class Client:
    """What is needed to write requests: a token, and how many contacts there are."""

    secret: str
    rows: int

    def people(self) -> Iterator[int]:
        """Numbers of contacts, at random and without end; the same at every run."""
        chosen = random.Random(self.rows)
        while True:
            yield chosen.randint(1, self.rows)

    def request(self, method: str, path: str, body: Any = None) -> bytes:
        """One HTTP request to /entra."""
        head = f"{method} /entra{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.secret}\r\n"
        if body is None:
            return f"{head}\r\n".encode()
        content = json.dumps(body).encode()
        typed = "Content-Type: application/scim+json; charset=utf-8\r\n"
        return f"{head}{typed}Content-Length: {len(content)}\r\n\r\n".encode() + content


def plain(method: str, path: str) -> bytes:
    """One request to the floor."""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def filter_external_id(client: Client) -> Requests:
    """Entra's match."""
    for number in client.people():
        yield client.request("GET", f"/Users?filter=externalId+eq+%22external-{number}%22")


def filter_user_name(client: Client) -> Requests:
    """Okta's match, and Entra's where userName is the matching attribute."""
    for number in client.people():
        login = data().login_of(number).replace("@", "%40")
        yield client.request("GET", f"/Users?filter=userName+eq+%22{login}%22")


def get(client: Client) -> Requests:
    """One user by its id."""
    for number in client.people():
        yield client.request("GET", f"/Users/{data().id_of(number)}")


_new = itertools.count()


def post(client: Client) -> Requests:
    """A new person, as Entra sends one; the company follows from the domain."""
    for number in _new:
        login = f"new{number}@company{number % data().COMPANIES}.example"
        yield client.request("POST", "/Users", person(f"new-{number}", login))


def person(external_id: str, login: str) -> dict[str, Any]:
    """The attributes of Entra's default mapping that a contact keeps."""
    return {
        "schemas": [CORE],
        "externalId": external_id,
        "userName": login,
        "active": True,
        "displayName": "Uma Example",
        "name": {"givenName": "Uma", "familyName": "Example"},
        "title": "Cook",
        "emails": [{"primary": True, "type": "work", "value": login}],
        "phoneNumbers": [{"type": "work", "value": "+31 20 000 0000"}],
    }


def patch(client: Client) -> Requests:
    """Two attributes, in Entra's older dialect."""
    for turn, number in enumerate(client.people()):
        yield client.request(
            "PATCH",
            f"/Users/{data().id_of(number)}",
            operations(
                {"op": "Replace", "path": "title", "value": f"Cook {turn}"},
                {"op": "Replace", "path": 'phoneNumbers[type eq "work"].value', "value": f"+31 {turn}"},
            ),
        )


def patch_active(client: Client) -> Requests:
    """Out of scope and back, one person after the other."""
    for turn, number in enumerate(itertools.cycle(range(1, client.rows + 1))):
        active = str(bool(turn // client.rows % 2))
        body = operations({"op": "Replace", "path": "active", "value": active})
        yield client.request("PATCH", f"/Users/{data().id_of(number)}", body)


def operations(*found: dict[str, Any]) -> dict[str, Any]:
    """A PatchOp message."""
    return {"schemas": [PATCH_OP], "Operations": found}


def list_first(client: Client) -> Requests:
    """The first page by index, with the number of all users."""
    return itertools.repeat(client.request("GET", "/Users?startIndex=1&count=100"))


def list_cursor(client: Client) -> Requests:
    """Pages by cursor, anywhere."""
    for number in client.people():
        yield client.request("GET", f"/Users?count=100&cursor={data().cursor_after(number)}")


CASES = (
    Case("filter_external_id", "b", 200, 0.7, filter_external_id),
    Case("filter_user_name", "b", 200, 0.7, filter_user_name),
    Case("get", "b", 200, 0.7, get),
    Case("post", "c", 201, 1.0, post),
    Case("patch", "u", 200, 1.2, patch),
    Case("patch_active", "u", 200, 1.2, patch_active),
    Case("list", "l", 200, 1.0, list_first),
    Case("list_cursor", "l", 200, 1.0, list_cursor),
)


def floor_requests(letter: str, client: Client) -> Requests:
    """The requests to the bare view that is the floor."""
    for number in client.people():
        key = f"/{data().id_of(number)}" if letter in "bu" else ""
        yield plain("GET", f"/{letter}{key}")


def data() -> Any:
    """The module that knows the rows; it needs Django, and Django needs the database's address."""
    from tests.benchmarks import data as module

    return module


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the two servers listen, and the process that is PostgreSQL's first."""

    product: int
    floor: int
    postmaster: int


def measure(case: Case, client: Client, ports: Ports, *, turns: int, seconds: float) -> dict[str, Any]:
    """Floor, product, floor, product ...: a line of the report."""
    from tests.benchmarks import load, server

    ours, theirs = case.requests(client), floor_requests(case.floor, client)
    floor_status = 201 if case.floor == "c" else 200
    load.run(ports.product, ours, seconds=seconds / 2, status=case.status)  # warm
    load.run(ports.floor, theirs, seconds=seconds / 2, status=floor_status)
    ratios, products, spent, floors = [], [], [], []
    for _ in range(turns):
        start = server.processor_seconds(ports.postmaster)
        floor = load.run(ports.floor, theirs, seconds=seconds, status=floor_status)
        middle = server.processor_seconds(ports.postmaster)
        product = load.run(ports.product, ours, seconds=seconds, status=case.status)
        end = server.processor_seconds(ports.postmaster)
        ratios.append(floor.rate / product.rate)
        products.append(product)
        spent.append(end - middle)
        floors.append((middle - start) / len(floor.latencies) * 1000)
    latencies = load.Load(1.0, [one for product in products for one in product.latencies])
    return {
        "request": case.name,
        "rows": client.rows,
        "floor": case.floor,
        "ratio": round(statistics.median(ratios), 2),
        "target": case.target,
        "rps": round(statistics.median(product.rate for product in products)),
        "p50_ms": round(latencies.percentile_ms(0.50), 2),
        "p99_ms": round(latencies.percentile_ms(0.99), 2),
        "cpu_ms": round(sum(spent) / len(latencies.latencies) * 1000, 3),
        "floor_cpu_ms": round(statistics.median(floors), 3),
        "statements": statements(next(ours)),
    }


def statements(request: bytes) -> int:
    """How many statements the product sends for this request, BEGIN and COMMIT among them."""
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    with CaptureQueriesContext(connection) as captured:
        answer = Browser().generic(method, path, body, headers.pop("Content-Type", ""), headers=headers)
    assert answer.status_code in (200, 201), answer.content
    return len(captured)


def benchmark(rows: int, cases: list[Case], turns: int, seconds: float) -> Iterator[dict[str, Any]]:
    """All cases with this number of contacts, on a database of their own."""
    from tests.benchmarks import server

    secret = prepared(rows)
    product = server.gunicorn("deskscim.wsgi:application", "deskscim.settings")
    floor = server.gunicorn("tests.benchmarks.floor:application", "tests.benchmarks.floor_settings")
    with product as product_port, floor as floor_port:
        ports = Ports(product_port, floor_port, server.parent(data().backend()))
        for case in cases:
            yield measure(case, Client(secret, rows), ports, turns=turns, seconds=seconds)


def prepared(rows: int) -> str:
    """An empty database filled with so many contacts; the token's secret."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    return str(data().load(rows))


def show(line: dict[str, Any]) -> None:
    """A line of the table, as it becomes known."""
    verdict = "" if line["ratio"] <= line["target"] else f"  (to reach: {line['target']})"
    print(
        f"{line['request']:<20}{line['rows']:>9,}  {line['ratio']:>5.2f} of ({line['floor']})"
        f"{line['rps']:>7} /s  p50 {line['p50_ms']:>6.2f}  p99 {line['p99_ms']:>7.2f}"
        f"  CPU {line['cpu_ms']:>6.3f} ms (floor {line['floor_cpu_ms']:.3f})"
        f"  {line['statements']} statements{verdict}",
        flush=True,
    )


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", default="1000,100000,1000000", help="numbers of contacts, with commas")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--turns", type=int, default=6, help="pairs of floor and product (6)")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each turn (2)")
    parser.add_argument("--only", default="", help="names of requests, with commas")
    return parser.parse_args()


def main() -> None:
    """Measure, print, write."""
    options = arguments()
    only = set(options.only.split(",")) - {""}
    cases = [case for case in CASES if not only or case.name in only]
    lines = []
    with throwaway_postgres(server_options=POSTGRES) as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "deskscim.settings"}
        os.environ |= {"DEBUG": "false", "DESKSCIM_HTTPS": "false", "ALLOWED_HOSTS": "127.0.0.1"}
        os.environ.setdefault("SECRET_KEY", "a benchmark needs no secret, only fifty characters")
        import django

        django.setup()
        for rows in map(int, options.rows.split(",")):
            for line in benchmark(rows, cases, options.turns, options.seconds):
                lines.append(line)
                show(line)
    if options.json:
        options.json.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
