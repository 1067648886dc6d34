"""The tickets of a contact."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.querysets import TicketQuerySet

from .contact import Contact


class Ticket(models.Model):
    """A ticket of a contact. What made it spam is kept, so that a restore undoes only its own work (R27)."""

    class Status(models.TextChoices):
        """Where the work stands."""

        OPEN = "open", _("Open")
        PENDING = "pending", _("Pending")
        SOLVED = "solved", _("Solved")
        CLOSED = "closed", _("Closed")

    class SpamCause(models.TextChoices):
        """R27, R35."""

        NONE = "", _("Not spam")
        AGENT = "agent", _("Marked by an agent")
        SUSPENSION = "suspension", _("Contact suspended")
        DELETION = "deletion", _("Contact deleted")

    contact = models.ForeignKey(
        Contact,
        models.CASCADE,
        verbose_name=_("contact"),
        related_name="tickets",
        db_index=False,  # ticket_of_contact begins with it
    )
    subject = models.CharField(_("subject"), max_length=255)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    spam_cause = models.CharField(
        _("spam cause"), max_length=10, choices=SpamCause.choices, blank=True, default=""
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-id"]
        permissions = [("mark_spam", "Can mark tickets as spam")]
        indexes = [
            models.Index(fields=["spam_cause", "-id"], name="ticket_by_spam"),
            models.Index(fields=["status", "-id"], name="ticket_by_status"),
            models.Index(fields=["contact", "-id"], name="ticket_of_contact"),
            models.Index(fields=["-id"], name="ticket_spam", condition=~Q(spam_cause="")),
            models.Index(fields=["status", "-id"], name="ticket_spam_by_status", condition=~Q(spam_cause="")),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_spam(self) -> bool:
        """Hidden from the working views, marked in All Tickets."""
        return self.spam_cause != ""
