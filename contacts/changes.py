"""What has changed since a page was made, by the entries of timelines that have come."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from .models import TimelineEntry

MOST = 99  # what is beyond is "99+": no question grows with what happened
# An entry has its number before its transaction ends, so one may come late, below the newest. So many numbers
# are looked at again: an import's transaction takes a thousand at once.
AGAIN = 3000


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page stands: the newest number, and how many of the AGAIN numbers up to it were there."""

    since: int
    seen: int

    @classmethod
    def now(cls, contact: uuid.UUID | None) -> "Mark":
        """Of all contacts, or of one. Asked before what the page shows, it misses no change."""
        newest = TimelineEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        return cls(newest, _of(contact).filter(pk__range=(newest - AGAIN + 1, newest)).count())

    def changes(self, contact: uuid.UUID | None) -> int:
        """How many entries have come since, as far as they are counted: MOST and one more."""
        newer = _of(contact).filter(pk__gt=self.since).order_by().values("pk")[: MOST + 1].count()
        late = _of(contact).filter(pk__range=(self.since - AGAIN + 1, self.since)).count() - self.seen
        return newer + max(late, 0)  # fewer than there were: somebody was erased


def _of(contact: uuid.UUID | None) -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.filter(contact=contact) if contact else TimelineEntry.objects.all()
