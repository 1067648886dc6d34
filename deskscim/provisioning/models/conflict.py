"""Who stands in each other's way (R15, R23), and what an admin decided."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact

from .connections import Connection


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Questions to the queue, by name."""

    def waiting(self) -> "ConflictQuerySet":
        """Open, and Entra's user has not been written since Entra last tried in vain."""
        return self.filter(decision="").exclude(Exists(_written_since()))

    def over(self) -> "ConflictQuerySet":
        """Open, though a later try of Entra succeeded by itself."""
        return self.filter(Exists(_written_since()), decision="")

    def decided(self) -> "ConflictQuerySet":
        """By an admin."""
        return self.exclude(decision="")

    def of_user(self, external_id: str, user_name_key: str, own: Contact | None) -> "ConflictQuerySet":
        """The entries of one user of Entra. A userName tells it where no externalId was sent."""
        same = Q(contact=own) if own else Q(pk__in=[])
        if external_id:
            same |= Q(external_id=external_id)
        if user_name_key:
            same |= Q(user_name_key=user_name_key)
        return self.filter(same)

    def left_behind_by(self, contact: Contact) -> "ConflictQuerySet":
        """Open entries of the user that the contact was, for one whose link ends; decisions hold on."""
        undecided = self.filter(contact=None, decision="")
        return undecided.of_user(contact.external_id, contact.user_name_key, None).exclude(contacts=contact)


def _written_since() -> models.QuerySet[Contact]:
    return Contact.objects.filter(
        ~Q(external_id="") | Q(user_name_key=OuterRef("user_name_key")),
        external_id=OuterRef("external_id"),
        connection=OuterRef("connection"),
        last_synced_at__gt=OuterRef("last_seen_at"),
    )


class Conflict(models.Model):
    """A user whom Entra could not write since contacts stand in the way: one open entry a user.

    What Entra wanted is kept while the entry is open, and leaves with the decision (R44).
    """

    class Decision(models.TextChoices):
        """What an admin made of it."""

        OPEN = "", _("Open")
        LINKED = "linked", _("Linked")
        APART = "apart", _("Kept apart")
        MERGED = "merged", _("Merged")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="conflicts")
    external_id = models.CharField(max_length=255, blank=True)
    user_name_key = models.CharField(max_length=765, blank=True)  # "" where an externalId tells the user
    attempted = models.JSONField(default=dict)
    # Entra's own contact, once there is one; whom an admin chose for Link; and who stands in the way.
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="own_conflicts")
    chosen = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="chosen_in_conflicts")
    contacts = models.ManyToManyField(Contact, related_name="conflicts")
    reason = models.CharField(max_length=50)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=1)
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True, default="")
    decided_by = models.CharField(max_length=255, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="conflict_open_once_per_external_id",
                fields=["connection", "external_id"],
                condition=Q(decision="") & ~Q(external_id=""),
            ),
            models.UniqueConstraint(
                name="conflict_open_once_per_user_name",
                fields=["connection", "user_name_key"],
                condition=Q(decision="", external_id=""),
            ),
            models.CheckConstraint(
                name="conflict_decided_by_somebody",
                condition=Q(decision="", decided_at=None) | (~Q(decision="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="conflict_attempt_leaves_with_decision", condition=Q(decision="") | Q(attempted={})
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "external_id"], name="conflict_of_external_id"),
            models.Index(F("last_seen_at").desc(), name="conflict_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.reason}"

    @property
    def is_open(self) -> bool:
        """Waiting for an admin."""
        return self.decision == self.Decision.OPEN
