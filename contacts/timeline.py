"""The timeline in words (R43)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .labels import label
from .models import TimelineEntry
from .values import JSON


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a timeline entry; an empty side is ""."""

    label: str
    old: str
    new: str


def differences(entry: TimelineEntry, custom: Mapping[str, str]) -> list[Difference]:
    """What the entry changed; `custom` has the labels of the custom fields by API name."""
    return [
        Difference(label(column, custom), in_words(old), in_words(new))
        for column, (old, new) in entry.changes.items()
    ]


def in_words(value: JSON) -> str:
    """A value for people."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(in_words(one) for one in value)
    return "" if value is None else str(value)
