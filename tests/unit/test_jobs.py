"""Background work: delivered at least once, resumed at its checkpoint, cancelled, undone."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from deskscim.agents.models import Agent
from deskscim.jobs import queue, running
from deskscim.jobs.delivery import deliver
from deskscim.jobs.errors import CannotUndo, JobFailed, Superseded
from deskscim.jobs.models import SILENCE, Job, JobLine
from deskscim.jobs.running import Running
from tests.cast import agent, manager
from tests.factories import JobFactory
from tests.jobs import run_queued

__all__ = ["agent", "manager"]

pytestmark = pytest.mark.django_db

Task = Callable[[Running], None]
State = Job.State
seen: list[int] = []  # what the tasks below did, whatever became of their transaction


@pytest.fixture(autouse=True)
def _always_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is written each time, and nothing is remembered from the test before."""
    monkeypatch.setattr(running, "EVERY", 0)
    seen.clear()


def count(job: Running) -> None:
    """Counts to `to`, refusing 2, from the number after its checkpoint on; dies at `dies` the first time."""
    for number in range((job.checkpoint or 0) + 1, job.arguments["to"] + 1):
        if number == job.arguments.get("dies") and job.job.attempts == 1:
            raise SystemExit
        if number == job.arguments.get("cancel"):
            Job.objects.filter(pk=job.job.pk).update(cancel_requested=True)
        if job.is_cancelled:
            return
        seen.append(number)
        if number == 2:
            job.refuse(number, "Two is refused.")
        else:
            job.record(number, before={"was": number})
            job.advance()
        job.keep(number)


def uncount(job: Running) -> None:
    """Takes back what `count` did."""
    assert job.job.undoes
    for line in job.job.undoes.lines.filter(outcome=JobLine.Outcome.DONE):
        assert line.before
        seen.append(-line.before["was"])
        job.advance()


def make_file(job: Running) -> None:
    job.attach("numbers.csv", ContentFile(b"1,2,3"))


def give_up(job: Running) -> None:
    raise JobFailed("The file holds no table.")


def trip(job: Running) -> None:
    raise ValueError(job.arguments["email"])


def ask(agent: Agent, task: Task = count, **more: Any) -> Job:
    arguments = more.pop("arguments", {"to": 3})
    path = f"tests.unit.test_jobs.{task.__name__}"
    return queue.enqueue(path, agent=agent, title="Count", arguments=arguments, **more)


class TestOnce:
    def test_runs_when_a_worker_takes_it_up(self, manager: Agent) -> None:
        job = ask(manager, total=3)
        assert (job.state, seen) == (State.QUEUED, [])

        (job,) = run_queued()

        assert (job.state, seen) == (State.DONE, [1, 2, 3])
        assert (job.total, job.done, job.refused) == (3, 2, 1)
        assert job.reasons == {"Two is refused.": 1}
        assert job.started_at
        assert job.finished_at
        assert OrmQ.objects.count() == 0

    def test_each_subject_has_its_line(self, manager: Agent) -> None:
        job = ask(manager)
        run_queued()

        lines = [(line.subject, line.outcome, line.reason, line.before) for line in job.lines.all()]
        assert sorted(lines) == [
            ("1", "done", "", {"was": 1}),
            ("2", "refused", "Two is refused.", None),
            ("3", "done", "", {"was": 3}),
        ]

    def test_a_transaction_that_is_undone_asks_for_nothing(self, manager: Agent) -> None:
        with transaction.atomic():
            ask(manager)
            transaction.set_rollback(True)

        assert run_queued() == []
        assert seen == []

    def test_at_once_needs_no_worker(self, manager: Agent) -> None:
        job = ask(manager, at_once=True)

        assert (job.state, job.done, seen) == (State.DONE, 2, [1, 2, 3])
        assert OrmQ.objects.count() == 0

    def test_what_was_asked_for_is_forgotten_at_the_end(self, manager: Agent) -> None:
        """R30: a search may name somebody, and must not outlive the job."""
        ask(manager, arguments={"to": 1, "query": "q=ada"})

        (job,) = run_queued()

        assert (job.arguments, job.checkpoint) == ({}, None)

    def test_a_file_is_kept_for_whoever_asked(self, manager: Agent) -> None:
        job = ask(manager, make_file, at_once=True)

        assert job.file.read() == b"1,2,3"
        assert job.file_name.startswith("numbers")

    def test_the_queue_holds_no_more_than_the_id(self, manager: Agent) -> None:
        job = ask(manager, arguments={"to": 1, "query": "ada@northwind.example"})

        assert OrmQ.objects.get().task["args"] == (str(job.pk),)


class TestDyingWorker:
    """At least once: another worker goes on at the checkpoint."""

    def test_the_next_one_goes_on_at_the_checkpoint(self, manager: Agent) -> None:
        job = ask(manager, arguments={"to": 4, "dies": 3})
        with pytest.raises(SystemExit):
            deliver(str(job.pk))
        job.refresh_from_db()
        assert (job.state, job.done, job.refused, job.checkpoint) == (State.RUNNING, 1, 1, 2)

        Job.objects.update(beat_at=timezone.now() - SILENCE)
        (job,) = run_queued()

        assert seen == [1, 2, 3, 4]
        assert (job.state, job.done, job.refused, job.reasons) == (State.DONE, 3, 1, {"Two is refused.": 1})

    def test_while_it_lives_no_other_takes_the_job_up(self, manager: Agent) -> None:
        job = ask(manager)
        assert Running.take(job.pk)

        with pytest.raises(Superseded):
            deliver(str(job.pk))

        assert seen == []

    def test_word_of_life_keeps_the_message_from_being_brought_again(self, manager: Agent) -> None:
        job = ask(manager)
        message = OrmQ.objects.get()
        taken = Running.take(job.pk, message.pk)
        assert taken

        taken.advance()

        message.refresh_from_db()
        assert message.lock > timezone.now() + SILENCE / 2

    def test_one_that_comes_back_too_late_stops_at_once(self, manager: Agent) -> None:
        job = ask(manager)
        first = Running.take(job.pk)
        Job.objects.update(beat_at=timezone.now() - SILENCE)
        assert Running.take(job.pk)
        assert first

        with pytest.raises(Superseded):
            first.advance()

    def test_without_a_checkpoint_counts_begin_anew(self, manager: Agent) -> None:
        job = ask(manager)
        first = Running.take(job.pk)
        assert first
        first.advance()
        first.refuse(1, "No.")
        Job.objects.update(beat_at=timezone.now() - SILENCE)

        second = Running.take(job.pk)

        assert second
        assert (second.job.done, second.job.refused, second.job.reasons) == (0, 0, {})
        assert job.lines.count() == 0

    def test_a_job_that_ends_every_worker_is_given_up(self, manager: Agent) -> None:
        ask(manager)
        Job.objects.update(attempts=running.MOST_ATTEMPTS)

        (job,) = run_queued()

        assert (job.state, seen) == (State.FAILED, [])
        assert "again and again" in job.failure


class TestFailing:
    def test_a_task_says_why_it_cannot_go_on(self, manager: Agent) -> None:
        job = ask(manager, give_up, at_once=True)

        assert (job.state, job.failure) == (State.FAILED, "The file holds no table.")

    def test_an_error_is_logged_without_its_words(
        self, manager: Agent, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Personal data belongs in no log; type and place are enough to find a fault."""
        ask(manager, trip, arguments={"email": "ada@northwind.example"})
        with caplog.at_level(logging.ERROR, "deskscim"):
            (job,) = run_queued()

        assert job.state == State.FAILED
        assert "An unexpected error" in job.failure
        assert "ValueError" in caplog.text
        assert "in trip" in caplog.text
        assert "ada@" not in caplog.text
        assert OrmQ.objects.count() == 0


class TestCancel:
    def test_before_it_begins(self, manager: Agent) -> None:
        queue.cancel(ask(manager))

        (job,) = run_queued()

        assert (job.state, job.arguments, seen) == (State.CANCELLED, {}, [])

    def test_in_the_middle_what_is_done_stays(self, manager: Agent) -> None:
        ask(manager, arguments={"to": 9, "cancel": 4})

        (job,) = run_queued()

        assert (job.state, job.done, seen) == (State.CANCELLED, 3, [1, 2, 3, 4])

    def test_asks_a_running_one(self, manager: Agent) -> None:
        job = ask(manager)
        Running.take(job.pk)

        queue.cancel(job)

        job.refresh_from_db()
        assert (job.state, job.cancel_requested) == (State.RUNNING, True)

    def test_one_whose_worker_is_gone_ends_at_once(self, manager: Agent) -> None:
        job = ask(manager)
        Running.take(job.pk)
        Job.objects.update(beat_at=timezone.now() - SILENCE)

        queue.cancel(job)

        job.refresh_from_db()
        assert job.state == State.CANCELLED

    def test_what_has_ended_stays_as_it_is(self, manager: Agent) -> None:
        job = ask(manager, at_once=True)

        queue.cancel(job)

        job.refresh_from_db()
        assert (job.state, job.cancel_requested) == (State.DONE, False)


class TestUndo:
    UNDO = "tests.unit.test_jobs.uncount"

    def test_takes_back_what_was_done_and_no_more(self, manager: Agent) -> None:
        job = ask(manager, undo=self.UNDO, at_once=True)

        undoing = queue.undo(job, agent=manager)

        assert seen == [1, 2, 3, -1, -3]
        assert (undoing.title, undoing.state, undoing.done) == ("Undo: Count", State.DONE, 2)

    def test_once(self, manager: Agent) -> None:
        """Of two who press Undo at the same time one does; the database says so."""
        job = ask(manager, undo=self.UNDO, at_once=True)
        same = Job.objects.get(pk=job.pk)
        assert same.can_be_undone
        queue.undo(job, agent=manager)

        with pytest.raises(CannotUndo), transaction.atomic():
            queue.undo(same, agent=manager)

    @pytest.mark.parametrize(
        "columns",
        [
            {"state": State.RUNNING, "undo": UNDO, "done": 1},
            {"state": State.DONE, "undo": "", "done": 1},
            {"state": State.DONE, "undo": UNDO, "done": 0},
        ],
    )
    def test_not_of_what_runs_or_did_nothing_or_has_none(
        self, manager: Agent, columns: dict[str, Any]
    ) -> None:
        with pytest.raises(CannotUndo):
            queue.undo(JobFactory(**columns), agent=manager)

    def test_many_are_undone_in_the_background(self, manager: Agent) -> None:
        job = JobFactory(state=State.DONE, undo=self.UNDO, done=queue.AT_ONCE + 1)
        JobLine.objects.create(job=job, subject="one of them", outcome=JobLine.Outcome.DONE)

        assert queue.undo(job, agent=manager).state == State.QUEUED

    def test_what_a_worker_recorded_before_it_died_can_be_taken_back(self, manager: Agent) -> None:
        job = JobFactory(state=State.CANCELLED, undo=self.UNDO, done=0)
        assert not job.can_be_undone
        JobLine.objects.create(job=job, subject="one of them", outcome=JobLine.Outcome.DONE)
        assert job.can_be_undone


class TestUnserved:
    """A queue that no worker serves is seen."""

    @pytest.mark.parametrize(
        ("state", "waited", "expected"),
        [
            (State.QUEUED, SILENCE * 2, True),
            (State.QUEUED, timedelta(0), False),
            (State.DONE, SILENCE * 2, False),
        ],
    )
    def test_after_a_minute(self, db: None, state: str, waited: timedelta, expected: bool) -> None:
        job = JobFactory(state=state)
        Job.objects.update(created_at=timezone.now() - waited)
        job.refresh_from_db()

        assert job.is_unserved() is expected

    def test_not_while_the_worker_is_at_another_job(self, db: None) -> None:
        job = JobFactory()
        Job.objects.update(created_at=timezone.now() - SILENCE * 2)
        JobFactory(state=State.RUNNING, beat_at=timezone.now())
        job.refresh_from_db()

        assert not job.is_unserved()


def test_reasons_without_end_are_summed_up(manager: Agent) -> None:
    taken = Running.take(ask(manager).pk)
    assert taken
    for number in range(running.MOST_REASONS + 5):
        taken.refuse(number, f"Row {number} is odd.")

    assert len(taken.job.reasons) == running.MOST_REASONS + 1
    assert taken.job.reasons["Other reasons"] == 5


def test_old_jobs_are_forgotten_with_their_files(manager: Agent) -> None:
    old, new = ask(manager, make_file, at_once=True), ask(manager, make_file, at_once=True)
    Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=8))

    call_command("forget_jobs")

    assert list(Job.objects.all()) == [new]
    assert not old.file.storage.exists(str(old.file))
    assert new.file.storage.exists(str(new.file))
