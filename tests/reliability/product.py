"""The product as the property test drives and reads it: Entra over HTTP, agents through the lifecycle."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.test import Client

from companies.models import Company
from companies.services import create_company, update_company
from contacts import fields, lifecycle, tickets
from contacts.errors import ContactError
from contacts.models import Contact, ContactField, Ticket
from contacts.values import Email, Values
from deskscim.provisioning.models import Connection, LogEntry, Token
from tests.domain import AGENT, agent_writes
from tests.reliability.dialects import operations, user
from tests.reliability.reference.state import TEXTS, Field
from tests.reliability.reference.state import Company as CompanyModel
from tests.reliability.reference.state import Connection as ConnectionModel
from tests.reliability.reference.values import Said


@dataclass
class Tenant:
    """One connection and a way to call /entra as it."""

    connection: Connection
    client: Client

    @classmethod
    def create(cls, name: str) -> "Tenant":
        """A saved connection with a token that was used already."""
        connection = Connection.objects.create(name=name)
        _, secret = Token.issue(name="Test", connection=connection)
        tenant = cls(connection, Client(headers={"Authorization": f"Bearer {secret}"}))
        tenant.client.get("/entra/ServiceProviderConfig")
        return tenant

    def configure(self, wanted: ConnectionModel) -> None:
        """What an admin sets."""
        self.connection.company = Company.objects.filter(name=wanted.company).first()
        self.connection.tickets_on_delete = "keep" if wanted.keeps_tickets else "spam"
        self.connection.strict_custom_fields = wanted.strict
        self.connection.may_create_companies = wanted.may_create_companies
        self.connection.save()

    def _send(self, method: str, path: str, body: object = None) -> Any:
        content = json.dumps(body) if body is not None else ""
        return self.client.generic(method, f"/entra/Users{path}", content, "application/scim+json")

    def post(self, said: Said) -> Any:
        """POST."""
        return self._send("POST", "", user(said))

    def put(self, user_id: str, said: Said) -> Any:
        """PUT."""
        return self._send("PUT", f"/{user_id}", user(said))

    def patch(self, user_id: str, said: Said, dialect: str) -> Any:
        """PATCH."""
        return self._send("PATCH", f"/{user_id}", {"Operations": operations(said, dialect)})

    def delete(self, user_id: str) -> Any:
        """DELETE."""
        return self._send("DELETE", f"/{user_id}")

    def read(self, user_id: str) -> Any:
        """GET by id."""
        return self._send("GET", f"/{user_id}")

    def find(self, condition: str = "") -> Any:
        """GET of the list, filtered if asked."""
        return self.client.get("/entra/Users", {"filter": condition} if condition else {})


def create(name: str, addresses: list[str]) -> str | None:
    """An agent's new contact; None when it is refused."""
    values = Values(name=name)
    if addresses:
        values["emails"] = [Email(one, primary=n == 0) for n, one in enumerate(addresses)]
    try:
        return str(lifecycle.create(values=values, actor=AGENT).contact.pk)
    except ContactError:
        return None


def edit(contact_id: str, wanted: dict[str, Any]) -> bool:
    """An agent saves the form; whether it was taken."""
    values = {name: value for name, value in wanted.items() if name != "addresses"}
    if "addresses" in wanted:
        values["emails"] = [Email(one, primary=n == 0) for n, one in enumerate(wanted["addresses"])]
    if values.get("company"):
        values["company"] = Company.objects.get(name=values["company"])
    return taken(agent_writes, Contact(pk=contact_id), **values)


def taken(step: Any, *args: Any, **said: Any) -> bool:
    """Whether the lifecycle carried the step out."""
    try:
        step(*args, **said)
    except ContactError:
        return False
    return True


def open_ticket(contact_id: str) -> None:
    """A new ticket."""
    tickets.open_ticket(contact=lifecycle.lock(Contact(pk=contact_id).pk), subject="Help")


def ticket_of(contact_id: str, number: int) -> Ticket:
    """The ticket of that number, the oldest first."""
    return Ticket.objects.filter(contact_id=contact_id).order_by("id")[number]


def define_fields(wanted: dict[str, Field]) -> None:
    """Contact fields of these API names."""
    for name, one in wanted.items():
        fields.define(label=name, field_type=one.kind, options=one.options, api_name=name)


def define_company(wanted: CompanyModel) -> None:
    """A company with its domains, new or known."""
    known = Company.objects.filter(name=wanted.name).first()
    details = {"name": wanted.name}
    if known is None:
        create_company(details=details, domains=wanted.domains)
    else:
        update_company(company_id=known.pk, details=details, domains=wanted.domains)


def switch_field(name: str, *, active: bool) -> None:
    """What an admin does to a contact field."""
    field = ContactField.objects.get(api_name=name)
    fields.switch(ContactField.objects.filter(pk=field.pk), active=active)


def step(act: Any, contact_id: str) -> bool:
    """A step of an agent that takes nothing but the contact; whether it was taken."""
    return taken(act, Contact(pk=contact_id))


@dataclass(frozen=True)
class Stored:
    """What the tables hold of one contact, in the model's words, and when it changed and synced."""

    facts: dict[str, Any]
    changed: datetime
    synced: datetime | None


def stored() -> dict[str, Stored]:
    """Every contact by its id."""
    rows = Contact.objects.select_related("company", "connection")
    rows = rows.prefetch_related("addresses", "tickets", "timeline")
    return {str(one.pk): Stored(_facts(one), one.updated_at, one.last_synced_at) for one in rows}


def _facts(one: Contact) -> dict[str, Any]:
    addresses = sorted(one.addresses.all(), key=lambda row: row.pk)
    lines = sorted(one.timeline.all(), key=lambda line: line.pk)
    return {
        "texts": {column: getattr(one, column) for column in TEXTS},
        "addresses": [(row.address, row.scim_type, row.is_primary, row.scim_primary) for row in addresses],
        "custom": one.custom_fields,
        "company": (one.company.name if one.company else None, one.company_source),
        "connection": one.connection.name if one.connection else None,
        "state": (one.verified, one.deleted_by, one.suspended_at is not None, one.entra_active),
        "status": str(one.sync_status),
        "partly": set(one.unapplied),
        "managed": set(one.entra_fields),
        "tickets": [row.spam_cause for row in sorted(one.tickets.all(), key=lambda row: row.pk)],
        "lines": [(line.action, line.changes) for line in lines],
    }


def logged() -> tuple[int, str]:
    """The status and action of the newest entry of the provisioning log (R44)."""
    entry = LogEntry.objects.latest("id")
    return entry.status, entry.action
