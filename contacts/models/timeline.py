"""What happened to a contact."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .contact import Contact


class Action(models.TextChoices):
    """What happened to a contact: the words of the timeline and of the provisioning log (R43, R44)."""

    CREATED = "created", _("Created")
    LINKED = "linked", _("Linked")
    UPDATED = "updated", _("Updated")
    DEACTIVATED = "deactivated", _("Deactivated")
    REACTIVATED = "reactivated", _("Reactivated")
    DELETED = "deleted", _("Deleted")
    RESTORED = "restored", _("Restored")
    SUSPENDED = "suspended", _("Suspended")
    UNSUSPENDED = "unsuspended", _("Suspension lifted")
    UNLINKED = "unlinked", _("Unlinked")
    MERGED = "merged", _("Merged")
    NOTHING = "nothing", _("Nothing changed")


class ActorKind(models.TextChoices):
    """R43: who did it."""

    AGENT = "agent", _("Agent")
    CONNECTION = "connection", _("Connection")
    TOKEN = "token", _("API token")
    IMPORT = "import", _("Import")
    SYSTEM = "system", _("System")


class TimelineEntry(models.Model):
    """One line of a contact's history (R43), erased with it. `changes` is {field: [old, new]}."""

    # Without an index of its own: timeline_of_contact begins with it.
    contact = models.ForeignKey(
        Contact, models.CASCADE, verbose_name=_("contact"), related_name="timeline", db_index=False
    )
    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=12, choices=Action.choices)
    actor_kind = models.CharField(_("kind of actor"), max_length=10, choices=ActorKind.choices)
    actor_label = models.CharField(_("actor"), max_length=255)
    changes = models.JSONField(_("changes"), default=dict)

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["contact", "-at", "-id"], name="timeline_of_contact")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.actor_label}"
