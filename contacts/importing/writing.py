"""Carrying out the verdicts of a chunk of rows, through the lifecycle."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from contacts import lifecycle
from contacts.deeds import company_state
from contacts.draft import Change
from contacts.errors import ContactError
from contacts.models import Contact
from contacts.values import Actor, Values

from .judging import Outcome, Verdict


def write(verdicts: Sequence[Verdict], actor: Actor) -> None:
    """Write them in the caller's transaction. What the lifecycle refuses becomes the verdict."""
    _create([one for one in verdicts if one.outcome == Outcome.CREATE], actor)
    for one in verdicts:
        if one.outcome == Outcome.UPDATE:
            _write_alone(one, actor)


def locked(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Contact]:
    """These contacts, their rows locked until the caller's transaction ends."""
    return {contact.pk: contact for contact in lifecycle.lock_many(ids)}


def unlocked(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Contact]:
    """These contacts, only to look at."""
    found = Contact.objects.filter(pk__in=ids).select_related("company").prefetch_related("addresses")
    return {contact.pk: contact for contact in found}


def _create(verdicts: Sequence[Verdict], actor: Actor) -> None:
    """All of them at once; one after the other where one of them is refused."""
    many = [one.values for one in verdicts]
    try:
        with transaction.atomic():
            changes = lifecycle.create_many(many=many, actor=actor, source=Contact.Source.IMPORT)
    except ContactError:
        for one in verdicts:
            _write_alone(one, actor)
    else:
        for one, change in zip(verdicts, changes, strict=True):
            one.before = _made(change)


def _write_alone(verdict: Verdict, actor: Actor) -> None:
    values = verdict.values
    try:
        with transaction.atomic():
            if verdict.contact:
                verdict.before = _update(verdict.contact, values, actor)
            else:
                verdict.before = _made(
                    lifecycle.create(values=values, actor=actor, source=Contact.Source.IMPORT)
                )
    except ContactError as refused:
        verdict.outcome, verdict.reason = Outcome.REFUSED, str(refused)


def _made(change: Change) -> dict[str, Any]:
    return {"contact": str(change.contact.pk)}


def _update(contact: Contact, values: Values, actor: Actor) -> dict[str, Any] | None:
    """R30: when its timeline tells of the old values, which no job keeps; None when nothing was changed."""
    company = company_state(contact)
    change = lifecycle.update(contact=lifecycle.guarded(contact), values=values, actor=actor)
    if not change.changes:
        return None
    at = contact.updated_at.isoformat()
    return {**_made(change), "at": at, "company": [company, company_state(contact)]}
