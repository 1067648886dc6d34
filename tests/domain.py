"""Short ways to ask the lifecycle for something, as a connection or as an agent does."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

from django.db import connection as database
from django.db import transaction

from contacts import lifecycle, tickets
from contacts.draft import Change
from contacts.models import ActorKind, Contact, Ticket, TimelineEntry
from contacts.values import Actor, Email, Sync, Values
from deskscim.provisioning.models import Connection

ENTRA = Actor(ActorKind.CONNECTION, "Northwind tenant")
AGENT = Actor(ActorKind.AGENT, "Ada Agent")

Step: TypeAlias = Callable[[Contact], Change]


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


@transaction.atomic
def push(
    connection: Connection,
    user_name: str,
    *,
    external_id: str = "",
    emails: Sequence[Email] | None = None,
    active: bool | None = None,
    **values: Any,
) -> Change:
    """POST: a user whom `connection` sends for the first time, under a new externalId unless given.

    In a transaction, so that rows are locked and not only guarded by their version.
    """
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


def _locked(step: Callable[..., Any], contact: Contact, actor: Actor, **said: Any) -> Any:
    with transaction.atomic():
        return step(contact=lifecycle.lock(contact.pk), actor=actor, **said)


def agent_deletes(contact: Contact) -> Change:
    """Into Deleted Contacts."""
    return cast(Change, _locked(lifecycle.soft_delete, contact, AGENT))


def agent_restores(contact: Contact) -> Change:
    """Out of Deleted Contacts."""
    return cast(Change, _locked(lifecycle.restore, contact, AGENT))


def agent_suspends(contact: Contact) -> Change:
    """Into the tab Suspended."""
    return cast(Change, _locked(lifecycle.suspend, contact, AGENT))


def agent_unsuspends(contact: Contact) -> Change:
    """Out of the tab Suspended."""
    return cast(Change, _locked(lifecycle.unsuspend, contact, AGENT))


def agent_erases(contact: Contact) -> None:
    """Delete Forever."""
    _locked(lifecycle.erase, contact, AGENT)


def agent_marks(ticket: Ticket) -> Ticket:
    """Spam, says an agent."""
    return tickets.mark_spam(ticket_id=ticket.pk, actor=AGENT)


def entra_deactivates(contact: Contact) -> Change:
    """PATCH active false."""
    return entra_writes(contact, active=False)


def entra_reactivates(contact: Contact) -> Change:
    """PATCH active true."""
    return entra_writes(contact, active=True)


def entra_deletes(contact: Contact, **said: Any) -> Change:
    """DELETE."""
    return cast(Change, _locked(lifecycle.unlink, contact, ENTRA, **said))


def stored(contact: Contact) -> Contact:
    """The row, read anew."""
    return Contact.objects.get(pk=contact.pk)


def tab_of(contact: Contact) -> str:
    """The tab of the portal that shows the contact; it is in one and no more."""
    tabs = {
        "all": Contact.objects.active(),
        "suspended": Contact.objects.suspended(),
        "deleted": Contact.objects.deleted(),
    }
    (tab,) = [name for name, rows in tabs.items() if rows.filter(pk=contact.pk).exists()]
    return tab


def causes(contact: Contact) -> list[str]:
    """Why each ticket of the contact is spam, the oldest first."""
    return list(Ticket.objects.filter(contact=contact).order_by("id").values_list("spam_cause", flat=True))


def addresses_of(contact: Contact) -> list[str]:
    """The addresses in the database, the primary first."""
    return list(Contact.objects.get(pk=contact.pk).addresses.values_list("address", flat=True))


def timeline_of(contact: Contact) -> list[tuple[str, dict[str, Any]]]:
    """(action, changes) of each line, the oldest first."""
    lines = TimelineEntry.objects.filter(contact=contact).order_by("id")
    return list(lines.values_list("action", "changes"))


def whole_database() -> str:
    """Every value of every table, as one text."""
    with database.cursor() as cursor:
        rows: list[Any] = []
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return repr(rows)
