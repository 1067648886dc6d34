"""Taking an import back, its last row first: the new contacts go, the others get their old values back.

What anybody did to a contact in between counts for more, and so does what Entra ID manages (R25).
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contacts import lifecycle, words
from contacts.errors import ContactError
from contacts.models import Contact, ContactField
from contacts.values import Actor
from deskscim.jobs.models import JobLine
from deskscim.jobs.running import Running

from .restoring import put_back

CHUNK = 100


class Written(NamedTuple):
    """A row that the import wrote: its line of that job."""

    line: int
    row: str
    before: Any  # what the import kept of its contact

    @property
    def is_update(self) -> bool:
        """Whether its contact was there before."""
        return "at" in self.before


def undo(job: Running) -> None:
    """Each row that was written, in chunks, of which those of new contacts go together."""
    lines = JobLine.objects.filter(job=job.job.undoes, outcome=JobLine.Outcome.DONE)
    job.expect(lines.count())
    labels = dict(ContactField.objects.values_list("api_name", "label"))
    try:
        _undo(job, lines, labels)
    finally:
        words.forget()


def _undo(job: Running, lines: QuerySet[JobLine], labels: Mapping[str, str]) -> None:
    for chunk in _chunks(job, lines):
        done = job.has_done([one.row for one in chunk])
        left = [one for one in chunk if one.row not in done]
        _take_away(job, [one for one in left if not one.is_update])
        for one in left:
            if one.is_update:
                _take_back(job, one, labels)
        job.keep(chunk[-1].line)


def _chunks(job: Running, lines: QuerySet[JobLine]) -> Iterator[list[Written]]:
    """From the checkpoint on, until there are none or somebody wants the job to stop."""
    while not job.is_cancelled:
        ahead = lines.filter(pk__lt=job.checkpoint) if job.checkpoint else lines
        found = ahead.order_by("-pk").values_list("pk", "subject", "before")[:CHUNK]
        chunk = [Written(*one) for one in found]
        if not chunk:
            return
        yield chunk


def _take_away(job: Running, written: Sequence[Written]) -> None:
    """The new contacts, but for those that became more than the import made them."""
    rows = {uuid.UUID(one.before["contact"]): one.row for one in written}
    with transaction.atomic():
        gone = lifecycle.withdraw(contact_ids=rows)
        job.record_many({rows[pk]: None for pk in gone})
    job.advance(len(gone))
    stay = {pk: row for pk, row in rows.items() if pk not in gone}
    connections = dict(Contact.objects.filter(pk__in=stay).values_list("pk", "connection"))
    for pk, row in stay.items():
        job.refuse(row, _why_it_stays(pk, connections))


def _why_it_stays(pk: uuid.UUID, connections: Mapping[uuid.UUID, int | None]) -> str:
    if pk not in connections:
        return _("The contact is gone.")
    if connections[pk]:
        return _("Entra ID holds the contact by now, so it stays.")
    return _("Somebody has worked with the contact since the import, so it stays.")


def _take_back(job: Running, written: Written, labels: Mapping[str, str]) -> None:
    """The values from before, of one contact; if not all of them, its row is told with what stays."""
    try:
        with transaction.atomic():
            contact = lifecycle.lock(uuid.UUID(written.before["contact"]))
            left = put_back(contact, written.before, Actor.agent(job.agent), labels)
            if not left:
                job.record(written.row)
    except Contact.DoesNotExist:
        left = _("The contact is gone.")
    except ContactError as refused:
        left = str(refused)
    if left:
        job.refuse(written.row, left)
    else:
        job.advance()
