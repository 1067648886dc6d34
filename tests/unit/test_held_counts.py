"""The number of contacts that a connection holds is kept by the database, whoever changes a contact."""

from collections.abc import Callable

import pytest

from contacts.models import Contact
from deskscim.provisioning.models import Connection, HeldCount
from tests.factories import ConnectionFactory, ContactFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def connection() -> Connection:
    """Holds three of five contacts."""
    found = ConnectionFactory()
    ContactFactory.create_batch(3, linked=True, connection=found)
    ContactFactory.create_batch(2)
    return found


def test_what_is_made_is_counted(connection: Connection) -> None:
    assert HeldCount.total(connection.pk) == 3


def test_a_connection_that_holds_nobody() -> None:
    assert HeldCount.total(ConnectionFactory().pk) == 0


def held(connection: Connection) -> Contact:
    return Contact.objects.filter(connection=connection)[0]


CHANGES: dict[str, Callable[[Connection], object]] = {
    "erased": lambda connection: held(connection).delete(),
    "all erased": lambda connection: Contact.objects.all().delete(),
    "link cut": lambda connection: Contact.objects.filter(pk=held(connection).pk).update(
        connection=None, external_id=""
    ),
    "moved": lambda connection: Contact.objects.filter(connection=connection).update(
        connection=ConnectionFactory()
    ),
    "linked": lambda connection: Contact.objects.filter(connection=None).update(connection=connection),
    "changed otherwise": lambda connection: Contact.objects.update(title="Cook", connection=connection),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_counted(connection: Connection, name: str) -> None:
    """RFC 7644 3.4.2.4: totalResults is right without counting."""
    CHANGES[name](connection)
    for one in Connection.objects.all():
        assert HeldCount.total(one.pk) == Contact.objects.filter(connection=one).count()
