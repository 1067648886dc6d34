"""The timeline of a contact as its page shows it: the newest first, by kind of action and actor (R43)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from deskscim.web import as_number

from .models import Action, ActorKind, Contact, TimelineEntry
from .timeline import Difference, differences

LINES = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the timeline to show; what the address does not say, or says wrongly, is everything."""

    action: str = ""
    actor: str = ""
    before: int | None = None  # the line after which to go on

    @classmethod
    def from_query(cls, query: QueryDict) -> "Wanted":
        """The state that an address holds."""
        action, actor, before = (query.get(name, "") for name in ("action", "actor", "before"))
        return cls(
            action=action if action in Action.values else "",
            actor=actor if actor in ActorKind.values else "",
            before=as_number(before),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether lines are left out."""
        return bool(self.action or self.actor)


@dataclass(frozen=True, slots=True)
class History:
    """One page of a timeline. `older` is the query of the next page, "" when this one is the last."""

    wanted: Wanted
    lines: Sequence[tuple[TimelineEntry, list[Difference]]]
    older: str

    @property
    def newest(self) -> str:
        """The query of the first page."""
        return _query(self.wanted)


def history(contact: Contact, wanted: Wanted, custom: Mapping[str, str]) -> History:
    """`custom` has the labels of the custom fields. One line more than shown tells of older ones."""
    entries = list(_entries(contact, wanted)[: LINES + 1])
    shown = entries[:LINES]
    older = _query(wanted, before=str(shown[-1].pk)) if len(entries) > LINES else ""
    return History(wanted, [(entry, differences(entry, custom)) for entry in shown], older)


def _entries(contact: Contact, wanted: Wanted) -> QuerySet[TimelineEntry]:
    entries = contact.timeline.all()
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.actor:
        entries = entries.filter(actor_kind=wanted.actor)
    last = contact.timeline.filter(pk=wanted.before).first() if wanted.before else None
    return entries.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)) if last else entries


def _query(wanted: Wanted, **more: str) -> str:
    state = {"action": wanted.action, "actor": wanted.actor, **more}
    return "?" + urlencode({name: value for name, value in state.items() if value})
