"""Importing as an agent does it, step by step."""

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from contacts.models import ContactImport
from deskscim.jobs.models import Job
from tests.jobs import run_queued

START = reverse("contacts:import")
PEOPLE = "Name;E-Mail;Job title;Shoe size\nAnn;ann@northwind.example;Cook;38\nBob;bob@northwind.example;;44\n"


def upload(client: Client, content: str | bytes = PEOPLE, name: str = "people.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(START, {"file": SimpleUploadedFile(name, data)}, follow=True)


def last() -> ContactImport:
    return ContactImport.objects.latest("id")


def page(name: str = "import-file") -> str:
    return reverse(f"contacts:{name}", args=[last().pk])


def choose(client: Client, *keys: str, **choices: str) -> Any:
    """Say what the columns mean; both boxes are ticked unless `choices` says otherwise."""
    boxes = {"update_existing": "on", "create_new": "on"} | choices
    columns = {f"column_{number}": key for number, key in enumerate(keys or last().mapping)}
    return client.post(page(), {**columns, **{name: on for name, on in boxes.items() if on}}, follow=True)


def checked(client: Client, content: str | bytes = PEOPLE, **choices: str) -> Any:
    """The report."""
    upload(client, content)
    choose(client, **choices)
    run_queued()
    return client.get(page())


def imported(client: Client, content: str | bytes = PEOPLE, **choices: str) -> Job:
    """The job that is through."""
    checked(client, content, **choices)
    client.post(page("import-run"))
    return run_queued()[-1]


def file_of(client: Client, job: Job) -> list[list[str]]:
    answer = client.get(reverse("jobs:file", args=[job.pk]))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content, newline="")))
