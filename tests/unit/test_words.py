"""The search finds what a plain scan finds (R41); SQLite's index keeps nothing of who is erased (R30)."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection as database

from contacts import words
from contacts.deeds import Chosen
from contacts.models import Contact
from deskscim.agents.models import Agent
from deskscim.jobs import queue
from tests.cast import admin
from tests.domain import agent_deletes, agent_erases
from tests.factories import CompanyFactory, ContactFactory
from tests.jobs import run_queued

__all__ = ["admin"]

pytestmark = pytest.mark.django_db
ROOT = Path(words.__file__).parents[1]

PIECES = (
    *(
        "an",
        "Ann",
        "anna",
        "NEAR",
        "AND",
        "or",
        "x",
        "M\u00fcller",
        "\u0416\u0443\u043a",
        "\u6f22\u5b57\u6f22",
        "\U0001f600",
    ),
    *('"', "'", "*", "%", "_", "-", "^", "(", ":", "\\", "a*b", '"q"', "O'Neil", "50%", "a_b", "+31", "{x}"),
)


RARE = "\u01c1\u01c2\u01c3"


def is_kept() -> bool:
    """Whether the rare word stands in the bytes of the index."""
    with database.cursor() as cursor:
        cursor.execute("SELECT block FROM contacts_words_index_data")
        return any(RARE.encode() in bytes(block) for (block,) in cursor.fetchall())


def scan(word: str) -> set[Contact]:
    """Who has the word somewhere; one or two characters must begin one."""
    found = set()
    for contact in Contact.objects.select_related("company"):
        said = [contact.name, contact.title, contact.company.name if contact.company else ""]
        text = " " + " ".join(said).casefold()
        if (word if len(word) >= words.TRIGRAM else f" {word}").casefold() in text:
            found.add(contact)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_it_finds_what_a_scan_finds(seed: int) -> None:
    """Whatever the characters: none of them is a sign of a query language."""
    chance = random.Random(seed)
    companies = [None, *(CompanyFactory(name=" ".join(chance.sample(PIECES, 2))) for _ in range(3))]
    for _ in range(12):
        name, title = (" ".join(chance.choices(PIECES, k=2)) for _ in range(2))
        ContactFactory(name=name, title=title, company=chance.choice(companies))
    for word in {*PIECES, "nn", "an AND x", '"an" OR', "text:an"}:
        expected = set.intersection(*map(scan, word.split()))
        assert set(Contact.objects.search(word)) == expected, word
        assert set(Contact.objects.search_some(word, 100)) == expected, word


def test_some_are_no_more_than_asked_for() -> None:
    ContactFactory.create_batch(5, name="Ann")
    assert Contact.objects.search_some("ann", 3).count() == 3


@pytest.mark.sqlite
def test_nothing_of_who_is_erased_stays_in_the_index() -> None:
    """R30: not even in pages that FTS5 has not merged yet."""
    ContactFactory(name="Somebody else")
    contact = ContactFactory(name=f"Ann {RARE}")
    assert is_kept()
    agent_deletes(contact)
    agent_erases(contact)
    assert not is_kept()


@pytest.mark.sqlite
def test_nothing_of_many_who_are_erased_stays_in_the_index(admin: Agent) -> None:
    """R30: forgotten once, at the end of the job."""
    people = [ContactFactory(name=f"{name} {RARE}", deleted=True) for name in ("Ann", "Bob")]
    ContactFactory(name="Somebody else")
    chosen = Chosen(tuple(one.pk for one in people))
    queue.enqueue(
        "contacts.many.carry_out",
        agent=admin,
        title="Delete contacts forever",
        arguments={"deed": "erase", **chosen.arguments},
    )
    assert is_kept()
    (job,) = run_queued()
    assert (job.state, job.done) == ("done", 2)
    assert not is_kept()


@pytest.mark.parametrize("text", ["ann\x00", "\ud800ann"])
def test_what_no_database_can_keep_finds_nobody(text: str) -> None:
    ContactFactory(name="Ann")
    assert not Contact.objects.search(text).exists()
    assert not Contact.objects.search_some(text, 3).exists()


@pytest.mark.sqlite
def test_a_migration_finds_no_trigger_in_its_way_and_the_index_is_filled_again() -> None:
    contact = ContactFactory(name="Ann")
    steps: list[Callable[[], object]] = [
        lambda: words.drop(using="default", plan=[object()]),
        lambda: Contact.objects.update(name="Zoe"),
        lambda: words.make(using="default"),
    ]
    for step in steps:
        step()
    assert list(Contact.objects.search("zoe")) == [contact]
    assert not Contact.objects.search("ann").exists()


@pytest.mark.sqlite
def test_it_stays_where_nothing_is_migrated() -> None:
    """As at each start of the demo."""
    ContactFactory(name="Ann")
    words.drop(using="default", plan=[])
    words.make(using="default")
    assert Contact.objects.search("ann").count() == 1


def test_an_sqlite_that_cannot_search_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert words.check(databases=["default"]) == []
    monkeypatch.setattr(words, "OLDEST", (99, 0))
    found = words.check(databases=["default"])
    assert [error.id for error in found] == (["contacts.E001"] if database.vendor == "sqlite" else [])


@pytest.mark.sqlite
@pytest.mark.parametrize("app", ["auth", "contacts zero"])
def test_a_migration_of_one_app_needs_no_contacts(app: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
    for arguments in ("", app, "") if "zero" in app else (app, ""):
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", *arguments.split()]
        assert subprocess.run(command, env=environment, cwd=ROOT).returncode == 0
