"""The provisioning log, written at the edge: one call, one entry, with the outcome the caller saw (R44)."""

import uuid
from dataclasses import dataclass, field
from time import perf_counter

from django.utils import timezone

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

    def succeeded(self, *, status: int, action: Action, notes: tuple[str, ...]) -> None:
        """Log a write; call it in the transaction of the write, so that neither stands without the other."""
        self._write(action=action, outcome=LogEntry.Outcome.SUCCESS, status=status, notes=list(notes))

    def failed(self, *, status: int, reason: str) -> None:
        """Log a failure of a known connection, after its transaction was rolled back."""
        action = Action.NOTHING if self.reads else _INTENDED.get(self.method, Action.NOTHING)
        self._write(action=action, outcome=LogEntry.Outcome.FAILURE, status=status, reason=reason)

    def _write(self, **columns: object) -> None:
        LogEntry.objects.create(
            at=timezone.now(),
            connection=self.connection,
            contact_id=self.contact_id,
            method=self.method[:7],
            ignored=self.ignored,
            duration_ms=round((perf_counter() - self.started) * 1000, 3),
            **columns,
        )
