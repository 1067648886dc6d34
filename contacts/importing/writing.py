"""Carrying out the verdicts of a chunk of rows, through the lifecycle."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from contacts import lifecycle
from contacts.errors import ContactError
from contacts.models import Contact
from contacts.values import Actor

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
            lifecycle.create_many(many=many, actor=actor, source=Contact.Source.IMPORT)
    except ContactError:
        for one in verdicts:
            _write_alone(one, actor)


def _write_alone(verdict: Verdict, actor: Actor) -> None:
    values = verdict.values
    try:
        with transaction.atomic():
            if verdict.contact:
                contact = lifecycle.guarded(verdict.contact)
                lifecycle.update(contact=contact, values=values, actor=actor)
            else:
                lifecycle.create(values=values, actor=actor, source=Contact.Source.IMPORT)
    except ContactError as refused:
        verdict.outcome, verdict.reason = Outcome.REFUSED, str(refused)
