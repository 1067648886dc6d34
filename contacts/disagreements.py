"""In what a contact differs from what Entra ID sent of it, and why (R11, R25)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from .labels import label
from .models import Action, ActorKind, Contact, TimelineEntry
from .timeline import in_words
from .values import JSON

LINES = 200  # of the timeline are read back for changes by agents
LOG_ENTRIES = 50
_COLUMNS = {"emails": "addresses"}  # what the timeline calls what Entra sends


@dataclass(frozen=True, slots=True)
class Unapplied:
    """R11: a custom field whose last value did not fit, and why, where the log still knows."""

    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Overridden:
    """R25: what Entra ID had set, and what was made of it here since; an empty side is ""."""

    label: str
    theirs: str
    ours: str
    by: str
    at: datetime


def unapplied(contact: Contact, custom: Mapping[str, str]) -> list[Unapplied]:
    """`custom` has the labels of the custom fields by API name."""
    reasons = _reasons(contact) if contact.unapplied else {}
    return [Unapplied(label(name, custom), reasons.get(name, "")) for name in contact.unapplied]


def _reasons(contact: Contact) -> dict[str, str]:
    """The newest note that the provisioning log has of each field; it begins with the API name."""
    found: dict[str, str] = {}
    for notes in contact.provisioning_log.values_list("notes", flat=True)[:LOG_ENTRIES]:
        for note in notes:
            name, _colon, why = note.partition(": ")
            found.setdefault(name, why)
    return found


def overridden(contact: Contact, custom: Mapping[str, str]) -> list[Overridden]:
    """The fields that Entra ID manages and somebody else has changed since, as the timeline tells it."""
    if not contact.is_linked:
        return []
    since = list(takewhile(_is_later, contact.timeline.all()[:LINES]))
    found = (_override(_COLUMNS.get(one, one), since, custom) for one in contact.entra_fields)
    return [one for one in found if one is not None]


def _is_later(entry: TimelineEntry) -> bool:
    """Than the moment from which Entra ID holds the contact: it sent everything then."""
    began = entry.action in (Action.CREATED, Action.LINKED)
    return not (began and entry.actor_kind == ActorKind.CONNECTION)


def _override(column: str, since: Sequence[TimelineEntry], custom: Mapping[str, str]) -> Overridden | None:
    run = list(_by_others(column, since))
    if not run:
        return None
    theirs, ours = run[-1].changes[column][0], run[0].changes[column][1]
    if _compared(column, theirs) == _compared(column, ours):
        return None
    return Overridden(label(column, custom), in_words(theirs), in_words(ours), run[0].actor_label, run[0].at)


def _by_others(column: str, since: Sequence[TimelineEntry]) -> Iterator[TimelineEntry]:
    """The lines on this column, the newest first, back to Entra's own."""
    for entry in since:
        if column in entry.changes:
            if entry.actor_kind == ActorKind.CONNECTION:
                return
            yield entry


def _compared(column: str, value: JSON) -> JSON:
    """Of addresses the primary counts: others beside it are the helpdesk's own (R23)."""
    return value[:1] if column == "addresses" and isinstance(value, list) else value
