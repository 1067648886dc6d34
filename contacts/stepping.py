"""Steps of a job on many contacts, and back (deskscim.jobs).

Each contact in a transaction of its own, with the line of the job that tells of it: one that is refused does
not hold up the others, and a worker that dies leaves nobody between two states. A chunk is read by one query
and guarded by versions; a contact that has changed meanwhile is read again, locked.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from deskscim.jobs.models import Job, JobLine
from deskscim.jobs.running import Running

from . import lifecycle
from .errors import ContactError, Overtaken
from .models import Contact
from .values import Actor

CHUNK = 100  # contacts from one checkpoint to the next

# Leads a contact one step on; what undoing it needs to know. Raises ContactError.
Step: TypeAlias = Callable[[lifecycle.LockedContact], Any]
# Takes a contact one step back; was: what the step forward kept for it.
StepBack: TypeAlias = Callable[[lifecycle.LockedContact, Any, Actor], Any]


def step_back(job: Running, step: StepBack, *, besides: str = "") -> None:
    """One step for each contact that the undone job did something to; `besides` is the line of no contact."""
    actor = Actor.agent(job.agent)
    lines = JobLine.objects.filter(job=job.job.undoes, outcome=JobLine.Outcome.DONE).exclude(subject=besides)
    last = job.checkpoint or 0
    while found := list(lines.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = found[-1].pk
        steps = [(uuid.UUID(line.subject), partial(_undo, step, line.before, actor)) for line in found]
        if not step_each(job, steps, last):
            return


def _undo(step: StepBack, was: Any, actor: Actor, contact: lifecycle.LockedContact) -> None:
    step(contact, was, actor)


def step_each(job: Running, steps: Sequence[tuple[uuid.UUID, Step]], checkpoint: object) -> bool:
    """One chunk, up to its checkpoint; False when somebody wants the job to stop."""
    is_again = job.job.attempts > 1
    done = job.has_done([str(pk) for pk, _step in steps]) if is_again else set()
    people = _read(pk for pk, _step in steps)
    for pk, step in steps:
        if job.is_cancelled:
            return False
        if str(pk) not in done:
            _one(job, pk, people.get(pk), step)
    job.keep(checkpoint)
    return True


def _read(pks: Iterable[uuid.UUID]) -> dict[uuid.UUID, Contact]:
    found = Contact.objects.filter(pk__in=list(pks)).select_related("company").prefetch_related("addresses")
    return {contact.pk: contact for contact in found}


def _one(job: Running, pk: uuid.UUID, contact: Contact | None, step: Step) -> None:
    try:
        if contact is None or not _unless_overtaken(job, lifecycle.guarded(contact), step):
            with transaction.atomic():
                job.record(pk, step(lifecycle.lock(pk)))
    except Contact.DoesNotExist:
        job.refuse(pk, _("The contact is gone."))
    except ContactError as refused:
        job.refuse(pk, str(refused))
    else:
        job.advance()


def _unless_overtaken(job: Running, contact: lifecycle.LockedContact, step: Step) -> bool:
    try:
        with transaction.atomic():
            job.record(contact.pk, step(contact))
    except Overtaken:
        return False
    return True


def describe(job: Job, lines: Sequence[JobLine]) -> dict[str, tuple[str, str]]:
    """The name and the page of each contact that still exists."""
    return named([line.subject for line in lines])


def named(pks: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The same, for contacts by their ids."""
    found = Contact.objects.filter(pk__in=pks).values_list("pk", "name")
    return {str(pk): (name, reverse("contacts:detail", args=[pk])) for pk, name in found}
