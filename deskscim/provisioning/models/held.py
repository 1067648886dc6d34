"""How many contacts each connection holds, so that no list has to count them (RFC 7644 3.4.2.4)."""

from django.db import models
from django.db.models import Sum

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
        parts = cls.objects.filter(connection_id=connection_id)
        return int(parts.aggregate(total=Sum("number"))["total"] or 0)
