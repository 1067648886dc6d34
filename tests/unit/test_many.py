"""A deed on many contacts: nobody is skipped, nobody twice, and what was done can be taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override

from contacts import lifecycle, stepping
from contacts.deeds import DEEDS, Chosen
from contacts.models import Contact, Ticket
from contacts.values import Actor
from deskscim.agents.models import Agent
from deskscim.jobs import queue, running
from deskscim.jobs.delivery import deliver
from deskscim.jobs.models import SILENCE, Job
from tests.cast import admin
from tests.factories import CompanyFactory, ContactFactory, TicketFactory
from tests.jobs import run_queued

__all__ = ["admin"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many chunks of few contacts, and every checkpoint is written."""
    monkeypatch.setattr(stepping, "CHUNK", 2)
    monkeypatch.setattr(running, "EVERY", 0)


def ask(agent: Agent, deed: str, chosen: Chosen, **answers: Any) -> Job:
    return queue.enqueue(
        "contacts.many.carry_out",
        agent=agent,
        title=str(DEEDS[deed].title),
        arguments={"deed": deed, **chosen.arguments, **answers},
        undo=DEEDS[deed].undo,
    )


def everybody(query: str = "") -> Chosen:
    return Chosen(query=query)


def test_nobody_is_skipped_although_the_deed_takes_them_off_the_list(admin: Agent) -> None:
    ContactFactory.create_batch(7)
    ask(admin, "delete", everybody())

    (job,) = run_queued()

    assert (job.state, job.total, job.done, job.refused) == ("done", 7, 7, 0)
    assert Contact.objects.deleted().count() == 7


def test_a_day_of_a_filter_is_the_day_of_whoever_asked(admin: Agent) -> None:
    """A worker has the server's zone: there this evening is a day later, and others would be deleted."""
    evening = datetime(2026, 3, 1, 22, tzinfo=ZoneInfo("America/New_York"))
    Contact.objects.filter(pk=ContactFactory().pk).update(created_at=evening)
    with timezone.override("America/New_York"):
        ask(admin, "delete", everybody("created_from=2026-03-01&created_to=2026-03-01"))

    (job,) = run_queued()

    assert (job.total, job.done) == (1, 1)


def test_the_report_is_in_the_language_of_whoever_asked(admin: Agent) -> None:
    with override("de"):
        ask(admin, "restore", Chosen((ContactFactory().pk,)))

    (job,) = run_queued()

    assert job.reasons == {"Dieser Kontakt ist nicht gelöscht.": 1}


def test_a_company_that_is_gone_by_then_is_said(admin: Agent) -> None:
    ask(admin, "company", Chosen((ContactFactory().pk,)), company=99)

    (job,) = run_queued()

    assert (job.state, job.failure) == ("failed", "The company is gone. Choose another one.")


def test_the_lists_own_order_is_of_no_account(admin: Agent) -> None:
    ContactFactory.create_batch(5)
    ask(admin, "delete", everybody("sort=-email"))

    run_queued()

    assert Contact.objects.deleted().count() == 5


def test_those_who_came_after_the_question_are_left(admin: Agent) -> None:
    """Delete Forever reaches nobody whom the agent could not have seen."""
    ContactFactory(deleted=True)
    ask(admin, "erase", everybody("tab=deleted"))
    new = ContactFactory(deleted=True)
    later = ContactFactory(deleted=True, deleted_at=timezone.now() + timedelta(seconds=1))
    Contact.objects.filter(pk=later.pk).update(created_at=timezone.now() - timedelta(days=1))

    run_queued()

    assert set(Contact.objects.all()) == {new, later}


def test_what_was_not_done_is_told_with_its_reason(admin: Agent) -> None:
    live, deleted = ContactFactory(), ContactFactory(deleted=True)
    ask(admin, "delete", Chosen((live.pk, deleted.pk)))

    (job,) = run_queued()

    (line,) = job.lines.filter(outcome="refused")
    assert (line.subject, line.reason) == (str(deleted.pk), "This contact is in Deleted Contacts already.")
    assert stepping.describe(job, [line]) == {line.subject: (deleted.name, f"/contacts/{deleted.pk}/")}


def test_who_changes_while_a_chunk_is_worked_through_is_read_again(
    admin: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody else has just changed is neither lost nor a reason to leave the contact."""
    contact = ContactFactory()
    read = stepping._read

    def read_then_change(pks: Any) -> Any:
        found = read(pks)
        changed = lifecycle.lock(contact.pk)
        lifecycle.update(contact=changed, values={"title": "Admiral"}, actor=Actor.system("Somebody"))
        return found

    monkeypatch.setattr(stepping, "_read", read_then_change)
    ask(admin, "delete", everybody())

    (job,) = run_queued()

    contact.refresh_from_db()
    assert (job.done, contact.is_deleted, contact.title) == (1, True, "Admiral")


class TestDyingWorker:
    @pytest.fixture
    def dying(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
        """A worker that is killed at the fourth contact, and another one that goes on."""
        calls: list[object] = []

        def kill(*args: object, **kwargs: object) -> object:
            calls.append(args)
            if len(calls) == 4:
                raise SystemExit
            return original(*args, **kwargs)  # type: ignore[arg-type]

        original = stepping._one
        monkeypatch.setattr(stepping, "_one", kill)

        def die() -> None:
            with pytest.raises(SystemExit):
                deliver(str(Job.objects.get().pk))
            Job.objects.update(beat_at=timezone.now() - SILENCE)

        return die

    def test_each_is_done_once(self, admin: Agent, dying: Callable[[], None]) -> None:
        ContactFactory.create_batch(5)
        ask(admin, "delete", everybody())

        dying()
        (job,) = run_queued()

        assert (job.state, job.done, job.refused) == ("done", 5, 0)
        assert [contact.timeline.count() for contact in Contact.objects.all()] == [1] * 5

    def test_undo_knows_them_all(self, admin: Agent, dying: Callable[[], None]) -> None:
        """The third was done after the last checkpoint, and its line is as durable as the deed."""
        ContactFactory.create_batch(5)
        job = ask(admin, "delete", everybody())

        dying()
        run_queued()
        job.refresh_from_db()
        queue.undo(job, agent=admin)

        assert Contact.objects.active().count() == 5


class TestUndo:
    def test_restores_whom_the_job_deleted_and_nobody_else(self, admin: Agent) -> None:
        before = ContactFactory(deleted=True)
        fresh = ContactFactory()
        ticket = TicketFactory(contact=fresh)
        job = ask(admin, "delete", Chosen((before.pk, fresh.pk)))
        run_queued()
        job.refresh_from_db()

        undoing = queue.undo(job, agent=admin)

        assert (undoing.state, undoing.done) == ("done", 1)
        assert list(Contact.objects.deleted()) == [before]
        assert list(Ticket.objects.working()) == [ticket]

    def test_says_whom_somebody_else_restored_before(self, admin: Agent) -> None:
        contact = ContactFactory()
        job = ask(admin, "delete", everybody())
        run_queued()
        job.refresh_from_db()
        lifecycle.restore(contact=lifecycle.lock(contact.pk), actor=Actor.system("Somebody"))

        undoing = queue.undo(job, agent=admin)

        assert (undoing.done, undoing.reasons) == (0, {"This contact is not deleted.": 1})

    def test_suspends_again(self, admin: Agent) -> None:
        """R35: with their tickets."""
        contact = ContactFactory(suspended=True)
        ticket = TicketFactory(contact=contact, spam_cause="suspension")
        job = ask(admin, "unsuspend", everybody("tab=suspended"))
        run_queued()
        assert Ticket.objects.working().count() == 1
        job.refresh_from_db()

        queue.undo(job, agent=admin)

        assert list(Contact.objects.suspended()) == [contact]
        assert list(Ticket.objects.spam()) == [ticket]

    def test_puts_restored_contacts_back_where_they_were(self, admin: Agent) -> None:
        """R27, R34: into Deleted Contacts, their tickets to spam; who was live all the time stays."""
        deleted, live = ContactFactory(deleted=True), ContactFactory()
        ticket = TicketFactory(contact=deleted, spam_cause="deletion")
        job = ask(admin, "restore", Chosen((deleted.pk, live.pk)))
        run_queued()
        assert list(Ticket.objects.working()) == [ticket]
        job.refresh_from_db()

        undoing = queue.undo(job, agent=admin)

        assert (undoing.done, undoing.refused) == (1, 0)
        assert list(Contact.objects.deleted()) == [deleted]
        assert list(Ticket.objects.spam()) == [ticket]

    def test_an_earlier_company_that_is_gone_is_said(self, admin: Agent) -> None:
        old, new = CompanyFactory(), CompanyFactory()
        contact = ContactFactory(company=old)
        job = ask(admin, "company", Chosen((contact.pk,)), company=new.pk)
        run_queued()
        job.refresh_from_db()
        old.delete()

        undoing = queue.undo(job, agent=admin)

        assert undoing.reasons == {"Its earlier company is gone.": 1}


def test_cancelled_it_stops_between_two_contacts(admin: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    ContactFactory.create_batch(6)
    job = ask(admin, "delete", everybody())
    original = stepping._one

    def cancel_first(*args: Any) -> None:
        queue.cancel(job)
        original(*args)

    monkeypatch.setattr(stepping, "_one", cancel_first)
    run_queued()

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert job.done == Contact.objects.deleted().count() < 6


def test_no_value_of_a_contact_stays_with_the_job(admin: Agent) -> None:
    """R30: ids and reasons, and no word of whom was searched for. No id can look like the name."""
    ContactFactory(name="Wynn", emails=["wynn@northwind.example"])
    job = ask(admin, "delete", everybody("q=wynn"))
    run_queued()

    job.refresh_from_db()
    kept = str([*Job.objects.values(), *job.lines.values()])
    assert "wynn" not in kept.lower().replace(str(admin.email), "")
