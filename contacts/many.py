"""The tasks that carry a deed out on many contacts, and those that take it back (deskscim.jobs)."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from companies.models import Company
from deskscim.jobs.running import Running

from . import lifecycle, stepping
from .deeds import DEEDS, Chosen, Deed, company_state
from .errors import InvalidTransition
from .models import Action, Contact
from .stepping import step_back, step_each
from .values import Actor


def carry_out(job: Running) -> None:
    """The deed on each chosen contact, and what finishes it; if a worker dies, by the one that takes over."""
    deed = DEEDS[job.arguments["deed"]]
    try:
        _each(job, deed)
    finally:
        deed.finish()


def _each(job: Running, deed: Deed) -> None:
    chosen = Chosen.of(job.job)
    step = partial(_do, deed, deed.given(job.arguments), Actor.agent(job.agent))
    if job.job.total is None:
        job.expect(chosen.count(job.job))
    last = uuid.UUID(job.checkpoint or "0" * 32)
    while pks := chosen.following(job.job, last, stepping.CHUNK):
        last = pks[-1]
        if not step_each(job, [(pk, step) for pk in pks], str(last)):
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
    step_back(job, lambda contact, was, actor: lifecycle.restore(contact=contact, actor=actor))


def undo_restore(job: Running) -> None:
    """R27, R34: back into Deleted Contacts, and their tickets to spam."""
    step_back(job, lambda contact, was, actor: lifecycle.soft_delete(contact=contact, actor=actor))


def undo_suspend(job: Running) -> None:
    """R35: lift the suspensions of the job."""
    step_back(job, lambda contact, was, actor: lifecycle.unsuspend(contact=contact, actor=actor))


def undo_unsuspend(job: Running) -> None:
    """R35: suspend again, with their tickets."""
    step_back(job, lambda contact, was, actor: lifecycle.suspend(contact=contact, actor=actor))


def undo_verify(job: Running) -> None:
    """R14: the check mark goes, unless Entra vouches for the contact by now."""
    step_back(job, lambda contact, was, actor: lifecycle.verify(contact=contact, verified=False, actor=actor))


def undo_company(job: Running) -> None:
    """R38: the company from before, and why; not where it has changed since."""
    step_back(job, _company_back)


def _company_back(contact: lifecycle.LockedContact, was: Mapping[str, Any], actor: Actor) -> None:
    before, after = ({name: sides[side] for name, sides in was.items()} for side in (0, 1))
    if company_state(contact) != after:
        raise InvalidTransition(_("Its company has changed since."))
    company = Company.objects.filter(pk=before["company"]).first() if before["company"] else None
    if before["company"] and company is None:
        raise InvalidTransition(_("Its earlier company is gone."))
    source = Contact.CompanySource(before["source"])
    lifecycle.move(contact=contact, company=company, source=source, actor=actor)
