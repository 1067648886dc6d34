"""Short ways to ask the lifecycle for something, as a connection or as an agent does."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django.db import transaction

from contacts import lifecycle
from contacts.draft import Change
from contacts.models import ActorKind, Contact, TimelineEntry
from contacts.values import Actor, Email, Sync, Values
from deskscim.provisioning.models import Connection

ENTRA = Actor(ActorKind.CONNECTION, "Northwind tenant")
AGENT = Actor(ActorKind.AGENT, "Ada Agent")


def work(address: str) -> list[Email]:
    """One work address, as Entra's default mapping sends it."""
    return [Email(address, primary=True, scim_type="work")]


def sync_of(connection: Connection, **said: Any) -> Sync:
    """What the SCIM adapter adds to a write of `connection`."""
    return Sync(
        connection_id=connection.pk,
        company=connection.company,
        may_create_companies=connection.may_create_companies,
        keep_tickets=connection.tickets_on_delete == Connection.Tickets.KEEP,
        **said,
    )


def push(
    connection: Connection,
    user_name: str,
    *,
    external_id: str = "",
    emails: Sequence[Email] | None = None,
    active: bool | None = None,
    **values: Any,
) -> Change:
    """POST: a user whom `connection` sends for the first time, under a new externalId unless given."""
    wanted = {"user_name": user_name, "external_id": external_id or str(uuid.uuid4()), **values}
    if emails is not None:
        wanted["emails"] = emails
    sync = sync_of(connection, active=active, sent=frozenset(wanted))
    return lifecycle.create_or_link(values=cast(Values, wanted), actor=ENTRA, sync=sync)


def entra_writes(contact: Contact, *, active: bool | None = None, **values: Any) -> Change:
    """PATCH: the connection that holds `contact` sends some attributes."""
    connection = Connection.objects.get(contacts=contact)
    sync = sync_of(connection, active=active, sent=frozenset(values))
    with transaction.atomic():
        locked = lifecycle.lock(contact.pk)
        return lifecycle.update(contact=locked, values=cast(Values, values), actor=ENTRA, sync=sync)


def agent_writes(contact: Contact, **values: Any) -> Change:
    """An agent saves the form."""
    with transaction.atomic():
        locked = lifecycle.lock(contact.pk)
        return lifecycle.update(contact=locked, values=cast(Values, values), actor=AGENT)


def addresses_of(contact: Contact) -> list[str]:
    """The addresses in the database, the primary first."""
    return list(Contact.objects.get(pk=contact.pk).addresses.values_list("address", flat=True))


def timeline_of(contact: Contact) -> list[tuple[str, dict[str, Any]]]:
    """(action, changes) of each line, the oldest first."""
    lines = TimelineEntry.objects.filter(contact=contact).order_by("id")
    return list(lines.values_list("action", "changes"))
