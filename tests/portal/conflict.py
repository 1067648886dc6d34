"""Entries of the queue of conflicts, written as the edge of SCIM writes them."""

import itertools
from typing import Any, cast

from contacts.models import Contact
from contacts.values import Email, Values
from deskscim.provisioning import conflicts, deciding
from deskscim.provisioning.models import Conflict, Connection
from tests.factories import ConnectionFactory, ContactFactory

_numbers = itertools.count()


def refused(
    connection: Connection,
    reason: str,
    emails: tuple[str, ...],
    own: Contact | None = None,
    **values: Any,
) -> Conflict:
    """The entry of a user of `connection` who wants these addresses."""
    wanted = {"emails": [Email(address, scim_type="work") for address in emails], **values}
    attempt = conflicts.Attempt(connection, cast(Values, wanted), own.pk if own else None)
    conflicts.record(attempt, reason)
    return Conflict.objects.latest("id")


def ambiguous() -> tuple[Conflict, Contact, Contact]:
    """A user who could be either of two contacts."""
    number = next(_numbers)
    first = ContactFactory(name="Una Sample", title="Cook", emails=[f"una{number}@northwind.example"])
    second = ContactFactory(name="U. Sample", emails=[f"u.sample{number}@northwind.example"])
    entry = refused(
        ConnectionFactory(),
        "ambiguous_match",
        (f"una{number}@northwind.example",),
        name="Una Example",
        user_name=f"u.sample{number}@northwind.example",
        external_id=f"e-{number}",
        title="Cook",
    )
    return entry, first, second


def taken(**holder: Any) -> tuple[Conflict, Contact]:
    """A user whose address somebody holds."""
    number = next(_numbers)
    address = f"taken{number}@northwind.example"
    contact = ContactFactory(name="Hal Sample", emails=[address], **holder)
    connection = contact.connection or ConnectionFactory()
    entry = refused(
        connection,
        "address_taken",
        (address,),
        name="Tess Example",
        user_name=f"tess{number}@northwind.example",
        external_id=f"e-{number}",
    )
    return entry, contact


def version_of(entry: Conflict) -> str:
    """What the form would carry."""
    return deciding.Seen.of(entry).version
