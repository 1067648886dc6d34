"""Many new contacts in a few statements, each as if it had been created alone (R17, R20, R36 to R38, R43)."""

from collections.abc import Callable
from typing import Any

import pytest

from companies.models import CompanyDomain
from contacts import lifecycle
from contacts.errors import AddressTaken, InvalidValue
from contacts.models import ActorKind, Contact, ContactAddress, TimelineEntry
from contacts.values import Actor, Email, Values
from tests.domain import addresses_of, timeline_of
from tests.factories import CompanyFactory, ContactFactory

pytestmark = pytest.mark.django_db

IMPORT = Actor(ActorKind.IMPORT, "Mia Manager")
# What no two contacts share, or what the moment gives.
ITS_OWN = {"id", "created_at", "updated_at", "source", "_state", "_prefetched_objects_cache"}


def create_many(*many: Values) -> list[Contact]:
    changes = lifecycle.create_many(many=many, actor=IMPORT, source=Contact.Source.IMPORT)
    return [Contact.objects.get(pk=change.contact.pk) for change in changes]


def person(number: int, **values: Any) -> Values:
    address = f"person{number}@northwind.example"
    return {"name": f"Person {number}", "emails": [Email(address, primary=True)], **values}  # type: ignore[typeddict-item]


def test_each_is_what_create_would_have_made() -> None:
    """R20, R43: columns, addresses and timeline."""
    CompanyFactory(domains=["northwind.example"])
    values = person(1, phone="+31 20 1", custom_fields={"cf_floor": "3"})
    (alone,) = create_many(values, person(2))[:1]
    as_before = (vars(alone), addresses_of(alone), timeline_of(alone))
    ContactAddress.objects.all().delete()

    other = lifecycle.create(values=values, actor=IMPORT).contact
    other.refresh_from_db()
    plain = {name: value for name, value in vars(other).items() if name not in ITS_OWN}
    assert plain == {name: value for name, value in as_before[0].items() if name not in ITS_OWN}
    assert (addresses_of(other), timeline_of(other)) == as_before[1:]


def test_they_say_where_they_come_from() -> None:
    """R43."""
    both = create_many(person(1), person(2))
    assert {one.source for one in both} == {Contact.Source.IMPORT}
    lines = TimelineEntry.objects.values_list("actor_kind", "actor_label")
    assert list(lines) == [("import", "Mia Manager")] * 2


def test_a_shared_domain_maps_nobody() -> None:
    """R36."""
    CompanyFactory.create_batch(2, domains=["northwind.example"])
    assert [one.company for one in create_many(person(1), person(2))] == [None, None]


def test_a_domain_whose_people_are_elsewhere_maps_nobody() -> None:
    """R37: those who were there before."""
    CompanyFactory(domains=["northwind.example"])
    ContactFactory(emails=["old@northwind.example"], company=CompanyFactory())
    assert create_many(person(1))[0].company is None


def test_what_the_first_are_given_counts_for_the_next() -> None:
    """R37, R38: as if they had come one after the other."""
    owner, other = CompanyFactory(domains=["northwind.example"]), CompanyFactory()
    made = create_many(person(1), person(2, company=other), person(3))
    assert [one.company for one in made] == [owner, other, None]


def test_an_address_that_is_taken_refuses_all() -> None:
    """R17."""
    ContactFactory(emails=["person2@northwind.example"])
    with pytest.raises(AddressTaken):
        create_many(person(1), person(2))
    assert Contact.objects.count() == 1
    assert TimelineEntry.objects.count() == 0


def test_a_value_that_cannot_be_kept_refuses_all() -> None:
    with pytest.raises(InvalidValue):
        create_many(person(1), person(2, title="x" * 256))
    assert Contact.objects.count() == 0


@pytest.mark.postgres  # SQLite takes a thousand values a statement at most
def test_the_number_of_statements_does_not_grow(django_assert_num_queries: Callable[[int], Any]) -> None:
    company = CompanyFactory()
    CompanyDomain.objects.create(company=company, domain="northwind.example")
    for number in (1, 100):
        many = [person(1000 * number + one) for one in range(number)]
        with django_assert_num_queries(6):  # owners; savepoint, three tables, release
            lifecycle.create_many(many=many, actor=IMPORT, source=Contact.Source.IMPORT)
