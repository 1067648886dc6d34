"""How many contacts each connection holds, so that no list has to count them (RFC 7644 3.4.2.4)."""

from typing import Any

from django.db import models

from contacts.statements import NOBODY, Prepared

from .connections import Connection


class HeldCount(models.Model):
    """A part of the number. Kept by triggers on the contacts (migration held_counts), on PostgreSQL alone.

    Writers at the same time add to different slots, so that none waits for another.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="held_counts")
    slot = models.SmallIntegerField()
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "slot"], name="held_count_slot_once")]

    def __str__(self) -> str:
        return f"{self.connection_id}/{self.slot}: {self.number}"

    @classmethod
    def total(cls, connection_id: int) -> int:
        """The number of contacts that the connection holds."""
        return sum(number for (number,) in _PARTS.rows(connection_id))


def _parts(connection: int) -> models.QuerySet[Any, Any]:
    return HeldCount.objects.filter(connection=connection).values_list("number")


_PARTS = Prepared(_parts, NOBODY)
