"""A job and what became of each of its subjects."""

import uuid
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from deskscim.readers import current_language, current_zone

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

# A worker that has said nothing for so long is gone, and its job is brought to another.
SILENCE = timedelta(seconds=60)


def new_id() -> uuid.UUID:
    """A UUIDv7: jobs in the order of their ids are in the order of their making."""
    return uuid7()


class JobQuerySet(models.QuerySet["Job"]):
    """Questions to the jobs table, by name."""

    def seen_by(self, agent: "AbstractBaseUser") -> "JobQuerySet":
        """R48: an admin sees every job, everybody else their own."""
        return self.all() if getattr(agent, "is_superuser", False) else self.filter(agent_id=agent.pk)

    def in_hand(self) -> "JobQuerySet":
        """A worker is carrying them out at this moment."""
        return self.filter(state=Job.State.RUNNING, beat_at__gt=timezone.now() - SILENCE)

    def idle(self) -> "JobQuerySet":
        """Not ended, and in no worker's hands: it waits for its first, or its worker is gone."""
        lost = Q(state=Job.State.RUNNING, beat_at__lte=timezone.now() - SILENCE)
        return self.filter(Q(state=Job.State.QUEUED) | lost)


class Job(models.Model):
    """One piece of work, what it was asked for with, and how far it is.

    `arguments` and `checkpoint` may hold what somebody searched for: they are emptied when the job ends.
    """

    class State(models.TextChoices):
        """Where a job stands; the last three are final."""

        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    title = models.CharField(max_length=255)
    task = models.CharField(max_length=255)  # dotted path of a function that takes a Running
    undo = models.CharField(max_length=255, blank=True)  # that of the one that takes back what this one did
    permission = models.CharField(max_length=100, blank=True)  # what undoing it needs
    undo_question = models.CharField(max_length=255, blank=True)  # a template: what undoing does
    # Dotted path of a function that names subjects: job, list of lines -> {subject: (label, address or "")}.
    describe = models.CharField(max_length=255, blank=True)
    result = models.CharField(max_length=500, blank=True)  # the page of this site that shows what it made
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by"
    )  # once: of two who undo the same job at the same time, one does
    # Whoever asked reads what becomes of it.
    language = models.CharField(max_length=10, default=current_language)
    time_zone = models.CharField(max_length=64, default=current_zone)
    arguments = models.JSONField(default=dict)
    checkpoint = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)  # how often a worker took it up
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=dict)  # why something was refused -> how often
    failure = models.TextField(blank=True)  # a sentence for people
    file = models.FileField(upload_to="jobs", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # when its worker last wrote
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["agent", "-id"], name="job_of_agent")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """Nothing more will become of it."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def is_in_hand(self) -> bool:
        """A worker is carrying it out at this moment."""
        is_alive = self.beat_at is not None and self.beat_at > timezone.now() - SILENCE
        return self.state == self.State.RUNNING and is_alive

    @property
    def settled(self) -> int:
        """How many subjects are decided, done or not."""
        return self.done + self.refused

    @property
    def is_undone(self) -> bool:
        """Whether somebody has asked to take it back."""
        return hasattr(self, "undone_by")

    @property
    def can_be_undone(self) -> bool:
        """It has ended, something was done, and nobody has taken it back yet.

        By its lines: a worker that died may not have come to count what it recorded.
        """
        if not self.undo or not self.is_finished or self.is_undone:
            return False
        return self.lines.filter(outcome=JobLine.Outcome.DONE).exists()

    @property
    def file_name(self) -> str:
        """The name under which the file is handed out."""
        return PurePath(self.file.name or "").name

    def is_unserved(self) -> bool:
        """Waiting for longer than a worker would let it, while no worker is at anything else either."""
        since = self.beat_at or self.created_at
        is_late = not self.is_finished and since < timezone.now() - SILENCE
        return is_late and not Job.objects.in_hand().exists()


class JobLine(models.Model):
    """What became of one subject: a contact by its id, or a row by its number. No values of theirs."""

    class Outcome(models.TextChoices):
        """Done, or not and why."""

        DONE = "done", _("Done")
        REFUSED = "refused", _("Not done")

    job = models.ForeignKey(Job, models.CASCADE, related_name="lines", db_index=False)
    subject = models.CharField(max_length=36)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=500, blank=True)
    before = models.JSONField(null=True)  # what undoing it needs to know, or naming what was not done

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["job", "outcome", "id"], name="line_of_job")]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "subject"],
                condition=Q(outcome="done"),
                name="job_does_a_subject_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_outcome_display()}"
