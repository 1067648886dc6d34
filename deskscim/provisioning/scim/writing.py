"""One write on users, whether a request of its own or an operation of a Bulk asked for it."""

import uuid
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from contacts import lifecycle, statements
from contacts.errors import Conflict, Overtaken
from contacts.models import Contact
from deskscim.provisioning import conflicts
from deskscim.provisioning.log import Call
from deskscim.provisioning.models import Connection

from .adapter import ContactAdapter
from .broken import drop_if_broken
from .errors import NotFound, ScimError, Uniqueness
from .patch import operations_of
from .preconditions import NONE, Preconditions

Adapt = Callable[[Contact], ContactAdapter]

ATTEMPTS = 3  # of a write that lost a race or a deadlock
STATUS = {"POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks for: its verb, the user ("" with POST), the body (read when its turn comes)."""

    method: str
    user_id: str
    body: Callable[[], dict[str, Any]]
    preconditions: Preconditions = NONE


class Write:
    """A write of one connection: one transaction, with the entry that the log keeps of it (R44)."""

    asked: Asked

    def __init__(self, ask: Callable[[], Asked], connection: Connection, call: Call, adapt: Adapt) -> None:
        self.ask = ask
        self.connection = connection
        self.call = call
        self.adapt = adapt
        self.attempt: conflicts.Attempt | None = None
        self.ruling: conflicts.Ruling | None = None

    def carry_out(self) -> ContactAdapter:
        """The user as it is then; a conflict is tried once more if an admin has decided who is who (R15).

        Raises a ScimError or an error of contacts, with nothing changed; `refused` is to be told of it.
        """
        self.asked = self.ask()
        try:
            return self._tried()
        except Conflict:
            self.ruling = conflicts.ruling(self.attempt) if self.attempt else None
            if self.ruling is None:
                raise
            return self._tried()

    def _tried(self) -> ContactAdapter:
        """Tried once more when another request was quicker, the last time with the row locked."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._once()
            except (Overtaken, Conflict, IntegrityError, OperationalError) as error:
                if not _is_race(error):
                    raise
                drop_if_broken()
        return self._once(locks=True)

    def _once(self, *, locks: bool = False) -> ContactAdapter:
        """One statement that reads and one that writes suffice mostly; what needs more is a transaction."""
        locks = locks or self.ruling is not None or self.connection.may_create_companies
        with transaction.atomic() if locks else nullcontext():
            adapter = self.adapt(Contact() if self.asked.method == "POST" else self._held(locks=locks))
            adapter.record = lambda change: self.call.succeeded(change, status=STATUS[self.asked.method])
            self._carry_out(adapter)
        return adapter

    def _carry_out(self, adapter: ContactAdapter) -> None:
        if self.asked.method == "DELETE":
            with transaction.atomic():
                adapter.delete()
            return
        self._take(adapter)
        self.call.ignored = adapter.ignored
        self.attempt = adapter.attempt()
        adapter.ruling = self.ruling
        with transaction.atomic() if adapter.is_renamed else nullcontext():
            adapter.save()
        if self.ruling:
            self.ruling.settle(adapter.obj)

    def _held(self, *, locks: bool) -> Contact:
        """The user as it is, its row locked or guarded by its version: of two writers one is too late.

        Raises NotFound for what this connection does not hold (R4, R28), and PreconditionFailed.
        """
        user_id = as_uuid(self.asked.user_id)
        if locks:
            contacts = Contact.objects.linked_to(self.connection.pk).select_for_update(of=("self",))
            contact = contacts.prefetch_related("addresses").filter(pk=user_id).first()
        else:
            contact = statements.held(self.connection.pk, user_id)
        self.call.contact_id = contact.pk if contact else None  # erased since an earlier attempt
        if contact is None:
            raise NotFound("There is no such user.")
        self.asked.preconditions.check(contact.version, writes=True)
        return contact

    def _take(self, adapter: ContactAdapter) -> None:
        body = self.asked.body()
        if self.asked.method == "PATCH":
            adapter.handle_operations(operations_of(body))
        else:
            adapter.from_dict(body)

    def refused(self, error: ScimError) -> None:
        """Log the refusal; the contact whose change was refused says so (R42), a conflict is queued (R15)."""
        if self.call.contact_id is not None:
            lifecycle.note_failure(self.call.contact_id)
        self.call.failed(status=error.status, reason=error.reason)
        if isinstance(error, Uniqueness) and self.attempt:
            conflicts.record(self.attempt, error.reason)


def as_uuid(text: str) -> uuid.UUID:
    """The id of a user. Raises NotFound for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("There is no such user.") from None


def _is_race(error: Exception) -> bool:
    """Whether trying again can help: a unique value taken or a lock lost since this request looked."""
    return isinstance(error, DatabaseError | Overtaken) or isinstance(error.__cause__, IntegrityError)
