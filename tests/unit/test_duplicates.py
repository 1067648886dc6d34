"""Suggested duplicates: what speaks for one person, and what an agent says to it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts import duplicates
from contacts.models import Contact, ContactAddress, NotDuplicate
from tests.domain import agent_deletes, agent_erases
from tests.factories import CompanyFactory, ContactFactory

pytestmark = pytest.mark.django_db


def suggested(contact: Contact) -> list[tuple[Contact, list[str]]]:
    found = duplicates.suggestions(Contact.objects.prefetch_related("addresses").get(pk=contact.pk))
    return [(one.contact, one.reasons) for one in found]


def test_same_name_and_company() -> None:
    company = CompanyFactory()
    ann = ContactFactory(name="Ann Sample", company=company)
    same = ContactFactory(name="ann sample", company=company)
    ContactFactory(name="Ann Sample", company=CompanyFactory())
    ContactFactory(name="Ann Sample")

    assert suggested(ann) == [(same, ["Same name and company"])]


def test_same_name_and_no_company() -> None:
    ann, same = ContactFactory.create_batch(2, name="Ann Sample")

    assert suggested(ann) == [(same, ["Same name and company"])]


def test_same_phone_number_whichever_it_is() -> None:
    ann = ContactFactory(phone="+1 425 555 0100")
    same = ContactFactory(mobile="+1 425 555 0100")
    ContactFactory(phone="+1 425 555 0199")

    assert suggested(ann) == [(same, ["Same phone number"])]


def test_a_switchboard_speaks_for_nobody() -> None:
    ann, *_others = ContactFactory.create_batch(duplicates.SHARED + 2, phone="+1 425 555 0100")

    assert suggested(ann) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "alike"),
    [
        ("ann@acme.example", "ann@acme-old.example", True),
        ("ann@acme.example", "ann@elsewhere.example", False),
        ("ann+news@acme.example", "ann@acme.example", True),
        ("ann+news@acme.example", "ann@acme-old.example", True),
        ("ann@acme.example", "bob@acme-old.example", False),
    ],
)
def test_near_addresses(mine: str, theirs: str, alike: bool) -> None:
    """The same person before the @ at another domain of the company, or without a +tag."""
    company = CompanyFactory(domains=["acme.example", "acme-old.example"])
    ann = ContactFactory(emails=[mine], company=company)
    other = ContactFactory(emails=[theirs])

    assert suggested(ann) == ([(other, ["Nearly the same address"])] if alike else [])


def test_who_has_more_in_common_comes_first() -> None:
    ann = ContactFactory(name="Ann Sample", phone="1")
    named = ContactFactory(name="Ann Sample")
    both = ContactFactory(name="Ann Sample", phone="1")

    assert [contact for contact, _reasons in suggested(ann)] == [both, named]


def test_never_more_than_are_shown() -> None:
    ann, *_others = ContactFactory.create_batch(duplicates.SHOWN + 3, name="Ann Sample")

    assert len(suggested(ann)) == duplicates.SHOWN


def test_told_apart_they_are_suggested_no_more_to_either() -> None:
    ann, bea = ContactFactory.create_batch(2, name="Ann Sample")
    for _twice in range(2):
        duplicates.tell_apart(bea.pk, ann.pk)

    assert (suggested(ann), suggested(bea)) == ([], [])
    duplicates.tell_apart_no_more(ann.pk, bea.pk)
    assert suggested(bea) == [(ann, ["Same name and company"])]


def test_what_was_told_apart_goes_with_the_contact() -> None:
    """R30."""
    ann, bea = ContactFactory.create_batch(2)
    duplicates.tell_apart(ann.pk, bea.pk)
    agent_deletes(ann)
    agent_erases(ann)

    assert not NotDuplicate.objects.exists()


@pytest.mark.postgres
def test_every_question_is_answered_by_an_index() -> None:
    """The cost does not grow with the table."""
    company = CompanyFactory(domains=["acme.example", "acme-old.example"])
    ann = ContactFactory(
        name="Ann Sample", phone="1", mobile="2", company=company, emails=["ann@acme.example"]
    )
    crowd(1500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        assert suggested(ann) == []

    assert len(captured) == 7  # contact, addresses, domains; near addresses, names, phones, mobiles
    for query in captured:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on contacts_contact" not in plan, plan


def crowd(number: int) -> None:
    """People who have nothing in common."""
    people = [
        Contact(name=f"Person {n}", phone=f"+1 {n}", mobile=f"+2 {n}", updated_at=timezone.now())
        for n in range(number)
    ]
    Contact.objects.bulk_create(people)
    ContactAddress.objects.bulk_create(
        ContactAddress(contact=one, address_key=f"{n}@northwind.example", is_primary=True)
        for n, one in enumerate(people)
    )
