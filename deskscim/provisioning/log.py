"""The provisioning log, written at the edge: one call, one entry, with the outcome the caller saw (R44)."""

import uuid
from dataclasses import dataclass, field
from time import perf_counter

from django.db import IntegrityError
from django.utils import timezone

from contacts.draft import Change
from contacts.models import Action

from .models import Connection, LogEntry

# What a failed request set out to do.
_INTENDED = {
    "POST": Action.CREATED,
    "PUT": Action.UPDATED,
    "PATCH": Action.UPDATED,
    "DELETE": Action.DELETED,
}


@dataclass(slots=True)
class Call:
    """One request of a connection, from its arrival to its line in the log."""

    method: str
    connection: Connection | None = None
    contact_id: uuid.UUID | None = None
    ignored: int = 0
    reads: bool = False  # a POST that only asks
    started: float = field(default_factory=perf_counter)

    def succeeded(self, change: Change, *, status: int) -> LogEntry:
        """The entry of a write, to be written with it, so that neither stands without the other."""
        entry = self._entry(action=change.action, outcome=LogEntry.Outcome.SUCCESS, status=status)
        entry.contact_id, entry.notes = change.contact.pk, list(change.notes)
        return entry

    def failed(self, *, status: int, reason: str) -> None:
        """Log a failure of a known connection, after its transaction was rolled back."""
        action = Action.NOTHING if self.reads else _INTENDED.get(self.method, Action.NOTHING)
        entry = self._entry(action=action, outcome=LogEntry.Outcome.FAILURE, status=status, reason=reason)
        try:
            entry.save()
        except IntegrityError:  # the contact was erased since the request looked
            entry.contact_id = None
            entry.save()

    def _entry(self, **columns: object) -> LogEntry:
        return LogEntry(
            at=timezone.now(),
            connection=self.connection,
            contact_id=self.contact_id,
            method=self.method[:7],
            ignored=self.ignored,
            duration_ms=round((perf_counter() - self.started) * 1000, 3),
            **columns,
        )
