"""Every "never" that the database itself keeps: each constraint refuses what it should, and no more.

Rows go in past the lifecycle here, as a faulty program would put them.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from companies.models import Company, CompanyDomain
from contacts.models import Contact, ContactAddress, ContactField, NotDuplicate
from deskscim.agents.models import Agent
from deskscim.provisioning.models import Conflict, Connection, HeldCount, Token
from tests.factories import AgentFactory, CompanyFactory, ConnectionFactory, ContactFactory, SavedViewFactory

pytestmark = pytest.mark.django_db

OURS = ("companies", "contacts", "provisioning", "agents")


def contact(**columns: Any) -> Contact:
    """A bare row."""
    return Contact.objects.create(**{"name": "Ann", "updated_at": timezone.now(), **columns})


def address(of: Contact, text: str, *, is_primary: bool = False) -> ContactAddress:
    """A bare row."""
    return ContactAddress.objects.create(contact=of, address=text, address_key=text, is_primary=is_primary)


def token(**columns: Any) -> Token:
    """A bare row."""
    return Token.objects.create(**{"name": "Entra", "digest": "d", "prefix": "dsk_x", **columns})


def field(api_name: str) -> ContactField:
    """A bare row."""
    return ContactField.objects.create(label="Tier", api_name=api_name, type="text")


def external_id_twice() -> None:
    connection = ConnectionFactory()
    for _ in range(2):
        contact(connection=connection, external_id="E-1")


def user_name_twice() -> None:
    connection = ConnectionFactory()
    for _ in range(2):
        contact(connection=connection, user_name="Ann", user_name_key="ann")


def address_of_two() -> None:
    """R17: deleted holders included."""
    address(contact(deleted_at=timezone.now(), deleted_by="agent"), "ann@x.example")
    address(contact(), "ann@x.example")


def two_primary_addresses() -> None:
    ann = contact()
    for text in ("one@x.example", "two@x.example"):
        address(ann, text, is_primary=True)


def domain_twice() -> None:
    company = CompanyFactory(domains=["x.example"])
    company.domains.create(domain="x.example")


def api_name_twice() -> None:
    for _ in range(2):
        field("cf_tier")


def conflict(connection: Connection | None = None, **columns: Any) -> Conflict:
    """A bare row."""
    now = timezone.now()
    return Conflict.objects.create(
        connection=connection or ConnectionFactory(), first_seen_at=now, last_seen_at=now, **columns
    )


def open_conflict_twice(**columns: str) -> None:
    connection = ConnectionFactory()
    for _ in range(2):
        conflict(connection, **columns)


def slot_twice() -> None:
    connection = ConnectionFactory()
    for _ in range(2):
        HeldCount.objects.create(connection=connection, slot=0, number=1)


def view_twice() -> None:
    owner = AgentFactory()
    for _ in range(2):
        SavedViewFactory(owner=owner, name="Mine")


def not_duplicate(*, in_order: bool) -> NotDuplicate:
    first, second = sorted((contact(), contact()), key=lambda one: one.pk, reverse=not in_order)
    return NotDuplicate.objects.create(first=first, second=second)


def not_duplicate_twice() -> None:
    pair = not_duplicate(in_order=True)
    NotDuplicate.objects.create(first=pair.first, second=pair.second)


def digest_twice() -> None:
    for _ in range(2):
        token()


# For each named constraint, what it refuses.
REFUSED: dict[str, list[Callable[[], object]]] = {
    "contact_external_id_once_per_connection": [external_id_twice],
    "contact_user_name_once_per_connection": [user_name_twice],
    "contact_external_id_only_when_linked": [lambda: contact(external_id="E-1")],
    "contact_deleted_by_somebody": [
        lambda: contact(deleted_at=timezone.now()),
        lambda: contact(deleted_by="agent"),
    ],
    "contact_company_has_source": [lambda: contact(company=CompanyFactory())],
    "contact_name_not_empty": [lambda: contact(name="")],
    "address_one_contact": [address_of_two],
    "contact_one_primary_address": [two_primary_addresses],
    "not_duplicate_once": [not_duplicate_twice],
    "not_duplicate_in_order": [lambda: not_duplicate(in_order=False)],
    "contact_field_api_name_once": [api_name_twice],
    "contact_field_api_name_prefixed": [lambda: field("tier"), lambda: field("")],
    "company_domain_once": [domain_twice],
    "token_digest_once": [digest_twice],
    "held_count_slot_once": [slot_twice],
    "token_not_half_made": [lambda: token(digest=""), lambda: token(prefix="")],
    "connection_tickets_known": [lambda: Connection.objects.create(name="T", tickets_on_delete="burn")],
    "conflict_open_once_per_external_id": [lambda: open_conflict_twice(external_id="E-1")],
    "conflict_open_once_per_user_name": [lambda: open_conflict_twice(user_name_key="ann")],
    "conflict_decided_by_somebody": [
        lambda: conflict(decision="apart"),
        lambda: conflict(decided_at=timezone.now()),
    ],
    "conflict_attempt_leaves_with_decision": [
        lambda: conflict(decision="apart", decided_at=timezone.now(), attempted={"name": "Ann"})
    ],
    "saved_view_name_once": [view_twice],
    "saved_view_named": [lambda: SavedViewFactory(name="")],
    "agent_role_known": [lambda: Agent.objects.create(email="a@x.example", role="root")],
}


@pytest.mark.parametrize(
    ("name", "break_it"), [(name, one) for name, breaches in REFUSED.items() for one in breaches]
)
def test_a_constraint_refuses_its_breach(name: str, break_it: Callable[[], object]) -> None:
    """The refusal is this constraint's and no other's: without it, the rows go in."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        break_it()
    assert any(mark in str(refusal.value) for mark in marks_of(name))


def constraints() -> dict[str, tuple[type[models.Model], models.BaseConstraint]]:
    """Every named constraint of the project's models."""
    ours = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return {one.name: (model, one) for model in ours for one in model._meta.constraints}


def marks_of(name: str) -> tuple[str, str]:
    """What a breach is called: by PostgreSQL the name, by SQLite the columns of a unique constraint."""
    model, constraint = constraints()[name]
    fields = getattr(constraint, "fields", ())
    table = model._meta.db_table
    return name, ", ".join(f"{table}.{model._meta.get_field(one).column}" for one in fields) or name  # type: ignore[union-attr]


def test_every_constraint_has_its_breach_here() -> None:
    """A promise that nobody has seen kept is none."""
    assert set(constraints()) == set(REFUSED)


@pytest.mark.parametrize(
    "make", [lambda: Company.objects.create(name="northWIND "), lambda: ConnectionFactory(name="T")]
)
def test_names_are_unique(make: Callable[[], object]) -> None:
    """R39: without regard to case for companies; a connection's name tells it apart."""
    CompanyFactory(name="Northwind")
    ConnectionFactory(name="T")
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


class TestNoMore:
    """What must remain possible."""

    def test_one_external_id_in_two_connections(self) -> None:
        """R15."""
        for _ in range(2):
            contact(connection=ConnectionFactory(), external_id="E-1", user_name_key="ann")

    def test_many_linked_contacts_without_external_id(self) -> None:
        """R15: the empty one is nobody's."""
        connection = ConnectionFactory()
        for number in range(2):
            contact(connection=connection, user_name_key=str(number))

    def test_many_linked_contacts_without_user_name(self) -> None:
        connection = ConnectionFactory()
        for number in range(2):
            contact(connection=connection, external_id=str(number))

    def test_external_ids_that_differ_in_case(self) -> None:
        """R8."""
        connection = ConnectionFactory()
        for text in ("abc", "ABC"):
            contact(connection=connection, external_id=text)

    def test_one_user_name_of_many_unlinked_contacts(self) -> None:
        """R28: what SCIM deleted keeps its userName."""
        for _ in range(2):
            contact(user_name="ann", user_name_key="ann")

    def test_many_contacts_of_one_name(self) -> None:
        for _ in range(2):
            contact(name="Ann")

    def test_many_secondary_addresses(self) -> None:
        """R23."""
        ann = contact()
        address(ann, "one@x.example", is_primary=True)
        for text in ("two@x.example", "three@x.example"):
            address(ann, text)

    def test_a_domain_of_two_companies(self) -> None:
        """R36."""
        for _ in range(2):
            CompanyFactory(domains=["x.example"])
        assert CompanyDomain.objects.count() == 2

    def test_two_tokens_of_a_connection(self) -> None:
        """R3."""
        connection = ConnectionFactory()
        for digest in ("one", "two"):
            token(connection=connection, digest=digest)

    def test_a_reason_without_a_company(self) -> None:
        """R38, R39: chosen none, or named an unknown one."""
        assert contact(company_source="agent").company is None


class TestReferences:
    def test_a_connection_with_contacts_stays(self) -> None:
        """R4: deleting it would orphan links that Entra still believes in."""
        connection = ConnectionFactory()
        ContactFactory(linked=True, connection=connection)
        with pytest.raises(ProtectedError):
            connection.delete()

    def test_a_company_of_a_connection_stays(self) -> None:
        """R4: the connection would link anybody."""
        company = ConnectionFactory(company=CompanyFactory()).company
        with pytest.raises(ProtectedError):
            company.delete()

    def test_addresses_go_with_their_contact(self) -> None:
        """R30."""
        ContactFactory().delete()
        assert not ContactAddress.objects.exists()
