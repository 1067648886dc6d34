"""Asking for work in the background."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from .delivery import PATH, deliver
from .errors import CannotUndo
from .models import Job

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

AT_ONCE = 100  # so few subjects need no worker: they are done before the page answers


def enqueue(
    task: str,
    *,
    agent: "AbstractBaseUser",
    title: str,
    arguments: Mapping[str, Any],
    total: int | None = None,
    at_once: bool = False,
    **more: Any,
) -> Job:
    """A new job; it runs once the caller's transaction is committed.

    `task` is the dotted path of a function that takes a `Running`. `at_once` carries it out here and now
    instead, before this returns. `more` are the job's columns `undo`, `undo_question`, `permission`,
    `describe`, `result`, `undoes`.
    """
    columns = {
        "task": task,
        "agent": agent,
        "title": title[:255],
        "arguments": arguments,
        "total": total,
        **more,
    }
    with transaction.atomic():
        job = Job.objects.create(**columns)
        if not at_once:
            async_task(PATH, str(job.pk), timeout=-1)  # a job says itself that it lives (Running)
    if at_once:
        deliver(str(job.pk))
        job.refresh_from_db()
    return job


def cancel(job: Job) -> None:
    """Stop it: at once, or as soon as its task asks. What is done stays done; twice is as once."""
    end = {"state": Job.State.CANCELLED, "finished_at": timezone.now(), "arguments": {}, "checkpoint": None}
    same = Job.objects.filter(pk=job.pk)
    if not same.idle().update(**end):
        same.filter(state=Job.State.RUNNING).update(cancel_requested=True)


def undo(job: Job, *, agent: "AbstractBaseUser") -> Job:
    """Take back what the job did, by a job of its own. Raises CannotUndo."""
    if not job.can_be_undone:
        raise CannotUndo
    try:
        return enqueue(
            job.undo,
            agent=agent,
            title=_("Undo: %(title)s") % {"title": job.title},
            arguments={},
            total=job.done,
            at_once=job.done <= AT_ONCE,
            undoes=job,
            describe=job.describe,
        )
    except IntegrityError:  # somebody else was quicker
        raise CannotUndo from None
