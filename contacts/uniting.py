"""Merging two contacts from their pages (R15): looked at first, then done as it was looked at."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from . import lifecycle
from .draft import Change
from .errors import InvalidTransition
from .models import Contact
from .values import Actor


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts that are one person, each with its `ticket_count`: one stays, the other goes."""

    stays: Contact
    goes: Contact

    @classmethod
    def of(cls, stays: uuid.UUID, goes: uuid.UUID) -> "Pair":
        """As they are now. Raises Contact.DoesNotExist, also for one contact named twice."""
        people = Contact.objects.select_related("company", "connection").prefetch_related("addresses")
        found = people.annotate(ticket_count=Count("tickets")).in_bulk([stays, goes])
        if len(found) != 2:
            raise Contact.DoesNotExist
        return cls(found[stays], found[goes])

    @property
    def version(self) -> str:
        """Changes with either of the two."""
        return f"{self.stays.version} {self.goes.version}"


@transaction.atomic
def merge(pair: Pair, *, version: str, actor: Actor) -> Change:
    """Make one contact of the two, if they are still as they were looked at. Raises InvalidTransition."""
    try:
        locked = {pk: lifecycle.lock(pk) for pk in sorted((pair.stays.pk, pair.goes.pk))}
    except Contact.DoesNotExist:
        raise _changed() from None
    stays, goes = locked[pair.stays.pk], locked[pair.goes.pk]
    if Pair(stays, goes).version != version:
        raise _changed()
    return lifecycle.merge(survivor=stays, absorbed=goes, actor=actor)


def preview(pair: Pair, *, actor: Actor) -> Contact:
    """What `merge` would make: it is done, looked at, and taken back. Raises as it does."""
    with transaction.atomic():
        change = merge(pair, version=pair.version, actor=actor)
        transaction.set_rollback(True)
    return change.contact


def _changed() -> InvalidTransition:
    return InvalidTransition(
        _("One of the two contacts has changed in the meantime: look at what comes of it, and decide anew.")
    )
