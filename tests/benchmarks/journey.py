"""An import as an agent has it: the file goes up by HTTP, is checked, imported and taken back by a worker.

Each job is a process of its own, `python -m tests.benchmarks.journey JOB`, so that the most memory it ever
has is that of the job. To reach: a million rows need no more of it than a hundred thousand.
"""

import csv
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.load import HOST

START = "/contacts/import/"
BOUNDARY = "a-boundary-that-is-in-no-file"
BLOCK = 1 << 16
REFUSED = 100  # of so many rows one has no e-mail address that is one
SHARE = 5  # a workbook has so many times fewer rows


@dataclass
class Agent:
    """Somebody who is signed in to the web server on this port, without a browser."""

    port: int
    cookie: str

    def __post_init__(self) -> None:
        page = self._ask("GET", START)
        (self._token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode()))
        cookies = page.headers.get_all("Set-Cookie", [])
        self.cookie = "; ".join([self.cookie, *(one.partition(";")[0] for one in cookies)])

    def upload(self, file: Path) -> str:
        """Where the file's next step is."""
        field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
        token = f'{field}csrfmiddlewaretoken"\r\n\r\n{self._token}\r\n'
        head = f'{token}{field}file"; filename="{file.name}"\r\n\r\n'.encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        return self._sent(
            START,
            _parts(head, file, tail),
            f"multipart/form-data; boundary={BOUNDARY}",
            len(head) + file.stat().st_size + len(tail),
        )

    def post(self, path: str, **fields: str) -> str:
        """Where the answer leads."""
        body = urlencode({"csrfmiddlewaretoken": self._token, **fields}).encode()
        return self._sent(path, body, "application/x-www-form-urlencoded", len(body))

    def _sent(self, path: str, body: Any, content_type: str, length: int) -> str:
        answer = self._ask("POST", path, body, {"Content-Type": content_type, "Content-Length": str(length)})
        text = answer.read()
        assert answer.status == 302, (path, answer.status, text[:500])
        return str(answer.headers["Location"])

    def _ask(
        self, verb: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> HTTPResponse:
        connection = HTTPConnection(HOST, self.port)  # a new one: between two of them a job may take minutes
        connection.request(verb, path, body, {"Cookie": self.cookie, **(headers or {})})
        return connection.getresponse()


def _parts(head: bytes, file: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with file.open("rb") as content:
        while block := content.read(BLOCK):
            yield block
    yield tail


def benchmark(number: int) -> None:
    """Measure and print: a CSV file of so many rows, then a workbook of fewer."""
    from tests.benchmarks import desk, moving, server

    moving.companies()
    cookies = desk.signed_in().cookies.values()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        port = stack.enter_context(server.gunicorn("deskscim.wsgi:application", "deskscim.settings"))
        agent = Agent(port, "; ".join(f"{one.key}={one.value}" for one in cookies))
        _travel(agent, _csv(folder / "people.csv", number), number)
        _travel(agent, _workbook(folder / "people.xlsx", number // SHARE), number // SHARE)


def _people(number: int) -> Iterator[Sequence[str]]:
    from tests.benchmarks import data, desk

    yield ["Name", "E-mail", "Title", "Department", "Work phone"]
    for n in range(number):
        name = f"{desk.GIVEN[n % len(desk.GIVEN)]} {desk.FAMILY[n % len(desk.FAMILY)]} {n}"
        domain = "" if n % REFUSED == 0 else f"company{n % data.COMPANIES}.example"
        yield [name, f"person{n}@{domain}", "Cook", "Kitchen", f"+31 20 {n:07}"]


def _csv(path: Path, number: int) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(_people(number))
    return path


def _workbook(path: Path, number: int) -> Path:
    from contacts.sheets import write_xlsx

    with path.open("wb") as file:
        write_xlsx(file, "People", _people(number))
    return path


def _travel(agent: Agent, file: Path, rows: int) -> None:
    """Upload, check, import, undo: what each takes."""
    from django.urls import reverse

    from contacts.models import Contact, ContactImport
    from deskscim.jobs.models import Job
    from tests.benchmarks import data, server

    started = time.perf_counter()
    step = agent.upload(file)
    _show(file, "upload", rows, time.perf_counter() - started, server.peak_megabytes())
    upload = ContactImport.objects.latest("id")
    columns = {f"column_{n}": key for n, key in enumerate(upload.mapping)}
    agent.post(step, update_existing="on", create_new="on", **columns)
    upload.refresh_from_db()
    _work(file, "check", rows, upload.check_job_id)
    agent.post(reverse("contacts:import-run", args=[upload.pk]))
    upload.refresh_from_db()
    _work(file, "import", rows, upload.import_job_id)
    assert Contact.objects.count() == rows - -(-rows // REFUSED)
    data.settle()
    agent.post(reverse("jobs:undo", args=[upload.import_job_id]))
    _work(file, "undo", rows, Job.objects.get(undoes=upload.import_job_id).pk)
    assert not Contact.objects.exists()
    for job in Job.objects.exclude(file=""):
        job.file.delete()


def _work(file: Path, name: str, rows: int, job: object) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.journey", str(job)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    assert found["state"] == "done", found
    _show(file, name, rows, found["seconds"], found["megabytes"])


def _show(file: Path, name: str, rows: int, seconds: float, megabytes: float) -> None:
    print(
        f"{f'{name} of {file.suffix[1:]}':<24}{rows:>9,}{rows / seconds:>9,.0f} rows/s"
        f"  {seconds:>7.1f} s  at most {megabytes:>6.1f} MB of memory",
        flush=True,
    )


def main() -> None:
    """Do what a worker does with the one job that the command names."""
    import django

    django.setup()
    from deskscim.jobs.delivery import deliver
    from deskscim.jobs.models import Job
    from tests.benchmarks import server

    started = time.perf_counter()
    deliver(sys.argv[1])
    took = time.perf_counter() - started
    state = Job.objects.values_list("state", flat=True).get(pk=sys.argv[1])
    print(json.dumps({"state": state, "seconds": took, "megabytes": server.megabytes("self")}))


if __name__ == "__main__":
    main()
