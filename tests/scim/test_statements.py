"""How many statements each SCIM request costs; none grows with the number of contacts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import CompanyFactory, ContactFieldFactory

from .conftest import CUSTOM, Scim

pytestmark = pytest.mark.django_db

BOOKKEEPING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def statements(call: Callable[[], Any]) -> list[str]:
    """The SQL statements of one successful request, without the marks of transactions."""
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code < 300, answer.content
    return [query["sql"] for query in captured if not query["sql"].startswith(BOOKKEEPING)]


def writes(sql: list[str], table: str) -> int:
    """How often they change rows of `table`; PostgreSQL takes several tables in one statement."""
    return sum(one.count(f'UPDATE "{table}"') + one.count(f'INSERT INTO "{table}"') for one in sql)


@pytest.mark.parametrize(
    "condition",
    [
        'externalId eq "e1"',
        'userName eq "ANN@northwind.example"',
        'emails[type eq "work"].value eq "ann@northwind.example"',
    ],
)
def test_a_match_costs_the_token_and_the_contact_with_its_addresses(scim: Scim, condition: str) -> None:
    """R13: Entra asks this for every person of every cycle."""
    scim.created(login="ann", externalId="e1")
    query, headers = {"filter": condition}, {"Authorization": f"Bearer {scim.secret}"}
    assert len(statements(lambda: scim.client.get("/entra/Users", query, headers=headers))) == 2


def test_reading_one(scim: Scim) -> None:
    """Token, contact with its addresses."""
    contact = scim.created()
    assert len(statements(lambda: scim.get(f"/Users/{contact.pk}"))) == 2


def test_a_list_costs_the_same_for_three_and_for_thirty(scim: Scim) -> None:
    """Token, contacts with their addresses; a full page also a count."""
    for _ in range(3):
        scim.created()
    few = len(statements(lambda: scim.get("/Users")))
    for _ in range(27):
        scim.created()
    assert (few, len(statements(lambda: scim.get("/Users")))) == (2, 2)
    assert len(statements(lambda: scim.get("/Users?startIndex=11&count=10"))) == 3


def test_creating(scim: Scim) -> None:
    """One INSERT each into contacts, addresses, timeline and log; the rest are look-ups by index."""
    CompanyFactory(domains=["northwind.example"])
    sql = statements(scim.post)
    tables = (
        "contacts_contact",
        "contacts_contactaddress",
        "contacts_timelineentry",
        "provisioning_logentry",
    )
    assert [writes(sql, table) for table in tables] == [1, 1, 1, 1]
    assert len(sql) == {"sqlite": 8, "postgresql": 4}[connection.vendor]


@pytest.mark.parametrize("count", [1, 6])
def test_one_update_a_patch_however_many_operations(scim: Scim, count: int) -> None:
    """One UPDATE per changed row and request."""
    contact = scim.created()
    paths = [
        "title",
        "displayName",
        "name.givenName",
        "name.familyName",
        'phoneNumbers[type eq "work"].value',
        "active",
    ]
    operations = [
        {"op": "Replace", "path": path, "value": "True" if path == "active" else "New"}
        for path in paths[:count]
    ]
    sql = statements(lambda: scim.patch(contact.pk, *operations))
    assert writes(sql, "contacts_contact") == 1


def test_patching_the_title(scim: Scim) -> None:
    """Token, contact with its addresses, contact fields; UPDATE, timeline, log (PostgreSQL: together)."""
    contact = scim.created()
    sql = statements(lambda: scim.replace(contact.pk, "title", "Cook"))
    assert len(sql) == {"sqlite": 6, "postgresql": 4}[connection.vendor]


def test_a_patch_that_changes_nothing_writes_the_row_and_the_log_only(scim: Scim) -> None:
    """R24: last synced moves; no line in the timeline."""
    contact = scim.created(title="Cook")
    sql = statements(lambda: scim.replace(contact.pk, "title", "Cook"))
    assert writes(sql, "contacts_timelineentry") == 0
    assert writes(sql, "contacts_contact") == 1


def test_deactivating_touches_contact_and_tickets_once(scim: Scim) -> None:
    """R26, R27."""
    contact = scim.created()
    sql = statements(lambda: scim.replace(contact.pk, "active", "False"))
    assert (writes(sql, "contacts_contact"), writes(sql, "contacts_ticket")) == (1, 1)


def test_contact_fields_do_not_cost_more(scim: Scim) -> None:
    """Their definitions are read once, their values stand in the contact's row."""
    contact = scim.created()
    before = len(statements(lambda: scim.replace(contact.pk, "title", "Cook")))
    for _ in range(10):
        ContactFieldFactory()
    assert len(statements(lambda: scim.replace(contact.pk, "title", "Chef"))) == before


def test_a_list_with_custom_values_reads_their_fields_once(scim: Scim) -> None:
    """However many contacts have some."""
    ContactFieldFactory(api_name="cf_country")
    for _ in range(5):
        scim.created(**{CUSTOM: {"cf_country": "Malta"}})
    assert len(statements(lambda: scim.get("/Users"))) == 3


@pytest.mark.postgres
def test_postgresql_plans_once_what_every_sync_repeats(scim: Scim) -> None:
    """The same look-up and the same change, sent again, are known to PostgreSQL by a name."""
    contact = scim.created()
    for number in range(5):
        scim.get(f"/Users/{contact.pk}")
        scim.replace(contact.pk, "title", f"Cook {number}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE generic_plans + custom_plans > 1")
        known = [statement for (statement,) in cursor.fetchall()]
    assert any(one.startswith("SELECT") and 'FROM "contacts_contact"' in one for one in known)
    assert any('UPDATE "contacts_contact"' in one for one in known)
