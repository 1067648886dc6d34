"""Which questions PostgreSQL answers by an index, and which indexes every sync would have to pay for."""

import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Contact, ContactAddress
from deskscim.provisioning.models import Connection
from tests.factories import ConnectionFactory

from .conftest import Scim, scim_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

PEOPLE = 1500  # of each connection: enough for PostgreSQL to leave reading the whole table
ID = uuid.UUID("0198b2c4-0000-7000-8000-000000000001")


def fill(tenant: Connection, first_id: uuid.UUID | None = None) -> None:
    """People whose names are all different, in the table and in its statistics."""
    contacts = [
        Contact(
            name=f"Person {number} {tenant.pk}",
            user_name_key=f"person.{number}@northwind.example",
            external_id=f"e{number}",
            connection=tenant,
            updated_at=timezone.now(),
        )
        for number in range(PEOPLE)
    ]
    if first_id:
        contacts[0].pk = first_id
    Contact.objects.bulk_create(contacts)
    ContactAddress.objects.bulk_create(
        ContactAddress(
            contact=contact,
            address_key=f"{tenant.pk}.{contact.user_name_key}",
            is_primary=True,
            scim_type="work",
        )
        for contact in contacts
    )


@pytest.fixture
def crowd() -> Scim:
    """The client of one of three connections that hold the same number of people."""
    tenants = [ConnectionFactory() for _ in range(3)]
    scim = scim_of(tenants[1])
    for tenant in tenants:
        fill(tenant, ID if tenant is tenants[1] else None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_contact, contacts_contactaddress")
    return scim


def plan_of(call: Callable[[], Any]) -> str:
    """How the statement that reads contacts is carried out."""
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code == 200, answer.content
    (sql,) = [query["sql"] for query in captured if 'FROM "contacts_contact"' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}" if "$1" not in sql else prepared(cursor, sql))
        return "\n".join(line for (line,) in cursor.fetchall())


def prepared(cursor: Any, sql: str) -> str:
    """The question for the plan that PostgreSQL keeps for whatever values."""
    blanks = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", sql))))
    cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    name = f"asked_{uuid.uuid4().hex}"  # a transaction that is undone leaves it behind
    cursor.execute(f"PREPARE {name} AS {sql}")
    return f"EXPLAIN EXECUTE {name}({blanks})"


def asked(scim: Scim, **parameters: object) -> str:
    """The plan of a list."""
    return plan_of(lambda: scim.get(f"/Users?{urlencode(parameters)}"))


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ('externalId eq "e7"', "contact_external_id_once_per_connection"),
        ('userName eq "PERSON.7@northwind.example"', "contact_(user_name_once_per_connection|by_user_name)"),
        ('emails.value eq "x.person.7@northwind.example"', "address_one_contact"),
        ('emails[type eq "work"].value eq "x.person.7@northwind.example"', "address_one_contact"),
        ('emails[type eq "work" and value eq "x"] and active eq true', "address_one_contact"),
        ('emails.value eq "x" and not (userName eq "y")', "address_one_contact"),
        (f'id eq "{ID}"', "(contacts_contact_pkey|contact_of_connection) "),
        (f'id eq "{ID}" and userName pr', "(contacts_contact_pkey|contact_of_connection) "),
        ('displayName eq "person 7 1"', "contact_by_name"),
        ('displayName sw "PERSON 77"', "contact_by_name_prefix"),
        ('displayName sw "Person 77" and active eq true', "contact_by_name_prefix"),
    ],
)
def test_who_is_looked_up_is_found_by_an_index(crowd: Scim, condition: str, index: str) -> None:
    """R13, and what Okta and SailPoint ask: no row is read that the condition does not name."""
    plan = asked(crowd, filter=condition)
    assert "Seq Scan" not in plan, plan
    assert re.search(f"on {index}|using {index}", plan), plan


@pytest.mark.parametrize(
    ("sort_by", "index"),
    [
        ("", "(contact_of_connection|contacts_contact_pkey) "),  # as the ids of connections mingle or not
        ("userName", "contact_by_user_name "),
        ("displayName", "contact_by_name "),
    ],
)
def test_a_page_by_cursor_begins_where_the_last_one_ended(crowd: Scim, sort_by: str, index: str) -> None:
    """RFC 9865: the index is entered at the row, and read no further than the page."""
    order = {"sortBy": sort_by} if sort_by else {}
    cursor = crowd.get(f"/Users?{urlencode({'cursor': '', 'count': 20, **order})}").json()["nextCursor"]
    plan = asked(crowd, cursor=cursor, count=20, **order)
    assert "Seq Scan" not in plan, plan
    assert re.search(f"Index Scan using {index}", plan), plan
    assert "Index Cond" in plan, plan


def test_no_index_on_what_every_sync_touches() -> None:
    """One on any of these would end updates in place (HOT), and every sync would write every index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'contacts_contact'")
        indexes = [definition for (definition,) in cursor.fetchall()]
    assert len(indexes) > 5
    touched = ("updated_at", "last_synced_at", "version", "custom_fields", "entra_fields")
    assert [one for one in indexes if any(column in one for column in touched)] == []
