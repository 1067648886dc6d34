"""The index of the search on SQLite: what it finds, whoever writes, and what it forgets (R30, R41)."""

import sqlite3
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection as database

from companies.models import Company
from contacts import lifecycle
from contacts.deeds import Chosen
from contacts.models import Contact, ContactAddress
from contacts.searchwords import check
from deskscim.agents.models import Agent
from deskscim.jobs import queue
from tests.cast import admin
from tests.domain import AGENT, agent_deletes, agent_erases, agent_writes, whole_database
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory
from tests.jobs import run_queued

__all__ = ["admin"]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(database.vendor != "sqlite", reason="PostgreSQL has SearchText"),
]


@pytest.fixture
def ann() -> Contact:
    ContactFieldFactory(api_name="cf_region")
    contact: Contact = ContactFactory(
        name="Ann Example",
        title="Boss",
        company=CompanyFactory(name="Northwind"),
        emails=["ann@x.example"],
        custom_fields={"cf_region": "EMEA"},
    )
    return contact


def finds(text: str) -> bool:
    return Contact.objects.search(text).exists()


@pytest.mark.parametrize("text", ["emea", "em", "boss", "b", "ann@", "an north", "EXAMPLE"])
def test_a_new_contact_is_found_by_all_its_words(ann: Contact, text: str) -> None:
    assert finds(text)


@pytest.mark.parametrize("text", ["nn", "mea x", "ample boss z", "\u00fc", "cf_region"])
def test_what_it_does_not_say_finds_nobody(ann: Contact, text: str) -> None:
    """One or two characters begin a word; the name of a contact field is no word of the contact."""
    assert not finds(text)


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        (lambda ann: agent_writes(ann, title="Chef"), "boss", "chef"),
        (lambda ann: agent_writes(ann, custom_fields={"cf_region": "APAC"}), "emea", "apac"),
        (lambda ann: agent_writes(ann, company=CompanyFactory(name="Contoso")), "northwind", "contoso"),
        (lambda ann: Company.objects.filter(name="Northwind").update(name="Adatum"), "northwind", "adatum"),
        (lambda ann: Company.objects.get(name="Northwind").delete(), "northwind", "boss"),
        (lambda ann: ann.addresses.all().delete(), "ann@x", "boss"),
        (lambda ann: ContactAddress.objects.update(address="zoe@y.example"), "ann@x", "zoe@y"),
    ],
    ids=["title", "custom field", "company", "renamed", "company deleted", "no address", "address"],
)
def test_it_follows(ann: Contact, change: Callable[[Contact], Any], gone: str, come: str) -> None:
    change(Contact.objects.get(pk=ann.pk))
    assert (finds(gone), finds(come)) == (False, True)


def test_nothing_of_an_erased_contact_remains_in_the_index() -> None:
    """R30: neither its text nor its trigrams, whatever was written before and after."""
    ContactFactory(name="Somebody Else")
    contact: Contact = ContactFactory(name="Xyzzy")
    agent_writes(contact, name="Qwxyq")
    agent_deletes(contact)
    agent_erases(contact)
    assert trigrams() & {"xyz", "yzz", "zzy", "qwx", "wxy", "xyq"} == set()
    assert "som" in trigrams()
    assert "yzz" not in whole_database()
    assert "xyq" not in whole_database().lower()


def test_nothing_of_many_erased_contacts_remains_in_the_index(admin: Agent) -> None:
    """R30: forgotten once, at the end of the job."""
    ContactFactory(name="Somebody Else")
    people = [ContactFactory(name=name, deleted=True) for name in ("Xyzzy", "Qwxyq")]
    chosen = Chosen(tuple(one.pk for one in people))
    queue.enqueue(
        "contacts.many.carry_out",
        agent=admin,
        title="Delete contacts forever",
        arguments={"deed": "erase", **chosen.arguments},
    )
    (job,) = run_queued()
    assert (job.state, job.done) == ("done", 2)
    assert trigrams() & {"xyz", "yzz", "qwx", "xyq"} == set()
    assert "xyq" not in whole_database().lower()


def trigrams() -> set[str]:
    """The terms of the index, those of deleted rows too: as its segments hold them, prefixes joined."""
    with database.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, contacts_searchtrigrams, row)")
        cursor.execute("SELECT term FROM temp.terms")
        found = {term for (term,) in cursor.fetchall()}
        cursor.execute("DROP TABLE temp.terms")
    return found


def test_two_contacts_that_become_one(ann: Contact) -> None:
    other = ContactFactory(name="Other", emails=["other@home.example"])
    lifecycle.merge(survivor=lifecycle.lock(ann.pk), absorbed=lifecycle.lock(other.pk), actor=AGENT)
    assert Contact.objects.search("other@home").get() == ann


def test_it_is_whole(ann: Contact) -> None:
    """What FTS5 itself checks: the index against the texts."""
    agent_writes(ann, name="Zoe")
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_searchtrigrams (contacts_searchtrigrams, rank)"
            " VALUES ('integrity-check', 1)"
        )


def test_this_sqlite_can_make_the_index() -> None:
    assert check(databases=["default"]) == []


def test_nothing_of_an_erased_contact_remains_in_the_file(transactional_db: None) -> None:
    """R30: neither name nor trigrams, in the pages in use and in those set free."""
    contact: Contact = ContactFactory(name="Xyzzyqwx")
    agent_deletes(contact)
    agent_erases(contact)
    with database.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    written = Path(database.settings_dict["NAME"]).read_bytes().lower()
    assert [word for word in (b"xyzzyqwx", b"yzz", b"zzy", b"zyq", b"yqw") if word in written] == []


@pytest.mark.django_db(transaction=True)
class TestMigrations:
    def test_back_and_forth_the_index_is_filled_anew(self, ann: Contact) -> None:
        """Also where a migration remakes the table of contacts."""
        call_command("migrate", "contacts", "0021", stdout=StringIO())
        call_command("migrate", stdout=StringIO())
        assert finds("northwind")
        assert finds("em")
        agent_writes(Contact.objects.get(pk=ann.pk), title="Chef")
        assert finds("chef")
        assert not finds("boss")

    def test_a_plain_sqlite_shell_can_write(self, ann: Contact) -> None:
        with sqlite3.connect(database.settings_dict["NAME"]) as shell:
            shell.execute("UPDATE contacts_contact SET name = 'Shelly'")
        shell.close()
        assert finds("shelly")
