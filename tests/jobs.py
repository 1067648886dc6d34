"""Carrying out in this process what waits in the queue: the real broker, messages, worker and tasks."""

from multiprocessing import Event, Queue, Value
from typing import Any

from django_q.models import OrmQ
from django_q.monitor import monitor
from django_q.pusher import pusher
from django_q.worker import worker

from deskscim.jobs.models import Job


def run_queued() -> list[Job]:
    """Every job that waits, as a worker would; the jobs in the order of their making."""
    stop = Event()
    stop.set()  # each of the three ends when it has nothing left
    while OrmQ.objects.exists():
        messages: Queue[Any] = Queue()
        results: Queue[Any] = Queue()
        pusher(messages, stop)
        # On the test's own connection, and an error of the machinery fails the test.
        messages.put({**messages.get(), "sync": True})
        messages.put("STOP")
        worker(messages, results, Value("f", -1))
        results.put("STOP")
        monitor(results)
    return list(Job.objects.order_by("id"))
