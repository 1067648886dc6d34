"""Of each trouble between Entra and the directory one, for a first look: what an admin meets on a bad day.

The people are of a second, made-up tenant, so that the simulated Entra finds its own as it left them.
"""

import uuid

from contacts import lifecycle
from contacts.draft import Change
from contacts.models import ActorKind, Contact
from contacts.values import Actor, Email, Sync, Values

from . import conflicts
from .log import Call
from .models import Connection

CONNECTION = "Fabrikam branch tenant"
DOMAIN = "fabrikam.example"


def make(agent: Actor, known: tuple[str, str]) -> None:
    """One contact of each status word (R42) and a conflict about the two `known` addresses (R15)."""
    tenant = _Tenant(Connection.objects.create(name=CONNECTION))
    tenant.push("Dana Departed", active=False)
    away = tenant.push("Olly Outofstep", active=False)
    lifecycle.restore(contact=lifecycle.lock(away.pk), actor=agent)
    tenant.push("Perry Partly", unapplied={"cf_support_tier": "Platinum is none of its options"})
    tenant.fail(tenant.push("Erin Error"), "address_taken")
    tenant.stumble("Chris Conflict", *known)


class _Tenant:
    """A connection, and what it pushes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._actor = Actor(ActorKind.CONNECTION, connection.name)

    def push(self, name: str, *, active: bool = True, unapplied: dict[str, str] | None = None) -> Contact:
        values, call = _user(name), self._call("POST")
        sync = Sync(self._connection.pk, sent=frozenset(values), unapplied=unapplied or {})
        contact = self._logged(
            call, lifecycle.create_or_link(values=values, actor=self._actor, sync=sync), 201
        )
        if not active:
            locked, leaving = lifecycle.lock(contact.pk), Sync(self._connection.pk, active=False)
            change = lifecycle.update(contact=locked, values={}, actor=self._actor, sync=leaving)
            self._logged(self._call("PATCH"), change, 200)
        return contact

    def fail(self, contact: Contact, reason: str) -> None:
        lifecycle.note_failure(contact.pk)
        call = self._call("PATCH")
        call.contact_id = contact.pk
        call.failed(status=409, reason=reason)

    def stumble(self, name: str, user_name: str, address: str) -> None:
        """A new user who may be either of two contacts."""
        values = _user(name) | Values(user_name=user_name, emails=[_work(address)])
        self._call("POST").failed(status=409, reason="ambiguous_match")
        conflicts.record(conflicts.Attempt(self._connection, values), "ambiguous_match")

    def _call(self, method: str) -> Call:
        return Call(method, self._connection)

    def _logged(self, call: Call, change: Change, status: int) -> Contact:
        call.succeeded(change, status=status).save()
        return change.contact


def _user(name: str) -> Values:
    address = f"{name.lower().replace(' ', '.')}@{DOMAIN}"
    return Values(name=name, user_name=address, external_id=str(uuid.uuid4()), emails=[_work(address)])


def _work(address: str) -> Email:
    return Email(address, primary=True, scim_type="work")
