"""Contacts that look alike and are not."""

from django.db import models
from django.db.models import F, Q

from .contact import Contact


class NotDuplicate(models.Model):
    """Two contacts that an agent knows to be two people. Each pair once, the smaller id first."""

    first = models.ForeignKey(Contact, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Contact, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="not_duplicate_once", fields=["first", "second"]),
            models.CheckConstraint(name="not_duplicate_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"
