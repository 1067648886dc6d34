"""A job in the hands of its task: what it was asked, and where it says how far it is.

A job is delivered at least once: a worker may die at any moment, and the next begins at the last checkpoint.
Progress is written with the checkpoint, or (until there is one) by itself, at most about once a second.
"""

import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.models import OrmQ

from .errors import Superseded
from .models import SILENCE, Job, JobLine, JobQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

EVERY = 1.0  # seconds between two writes
MOST_ATTEMPTS = 20  # a job that ends its worker each time is given up
MOST_REASONS = 50

Outcome = JobLine.Outcome


class Running:
    """What a task is given. Its `arguments` are what `enqueue` was given, `checkpoint` what `keep` was."""

    def __init__(self, job: Job, delivery: int | None) -> None:
        self.job = job
        self.arguments: Mapping[str, Any] = job.arguments
        self.checkpoint: Any = job.checkpoint
        self.was_cancelled = False  # the task has been told
        self._delivery = delivery
        self._refusals: list[JobLine] = []
        self._written = time.monotonic()

    @classmethod
    def take(cls, job_id: uuid.UUID, delivery: int | None = None) -> "Running | None":
        """Take the job up; None when nothing is left to do. Raises Superseded while another is at it."""
        with transaction.atomic():
            job = Job.objects.select_for_update().filter(pk=job_id).first()
            if job is None or job.is_finished:
                return None
            if job.is_in_hand:
                raise Superseded
            job.state = Job.State.RUNNING
            job.attempts += 1
            job.beat_at = timezone.now()
            job.started_at = job.started_at or job.beat_at
            if job.attempts > 1:
                _count_anew(job)
            job.save()
        return cls(job, delivery)

    def begun_again(self) -> "Running | None":
        """From the last checkpoint, as another worker would if this one had died; None as `take`."""
        self._mine().update(beat_at=None)
        return type(self).take(self.job.pk, self._delivery)

    @property
    def agent(self) -> "AbstractBaseUser":
        """Who asked for it."""
        return self.job.agent

    def advance(self, done: int = 1) -> None:
        """So many more are done."""
        self.job.done += done
        self._write_alone()

    def record(self, subject: object, before: Any = None) -> None:
        """This subject is done, and `before` is what undoing needs. Part of the deed's own transaction."""
        JobLine.objects.create(job=self.job, subject=str(subject), outcome=Outcome.DONE, before=before)

    def record_many(self, subjects: Mapping[str, Any]) -> None:
        """`record` for each of many, with its `before`; what a worker recorded that died stays as it is."""
        lines = (
            JobLine(job=self.job, subject=str(subject), outcome=Outcome.DONE, before=before)
            for subject, before in subjects.items()
        )
        JobLine.objects.bulk_create(lines, ignore_conflicts=True)

    def has_done(self, subjects: "list[str]") -> set[str]:
        """Those that are recorded: where a worker died, some are ahead of the checkpoint."""
        done = self.job.lines.filter(outcome=Outcome.DONE, subject__in=subjects)
        return set(done.values_list("subject", flat=True))

    def refuse(self, subject: object, reason: str, before: Any = None) -> None:
        """This subject is not done, and why; `before` is what naming it needs."""
        self.job.refused += 1
        reasons = self.job.reasons
        known = reason if reason in reasons or len(reasons) < MOST_REASONS else _("Other reasons")
        reasons[known] = reasons.get(known, 0) + 1
        self._refusals.append(
            JobLine(
                job=self.job,
                subject=str(subject),
                outcome=Outcome.REFUSED,
                reason=reason[:500],
                before=before,
            )
        )
        self._write_alone()

    def expect(self, total: int) -> None:
        """How many there are, once that is known."""
        self.job.total = total
        self._write()

    def resume_at(self, done: int) -> None:
        """So many were done at the checkpoint, says a task that records only some of them."""
        self.job.done = done

    def keep(self, checkpoint: Any) -> None:
        """From here the job can go on. Anything that JSON can hold, but None."""
        self.checkpoint = self.job.checkpoint = checkpoint
        if self._is_time():
            self._write()

    def attach(self, name: str, content: "File[Any]") -> None:
        """The file that whoever asked can download."""
        self.job.file.save(name, content, save=False)
        Job.objects.filter(pk=self.job.pk).update(file=self.job.file.name)

    def lead_to(self, page: str) -> None:
        """Where to see what it made."""
        Job.objects.filter(pk=self.job.pk).update(result=page)

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody wants it to stop: return then, in a state that can stay."""
        self._write_alone()
        self.was_cancelled = self.job.cancel_requested
        return self.was_cancelled

    def finish(self, state: Job.State, failure: str = "") -> None:
        """Write the last of it. Raises Superseded."""
        self.job.state, self.job.failure = state, failure
        self.job.finished_at = timezone.now()
        self.job.arguments, self.job.checkpoint = {}, None
        self._write("state", "failure", "finished_at", "arguments")

    def _mine(self) -> JobQuerySet:
        """The job's row, unless another worker has taken it up or somebody has ended it."""
        return Job.objects.filter(pk=self.job.pk, attempts=self.job.attempts, state=Job.State.RUNNING)

    def _write_alone(self) -> None:
        if self.checkpoint is None and self._is_time():
            self._write()

    def _is_time(self) -> bool:
        return time.monotonic() - self._written >= EVERY

    def _write(self, *more: str) -> None:
        """Counts, refusals and checkpoint together; and word that the worker lives. Raises Superseded."""
        job = self.job
        job.beat_at = timezone.now()
        columns = ("total", "done", "refused", "reasons", "checkpoint", "beat_at", *more)
        with transaction.atomic():
            if not self._mine().update(**{column: getattr(job, column) for column in columns}):
                raise Superseded
            JobLine.objects.bulk_create(self._refusals, batch_size=500)
            OrmQ.objects.filter(pk=self._delivery).update(lock=job.beat_at + SILENCE)
        self._refusals = []
        job.cancel_requested = Job.objects.values_list("cancel_requested", flat=True).get(pk=job.pk)
        self._written = time.monotonic()


def _count_anew(job: Job) -> None:
    """What a worker that died had done: without a checkpoint nothing counts but what is recorded."""
    if job.checkpoint is None:
        job.done, job.refused, job.reasons = 0, 0, {}
        job.lines.filter(outcome=Outcome.REFUSED).delete()
    job.done = max(job.done, job.lines.filter(outcome=Outcome.DONE).count())
