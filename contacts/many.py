"""The tasks that carry a deed out on many contacts, and those that take it back (deskscim.jobs).

Each contact in a transaction of its own, with the line of the job that tells of it: one that is refused does
not hold up the others, and a worker that dies leaves nobody between two states. A chunk is read by one query
and guarded by versions; a contact that has changed meanwhile is read again, locked.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Company
from deskscim.jobs.models import JobLine
from deskscim.jobs.running import Running

from . import lifecycle
from .deeds import DEEDS, Chosen, Deed, company_state
from .errors import ContactError, InvalidTransition, Overtaken
from .models import Action, Contact
from .values import Actor

CHUNK = 100  # contacts from one checkpoint to the next

# Leads a contact one step on; what undoing it needs to know. Raises ContactError.
Step: TypeAlias = Callable[[lifecycle.LockedContact], Any]


def carry_out(job: Running) -> None:
    """The deed on each chosen contact."""
    deed, chosen = DEEDS[job.arguments["deed"]], Chosen.of(job.job)
    step = partial(_do, deed, deed.given(job.arguments), Actor.agent(job.agent))
    if job.job.total is None:
        job.expect(chosen.count(job.job))
    last = uuid.UUID(job.checkpoint or "0" * 32)
    while pks := chosen.following(job.job, last, CHUNK):
        last = pks[-1]
        if not _each(job, [(pk, step) for pk in pks], str(last)):
            return


def _do(deed: Deed, given: Mapping[str, Any], actor: Actor, contact: lifecycle.LockedContact) -> Any:
    before = deed.state(contact)
    change = deed.step(contact=contact, actor=actor, **given)
    after = deed.state(contact)
    if change is not None and change.action == Action.NOTHING and before == after:
        raise InvalidTransition(_("Nothing was to be changed."))
    return {name: [before[name], after[name]] for name in before}


def undo_delete(job: Running) -> None:
    """R34: restore whom the job deleted."""
    _take_back(job, lambda contact, was, actor: lifecycle.restore(contact=contact, actor=actor))


def undo_suspend(job: Running) -> None:
    """R35: lift the suspensions of the job."""
    _take_back(job, lambda contact, was, actor: lifecycle.unsuspend(contact=contact, actor=actor))


def undo_unsuspend(job: Running) -> None:
    """R35: suspend again, with their tickets."""
    _take_back(job, lambda contact, was, actor: lifecycle.suspend(contact=contact, actor=actor))


def undo_verify(job: Running) -> None:
    """R14: the check mark goes, unless Entra vouches for the contact by now."""
    _take_back(
        job, lambda contact, was, actor: lifecycle.verify(contact=contact, verified=False, actor=actor)
    )


def undo_company(job: Running) -> None:
    """R38: the company from before, and why; not where it has changed since."""
    _take_back(job, _company_back)


def _company_back(contact: lifecycle.LockedContact, was: Mapping[str, Any], actor: Actor) -> None:
    before, after = ({name: sides[side] for name, sides in was.items()} for side in (0, 1))
    if company_state(contact) != after:
        raise InvalidTransition(_("Its company has changed since."))
    company = Company.objects.filter(pk=before["company"]).first() if before["company"] else None
    if before["company"] and company is None:
        raise InvalidTransition(_("Its earlier company is gone."))
    source = Contact.CompanySource(before["source"])
    lifecycle.move(contact=contact, company=company, source=source, actor=actor)


# Takes a contact one step back; was: what the step forward kept for it.
StepBack: TypeAlias = Callable[[lifecycle.LockedContact, Any, Actor], Any]


def _take_back(job: Running, step: StepBack) -> None:
    """One step for each contact that the undone job did something to."""
    actor = Actor.agent(job.agent)
    lines = JobLine.objects.filter(job=job.job.undoes, outcome=JobLine.Outcome.DONE).order_by("id")
    last = job.checkpoint or 0
    while found := list(lines.filter(pk__gt=last)[:CHUNK]):
        last = found[-1].pk
        steps = [(uuid.UUID(line.subject), partial(_undo, step, line.before, actor)) for line in found]
        if not _each(job, steps, last):
            return


def _undo(step: StepBack, was: Any, actor: Actor, contact: lifecycle.LockedContact) -> None:
    step(contact, was, actor)


def _each(job: Running, steps: Sequence[tuple[uuid.UUID, Step]], checkpoint: object) -> bool:
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


def describe(subjects: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The name and the page of each contact that still exists."""
    found = Contact.objects.filter(pk__in=subjects).values_list("pk", "name")
    return {str(pk): (name, reverse("contacts:detail", args=[pk])) for pk, name in found}
