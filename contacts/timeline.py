"""The timeline in words (R43)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .labels import label
from .models import Action, TimelineEntry
from .values import JSON


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a timeline entry; an empty side is ""."""

    label: str
    old: str
    new: str


# Of these actions the line itself says what became of the column.
_SAID = {
    Action.DELETED: "deleted_at",
    Action.DEACTIVATED: "deleted_at",
    Action.RESTORED: "deleted_at",
    Action.REACTIVATED: "deleted_at",
    Action.SUSPENDED: "suspended_at",
    Action.UNSUSPENDED: "suspended_at",
}


def differences(entry: TimelineEntry, custom: Mapping[str, str]) -> list[Difference]:
    """What the entry changed beside what its action says; `custom` has the labels of the custom fields."""
    return [
        Difference(label(column, custom), *_sides(column, old, new))
        for column, (old, new) in entry.changes.items()
        if column != _SAID.get(Action(entry.action))
    ]


def _sides(column: str, old: JSON, new: JSON) -> tuple[str, str]:
    """Of a note the line knows only whether there was one (contacts.draft)."""
    if column == "note":
        return _("the text before") if old else "", _("a new text") if new else ""
    return in_words(old), in_words(new)


def in_words(value: JSON) -> str:
    """A value for people."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(in_words(one) for one in value)
    return "" if value is None else str(value)
