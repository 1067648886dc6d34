"""A helpdesk of any size, made by the database itself: companies, contacts that one connection holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.db.models import Model

from companies.models import CompanyDomain
from contacts import lifecycle
from contacts.models import ActorKind, Contact, ContactAddress
from contacts.values import Actor, Email, Sync
from deskscim.provisioning.models import Connection, Token
from deskscim.provisioning.scim import cursors
from tests.factories import CompanyFactory, ContactFieldFactory

COMPANIES = 1000
ACTOR = Actor(ActorKind.CONNECTION, "Benchmark")


def id_of(number: int) -> UUID:
    """The id of the contact with this number, growing as UUIDv7 does."""
    return UUID(f"01900000-0000-7000-8000-{number:012x}")


def login_of(number: int) -> str:
    """Its userName and work e-mail."""
    return f"user{number}@company{number % COMPANIES}.example"


def cursor_after(number: int) -> str:
    """The cursor of the page behind this contact, in the list of everybody."""
    connection = Connection.objects.values_list("pk", flat=True)[0]
    return cursors.sealed([connection, None, "", False], None, id_of(number))


def backend() -> int:
    """The process of PostgreSQL that serves this one."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def load(contacts: int, **expressions: str) -> str:
    """Fill an empty database; the secret of a token for the connection that holds everybody.

    `expressions` are SQL for columns in which contacts differ, by their number n.
    """
    connection = Connection.objects.create(name="Benchmark")
    _, secret = Token.issue(name="Benchmark", connection=connection)
    ContactFieldFactory(api_name="cf_country")
    for number in range(COMPANIES):
        company = CompanyFactory(name=f"Company {number}")
        CompanyDomain.objects.create(company=company, domain=f"company{number}.example")
    pattern = _pattern(connection)
    with _without_search_index():
        _multiply(pattern, contacts, expressions)
    settle()
    return secret


@contextmanager
def _without_search_index() -> Iterator[None]:
    """The trigram index is made at the end, at once, which takes a tenth of the time."""
    with database.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_text_words'")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX search_text_words")
        yield
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(definition)


def settle() -> None:
    """What PostgreSQL does by itself, in time."""
    with database.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _pattern(connection: Connection) -> Contact:
    """One contact as the product itself makes it; the others are like it."""
    login = "pattern@company0.example"
    change = lifecycle.create_or_link(
        values={
            "name": "Uma Example",
            "given_name": "Uma",
            "family_name": "Example",
            "title": "Cook",
            "department": "Kitchen",
            "phone": "+31 20 000 0000",
            "user_name": login,
            "external_id": "pattern",
            "emails": [Email(login, primary=True, scim_type="work")],
            "custom_fields": {"cf_country": "NL"},
        },
        actor=ACTOR,
        sync=Sync(connection_id=connection.pk),
    )
    return change.contact


def _multiply(pattern: Contact, number: int, expressions: dict[str, str]) -> None:
    login = f"'user' || n || '@company' || mod(n, {COMPANIES}) || '.example'"
    domain = f"'company' || mod(n, {COMPANIES}) || '.example'"
    first = CompanyDomain.objects.order_by("company_id")[0].company_id
    own = {
        "id": contact_id(),
        "external_id": "'external-' || n",
        "user_name": login,
        "user_name_key": login,
        "domain": domain,
        "company_id": f"{first} + mod(n, {COMPANIES})",
        "name": "'Uma Example ' || n",
    }
    copies(Contact, pattern.pk, number, **(own | expressions))
    address = ContactAddress.objects.get(contact=pattern)
    copies(
        ContactAddress,
        address.pk,
        number,
        id=f"{address.pk} + n",
        contact_id=contact_id(),
        address=login,
        address_key=login,
        domain=domain,
    )
    with database.cursor() as cursor:
        sequence = "pg_get_serial_sequence('contacts_contactaddress', 'id')"
        cursor.execute(f"SELECT setval({sequence}, {number} + 1000)")


def contact_id(n: str = "n") -> str:
    """SQL: `id_of` this expression."""
    return f"('01900000-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"


def copies(model: type[Model], pattern: Any, number: int, **expressions: str) -> None:
    """So many rows like the pattern, but for the columns that these expressions give by their number n."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    values = ", ".join(expressions.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    with database.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, %s) n"
            f" WHERE {table}.id = %s",
            [number, pattern],
        )
