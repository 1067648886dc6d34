"""What the worker does with a message of the queue."""

import logging
import traceback
import uuid
from typing import Any

from django.dispatch import receiver
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_q.signals import pre_execute

from deskscim.deadlocks import is_deadlock
from deskscim.readers import reading

from .errors import JobFailed, Superseded
from .models import Job
from .running import MOST_ATTEMPTS, Running

logger = logging.getLogger(__name__)


def deliver(job_id: str, delivery: int | None = None) -> None:
    """Carry the job out, from its checkpoint on. What goes wrong with it is written on it, and not raised.

    Texts and days are those of whoever asked: the words of the report, and what a filter calls today.
    Raises Superseded when the job is in other hands, so that the message stays for the case that these fail.
    """
    if job := Running.take(uuid.UUID(job_id), delivery):
        with reading(job.job.language, job.job.time_zone):
            _carry_out(job)


PATH = f"{deliver.__module__}.{deliver.__name__}"


@receiver(pre_execute)
def _name_delivery(task: dict[str, Any], **signal: object) -> None:
    """Tell `deliver` which message brought the job, so that it can keep it from being brought twice."""
    if task["func"] == PATH:
        task["kwargs"]["delivery"] = task.get("ack_id")


def _carry_out(job: Running) -> None:
    if job.job.attempts > MOST_ATTEMPTS:
        job.finish(Job.State.FAILED, _("It was begun again and again, and never got to its end."))
        return
    if job.job.cancel_requested:
        job.finish(Job.State.CANCELLED)
        return
    try:
        import_string(job.job.task)(job)
        job.finish(Job.State.CANCELLED if job.was_cancelled else Job.State.DONE)
    except JobFailed as failed:
        job.finish(Job.State.FAILED, str(failed))
    except Superseded:
        raise
    except Exception as error:
        if not is_deadlock(error):
            _fail(job, error)
        elif again := job.begun_again():
            _carry_out(again)


def _fail(job: Running, error: Exception) -> None:
    """The message of an error may quote a contact's values: its type and place must do."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("Job %s failed: %s\n%s", job.job.pk, type(error).__name__, where)
    job.finish(Job.State.FAILED, _("An unexpected error stopped it. What was done until then stays."))
