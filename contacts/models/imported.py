"""Files of contacts that somebody uploaded."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# So long an upload waits for being imported; then its file, which holds personal values, goes.
KEPT = timedelta(days=7)


class ContactImport(models.Model):
    """A file of contacts on its way in. Its mapping outlives the file: the next one begins with it."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports")
    name = models.CharField(max_length=255)  # as it was called where it came from
    file = models.FileField(upload_to="imports", blank=True)
    headings = models.JSONField(default=list)
    headings_key = models.CharField(max_length=64, editable=False)
    mapping = models.JSONField(default=list)  # for each heading the key of a column, or ""
    create_new = models.BooleanField(default=True)
    update_existing = models.BooleanField(default=True)
    check_job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    import_job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)  # what the check found: outcome -> how many rows
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["agent", "headings_key", "-id"], name="import_of_headings")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_checked(self) -> bool:
        """Whether a check of it as it is now came to its end."""
        return bool(self.check_job and self.check_job.state == "done")

    @property
    def rows(self) -> int:
        """How many the check found."""
        return sum(self.counts.values())

    def forget_file(self) -> None:
        """The file is not needed any more."""
        self.file.delete(save=False)
        ContactImport.objects.filter(pk=self.pk).update(file="")

    @classmethod
    def forget_old_files(cls) -> None:
        """Those that nobody imported in time."""
        for one in cls.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(file=""):
            one.forget_file()


def headings_key(headings: Sequence[str]) -> str:
    """The same for the same headings in the same order, without regard to case."""
    return hashlib.sha256("\n".join(headings).casefold().encode()).hexdigest()
