"""The text that the search reads: kept by triggers, whoever writes (R30, R41)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection as database

from companies.models import Company
from contacts import lifecycle
from contacts.models import Contact, SearchText
from deskscim.provisioning.models import Connection
from tests.domain import AGENT, agent_deletes, agent_erases, agent_writes, entra_writes, push, work
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, ContactFieldFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann(connection: Connection) -> Contact:
    """Ann of Northwind, linked, with something of everything."""
    CompanyFactory(name="Northwind", domains=["northwind.example"])
    ContactFieldFactory(api_name="cf_region")
    return push(
        connection,
        "ann.upn@northwind.example",
        name="Ann Ex\u00e4mple",
        title="Boss",
        phone="(030) 123",
        mobile="0170",
        emails=work("Ann@Northwind.example"),
        custom_fields={"cf_region": "EMEA"},
    ).contact


def texts() -> dict[UUID, str]:
    """By contact, in lower case and with one blank between words."""
    if database.vendor == "postgresql":
        return dict(SearchText.objects.values_list("contact", "text"))
    with database.cursor() as cursor:
        cursor.execute("SELECT contact_id, text FROM contacts_words")
        return {UUID(pk): text.lower().replace("  ", " ") for pk, text in cursor.fetchall()}


def text_of(contact: Contact) -> str:
    return texts()[contact.pk]


def test_a_new_contact_has_all_its_words(ann: Contact) -> None:
    """In lower case, and each of them behind a blank."""
    text = text_of(ann)
    words = ("ann ex\u00e4mple", "boss", "(030) 123", "0170", "northwind", "ann@northwind.example")
    for words_of in (*words, "ann.upn@northwind.example", "emea"):
        assert f" {words_of}" in text


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        (lambda ann: agent_writes(ann, name="Zoe"), "ann ex", " zoe"),
        (lambda ann: entra_writes(ann, title="Chef"), "boss", "chef"),
        (lambda ann: agent_writes(ann, mobile="555"), "0170", "555"),
        (lambda ann: agent_writes(ann, custom_fields={"cf_region": "APAC"}), "emea", "apac"),
        (lambda ann: agent_writes(ann, company=CompanyFactory(name="Contoso")), " northwind ", "contoso"),
        (lambda ann: Company.objects.get(name="Northwind").delete(), " northwind ", "boss"),
    ],
    ids=["name", "title", "mobile", "custom field", "company", "company deleted"],
)
def test_it_follows_the_contact(ann: Contact, change: Callable[[Contact], Any], gone: str, come: str) -> None:
    change(Contact.objects.get(pk=ann.pk))
    assert gone not in text_of(ann)
    assert come in text_of(ann)


def test_it_follows_the_addresses(ann: Contact) -> None:
    """R23: a new work address, and one that goes."""
    entra_writes(ann, emails=work("new@contoso.example"))
    assert " new@contoso.example" in text_of(ann)
    ann.addresses.filter(address_key="new@contoso.example").delete()
    assert "contoso" not in text_of(ann)


def test_it_follows_the_name_of_the_company(ann: Contact) -> None:
    company = Company.objects.get(name="Northwind")
    company.name = "Adatum"
    company.save()
    assert " adatum " in text_of(ann)
    assert list(Contact.objects.search("adatum")) == [ann]


def test_two_contacts_that_become_one_have_one_text(ann: Contact) -> None:
    other = ContactFactory(name="Annie", emails=["annie@home.example"])
    lifecycle.merge(survivor=lifecycle.lock(ann.pk), absorbed=lifecycle.lock(other.pk), actor=AGENT)
    assert list(texts()) == [ann.pk]
    assert "annie@home.example" in text_of(ann)


def test_rows_that_come_in_bulk(db: None) -> None:
    """As an import writes them."""
    one: Contact = ContactFactory(name="Pattern")
    people = [Contact(name=f"Bulk {n}", updated_at=one.updated_at) for n in range(3)]
    Contact.objects.bulk_create(people)
    assert [text_of(person).strip() for person in people] == ["bulk 0", "bulk 1", "bulk 2"]


def test_nothing_of_an_erased_contact_remains(ann: Contact) -> None:
    """R30."""
    agent_deletes(ann)
    agent_erases(ann)
    assert texts() == {}


def row_version(contact: Contact) -> tuple[Any, ...]:
    with database.cursor() as cursor:
        cursor.execute("SELECT xmin, ctid FROM contacts_searchtext WHERE contact_id = %s", [contact.pk])
        return tuple(cursor.fetchone())


@pytest.mark.postgres
@pytest.mark.parametrize("values", [{}, {"department": "Ops"}, {"title": "Boss"}])
def test_a_sync_that_changes_no_word_leaves_the_text_alone(ann: Contact, values: dict[str, Any]) -> None:
    before = row_version(ann)
    entra_writes(ann, **values)
    assert row_version(ann) == before


@pytest.mark.postgres
def test_search_and_fields_are_found_by_the_index(ann: Contact) -> None:
    questions = [
        Contact.objects.search("north wind"),
        Contact.objects.search("an"),
        Contact.objects.filter(search_text__custom_fields__contains={"cf_region": "EMEA"}),
    ]
    with database.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        for question in questions:
            sql, parameters = question.order_by().query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", parameters)
            assert "search_text_words" in "\n".join(line for (line,) in cursor.fetchall())


def test_one_or_two_characters_begin_a_word(ann: Contact) -> None:
    for words in ("an", "b", "no", "a b", "em"):
        assert list(Contact.objects.search(words)) == [ann]
    for words in ("nn", "z", "xa"):
        assert not Contact.objects.search(words).exists()
