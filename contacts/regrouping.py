"""Many contacts into another company, by jobs: a domain that maps (R40), companies that merge or end."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import services
from companies.models import Company
from companies.services import CompanyBound, CompanyNameTaken
from deskscim.jobs.errors import JobFailed
from deskscim.jobs.models import Job, JobLine
from deskscim.jobs.running import Running

from . import lifecycle, stepping
from .deeds import company_state
from .errors import InvalidTransition
from .models import Contact
from .querysets import ContactQuerySet
from .seendomains import blank, facts
from .stepping import step_back, step_each
from .values import Actor

COMPANY = "company"  # the line of a job that is about the company itself

Source = Contact.CompanySource
# Has a contact belong elsewhere.
Regroup: TypeAlias = Callable[[lifecycle.LockedContact, Actor], object]


class Goal(TextChoices):
    """What becomes of the contacts of a company that is deleted."""

    DOMAIN = "domain", gettext_lazy("Their e-mail domain decides again")
    COMPANY = "company", gettext_lazy("They move to another company")
    BLANK = "blank", gettext_lazy("They have no company")


def members(company_id: int) -> ContactQuerySet:
    """Every contact of a company, deleted ones included."""
    return Contact.objects.filter(company=company_id)


def map_domain(job: Running) -> None:
    """R40: the blank contacts of the domain `domain` into `company`, which has it.

    Where the domain alone does not decide, because colleagues are elsewhere (R37), whoever asks does (R38).
    """
    (seen,) = facts([job.arguments["domain"]])
    if seen.owner is None or seen.owner.pk != job.arguments["company"]:
        raise JobFailed(_("The domain no longer belongs to this company alone, so nobody was mapped."))
    source = Source.DOMAIN if seen.is_ready else Source.AGENT
    job.expect(blank(seen.domain).count())
    _take_all(job, blank(seen.domain), partial(_map, company=seen.owner, source=source))


def merge(job: Running) -> None:
    """The company `absorbed` becomes part of `survivor`: domains, missing details, then each contact."""
    survivor = Company.objects.filter(pk=job.arguments["survivor"]).first()
    if survivor is None:
        raise JobFailed(_("The company that was to stay is gone."))
    absorbed_id = job.arguments["absorbed"]
    begin = partial(services.absorb, survivor_id=survivor.pk, absorbed_id=absorbed_id)
    _end(job, absorbed_id, begin, partial(_into, company=survivor), survivor)


def delete(job: Running) -> None:
    """The company `company` is deleted; its contacts do what `goal` says, `target` is the other company."""
    target = Company.objects.filter(pk=job.arguments["target"]).first()
    goal = Goal(job.arguments["goal"])
    if goal == Goal.COMPANY and target is None:
        raise JobFailed(_("The company that the contacts were to move to is gone."))
    begin = partial(services.begin_end, company_id=job.arguments["company"])
    source = Source.AGENT if target else Source.NONE
    step = _map_again if goal == Goal.DOMAIN else partial(_move, company=target, source=source)
    _end(job, job.arguments["company"], begin, step)


def undo(job: Running) -> None:
    """Take back what another job of this file did: the company that is gone, then each contact's."""
    lines = job.job.undoes.lines.filter(outcome="done") if job.job.undoes else JobLine.objects.none()
    gone = lines.filter(subject=COMPANY).first()
    back = _bring_back(job, gone.before or {}) if gone else None
    step_back(job, partial(_undo, back), besides=COMPANY)


def describe(job: Job, lines: Sequence[JobLine]) -> dict[str, tuple[str, str]]:
    """What to call the subjects of these jobs, and where they are."""
    subjects = [line.subject for line in lines]
    company = {COMPANY: (_("The company itself"), "")} if COMPANY in subjects else {}
    return company | stepping.named([one for one in subjects if one != COMPANY])


def _end(
    job: Running,
    company_id: int,
    begin: Callable[[], object],
    step: Regroup,
    survivor: Company | None = None,
) -> None:
    """Have the company's contacts take this step, and delete it. A job begun anew goes on where it was."""
    with transaction.atomic():
        if not job.has_done([COMPANY]):
            _begin_end(job, company_id, begin, survivor)
    _take_all(job, members(company_id), step)
    if job.was_cancelled:
        return
    if services.end(company_id=company_id):
        job.advance()
    else:
        job.refuse(COMPANY, _("The company stays, since contacts still belong to it."))


def _begin_end(job: Running, company_id: int, begin: Callable[[], object], survivor: Company | None) -> None:
    company = Company.objects.filter(pk=company_id).first()
    try:
        if company is None:
            raise Company.DoesNotExist
        job.record(COMPANY, _remains(company, survivor))
        begin()
    except Company.DoesNotExist:
        raise JobFailed(_("The company is gone.")) from None
    except CompanyBound as bound:
        raise JobFailed(str(bound)) from bound
    job.expect(members(company_id).count() + 1)


def _remains(company: Company, survivor: Company | None) -> dict[str, Any]:
    """What brings the company back: its columns and domains, and which of these another one gains."""
    domains = [one.domain for one in company.domains.all()]
    held = {one.domain for one in survivor.domains.all()} if survivor else set()
    return {
        "company": company.pk,
        "details": {column: getattr(company, column) for column in ("name", *services.DETAILS)},
        "domains": domains,
        "survivor": survivor and survivor.pk,
        "gained": [domain for domain in domains if survivor and domain not in held],
    }


def _bring_back(job: Running, remains: Mapping[str, Any]) -> Company:
    """The company that was deleted or merged, under a new number; its domains are its own again."""
    known = job.job.lines.filter(subject=COMPANY).values_list("before__now", flat=True).first()
    if known:
        return Company.objects.get(pk=known)
    try:
        with transaction.atomic():
            company = _revived(remains)
            job.record(COMPANY, {"now": company.pk})
    except CompanyNameTaken as taken:
        raise JobFailed(str(taken)) from taken
    job.advance()
    return company


def _revived(remains: Mapping[str, Any]) -> Company:
    """Made anew, unless the job was cancelled before the company was gone. Raises CompanyNameTaken."""
    company = Company.objects.filter(pk=remains["company"]).first()
    company = company or services.create_company(details=remains["details"])
    for domain in remains["domains"]:
        services.add_domain(company_id=company.pk, domain=domain)
    if Company.objects.filter(pk=remains["survivor"]).exists():
        for domain in remains["gained"]:
            services.remove_domain(company_id=remains["survivor"], domain=domain)
    return company


def _take_all(job: Running, rows: ContactQuerySet, change: Regroup) -> None:
    """Each of these contacts one step further."""
    step = partial(_regroup, change, Actor.agent(job.agent))
    for pks in _chunks(rows, job.checkpoint):
        if not step_each(job, [(pk, step) for pk in pks], str(pks[-1])):
            return


def _regroup(change: Regroup, actor: Actor, contact: lifecycle.LockedContact) -> dict[str, Any]:
    before = company_state(contact)
    change(contact, actor)
    return {**before, "now": contact.company_id}


def _chunks(rows: ContactQuerySet, after: str | None) -> Iterator[list[uuid.UUID]]:
    """Their ids, some at a time, by their place: rows that leave the set meanwhile hide no others."""
    last = uuid.UUID(after) if after else None
    while True:
        left = rows.filter(pk__gt=last) if last else rows
        pks = list(left.order_by("pk").values_list("pk", flat=True)[: stepping.CHUNK])
        if not pks:
            return
        yield pks
        last = pks[-1]


def _map(
    contact: lifecycle.LockedContact, actor: Actor, *, company: Company, source: Contact.CompanySource
) -> None:
    """Unless somebody was quicker: only a blank contact is mapped."""
    if contact.company_id is not None or contact.company_source != Source.NONE:
        raise InvalidTransition(_("It has got a company since."))
    _move(contact, actor, company=company, source=source)


def _map_again(contact: lifecycle.LockedContact, actor: Actor) -> None:
    lifecycle.map_again(contact=contact, actor=actor)


def _into(contact: lifecycle.LockedContact, actor: Actor, *, company: Company) -> None:
    """The company that stays; the reason stays what it was."""
    _move(contact, actor, company=company, source=Source(contact.company_source))


def _undo(
    back: Company | None, contact: lifecycle.LockedContact, before: Mapping[str, Any], actor: Actor
) -> None:
    if contact.company_id != before["now"]:
        raise InvalidTransition(_("It has got another company since."))
    company = Company.objects.filter(pk=before["company"]).first() or (back if before["company"] else None)
    _move(contact, actor, company=company, source=Source(before["source"]))


def _move(
    contact: lifecycle.LockedContact, actor: Actor, *, company: Company | None, source: Contact.CompanySource
) -> None:
    lifecycle.move(contact=contact, company=company, source=source, actor=actor)
