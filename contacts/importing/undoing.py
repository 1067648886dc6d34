"""Taking an import back, its last row first: the new contacts go, the others get their old values back.

What anybody did to a contact in between counts for more, and so does what Entra ID manages (R25).
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contacts import lifecycle
from contacts.errors import ContactError
from contacts.models import Contact, ContactField
from contacts.values import Actor
from deskscim.jobs.models import JobLine
from deskscim.jobs.running import Running

from .restoring import put_back

CHUNK = 1000


def undo(job: Running) -> None:
    """Each row that was written, in chunks: first those of new contacts, which go together."""
    lines = JobLine.objects.filter(job=job.job.undoes, outcome=JobLine.Outcome.DONE)
    job.expect(lines.count())
    labels = dict(ContactField.objects.values_list("api_name", "label"))
    for chunk in _chunks(job, lines):
        done = job.has_done([line.subject for line in chunk])
        left = [line for line in chunk if line.subject not in done]
        _take_away(job, [line for line in left if not _is_update(line)])
        for line in filter(_is_update, left):
            _take_back(job, line, labels)
        job.keep(chunk[-1].pk)


def _chunks(job: Running, lines: QuerySet[JobLine]) -> Iterator[list[JobLine]]:
    """From the checkpoint on, until there are none or somebody wants the job to stop."""
    while not job.is_cancelled:
        ahead = lines.filter(pk__lt=job.checkpoint) if job.checkpoint else lines
        chunk = list(ahead.order_by("-pk")[:CHUNK])
        if not chunk:
            return
        yield chunk


def _is_update(line: JobLine) -> bool:
    return "at" in line.before


def _take_away(job: Running, lines: Sequence[JobLine]) -> None:
    """The new contacts, but for those that became more than the import made them."""
    rows = {uuid.UUID(line.before["contact"]): line.subject for line in lines}
    with transaction.atomic():
        gone = lifecycle.withdraw(contact_ids=rows)
        job.record_many({rows[pk]: None for pk in gone})
    job.advance(len(gone))
    stay = rows.keys() - gone
    connections = dict(Contact.objects.filter(pk__in=stay).values_list("pk", "connection"))
    for pk in stay:
        job.refuse(rows[pk], _why_it_stays(pk, connections))


def _why_it_stays(pk: uuid.UUID, connections: Mapping[uuid.UUID, int | None]) -> str:
    if pk not in connections:
        return _("The contact is gone.")
    if connections[pk]:
        return _("Entra ID holds the contact by now, so it stays.")
    return _("Somebody has worked with the contact since the import, so it stays.")


def _take_back(job: Running, line: JobLine, labels: Mapping[str, str]) -> None:
    """The values from before, of one contact; if not all of them, its row is told with what stays."""
    try:
        with transaction.atomic():
            contact = lifecycle.lock(uuid.UUID(line.before["contact"]))
            left = put_back(contact, line.before, Actor.agent(job.agent), labels)
            if not left:
                job.record(line.subject)
    except Contact.DoesNotExist:
        left = _("The contact is gone.")
    except ContactError as refused:
        left = str(refused)
    if left:
        job.refuse(line.subject, left)
    else:
        job.advance()
