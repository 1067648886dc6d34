"""The pages of background work."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from deskscim.agents.models import Agent
from deskscim.jobs import views
from deskscim.jobs.models import SILENCE, Job, JobLine
from tests.factories import ContactFactory, JobFactory

from .page import rows, text

LIST = reverse("jobs:list")
HTMX = {"HX-Request": "true"}
State = Job.State


def url(job: Job, name: str = "detail") -> str:
    return reverse(f"jobs:{name}", args=[job.pk])


def test_a_job_is_undone_however_long_its_title(manager_client: Client, manager: Agent) -> None:
    job = JobFactory(
        agent=manager, title="t" * 255, state=State.DONE, done=1, undo="contacts.many.undo_delete"
    )
    JobLine.objects.create(job=job, subject="somebody", outcome=JobLine.Outcome.DONE)

    manager_client.post(url(job, "undo"))

    assert Job.objects.get(undoes=job).title == ("Undo: " + "t" * 255)[:255]


class TestList:
    def test_shows_ones_own_the_newest_first(self, manager_client: Client, manager: Agent) -> None:
        JobFactory(title="Older", agent=manager)
        JobFactory(title="Newer", agent=manager, state=State.DONE, done=3, total=4)
        JobFactory(title="Somebody else's")

        response = manager_client.get(LIST)

        assert rows(response) == ["Newer", "Older"]
        assert "Newer Done 3 / 4 Mia Manager" in text(response)

    def test_an_admin_sees_all(self, admin_client: Client, manager: Agent) -> None:
        JobFactory(title="Mia's", agent=manager)

        assert rows(admin_client.get(LIST)) == ["Mia's"]

    def test_no_row_has_a_tab_stop_for_its_time(self, admin_client: Client, manager: Agent) -> None:
        job = JobFactory(agent=manager)
        assert b'tabindex="0"' not in admin_client.get(reverse("jobs:list")).content
        assert b'tabindex="0"' in admin_client.get(url(job)).content

    def test_says_what_will_be_here(self, manager_client: Client) -> None:
        assert "No jobs yet" in text(manager_client.get(LIST))

    def test_older_ones_are_one_click_away(
        self, admin_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "PER_PAGE", 2)
        jobs = [JobFactory(title=f"Job {number}") for number in range(3)]

        first = admin_client.get(LIST)
        second = admin_client.get(LIST, {"before": str(jobs[1].pk)})

        assert rows(first) == ["Job 2", "Job 1"]
        assert f"before={jobs[1].pk}" in first.content.decode()
        assert rows(second) == ["Job 0"]
        assert "Older" not in text(second)

    @pytest.mark.parametrize("before", ["x", "\0", "1"])
    def test_a_broken_address_is_the_first_page(self, admin_client: Client, before: str) -> None:
        JobFactory(title="Job")

        assert rows(admin_client.get(LIST, {"before": before})) == ["Job"]

    @pytest.mark.parametrize("count", [1, 20])
    def test_queries_do_not_grow(
        self, admin_client: Client, django_assert_num_queries: Callable[[int], Any], count: int
    ) -> None:
        JobFactory.create_batch(count)

        with django_assert_num_queries(3):  # session, agent, jobs
            admin_client.get(LIST)


class TestProgress:
    @pytest.fixture
    def job(self, manager: Agent) -> Job:
        job: Job = JobFactory(
            agent=manager, state=State.RUNNING, beat_at=timezone.now(), total=4000, done=1200, refused=34
        )
        return job

    def test_asks_for_itself_every_second(self, manager_client: Client, job: Job) -> None:
        response = manager_client.get(url(job))

        html = response.content.decode()
        assert '<progress value="1234" max="4000" aria-label="Progress">' in html
        assert f'hx-get="{url(job)}" hx-trigger="every 1s"' in html
        assert "Running 1,234 of 4,000 You can leave this page; the job goes on." in text(response)

    def test_answers_with_the_progress_alone(self, manager_client: Client, job: Job) -> None:
        response = manager_client.get(url(job), headers=HTMX)

        assert b"<html" not in response.content
        assert "1,234 of 4,000" in text(response)

    def test_loads_the_page_anew_once_it_has_ended(self, manager_client: Client, job: Job) -> None:
        Job.objects.update(state=State.DONE)

        response = manager_client.get(url(job), headers=HTMX)

        assert response.headers["HX-Refresh"] == "true"

    def test_of_an_unknown_number_counts_only(self, manager_client: Client, job: Job) -> None:
        Job.objects.update(total=None)

        response = manager_client.get(url(job))

        assert '<progress aria-label="Progress">' in response.content.decode()
        assert "1,234 so far" in text(response)

    @pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
    def test_a_queue_that_nobody_serves_is_seen(self, manager_client: Client, job: Job, state: str) -> None:
        long_ago = timezone.now() - SILENCE * 2
        Job.objects.update(state=state, created_at=long_ago, beat_at=long_ago)

        response = manager_client.get(url(job))

        assert "No worker is running: start `manage.py qcluster`." in text(response)

    def test_queries(
        self, manager_client: Client, job: Job, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        with django_assert_num_queries(3):  # session, agent, job
            manager_client.get(url(job), headers=HTMX)


class TestReport:
    def test_tells_what_was_done_and_what_not_and_why(self, manager_client: Client, manager: Agent) -> None:
        contact = ContactFactory(name="Ada")
        job = JobFactory(
            agent=manager, state=State.DONE, done=5, refused=2, reasons={"It is gone.": 2},
            describe="contacts.stepping.describe",
        )  # fmt: skip
        for subject in (contact.pk, "0" * 32):
            JobLine.objects.create(job=job, subject=subject, outcome="refused", reason="It is gone.")

        response = manager_client.get(url(job))

        shown = text(response)
        assert "Done 5 Not done 2 Why not It is gone. 2 Not done Ada It is gone." in shown
        assert reverse("contacts:detail", args=[contact.pk]) in response.content.decode()
        assert "hx-trigger" not in response.content.decode()

    def test_long_ones_have_pages(
        self, manager_client: Client, manager: Agent, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "LINES", 2)
        job = JobFactory(agent=manager, state=State.DONE, refused=3)
        lines = [
            JobLine.objects.create(job=job, subject=f"row {number}", outcome="refused") for number in range(3)
        ]

        first = manager_client.get(url(job))
        second = manager_client.get(url(job), {"after": lines[1].pk})

        assert "row 1" in text(first)
        assert "row 2" not in text(first)
        assert f"after={lines[1].pk}" in first.content.decode()
        assert "row 2 First page" in text(second)

    @pytest.mark.parametrize(
        ("columns", "said"),
        [
            ({"state": State.FAILED, "failure": "The file holds no table."}, "The file holds no table."),
            ({"state": State.CANCELLED}, "It was cancelled. What was done until then stays."),
        ],
    )
    def test_says_how_it_ended(
        self, manager_client: Client, manager: Agent, columns: dict[str, Any], said: str
    ) -> None:
        assert said in text(manager_client.get(url(JobFactory(agent=manager, **columns))))


class TestCancel:
    def test_stops_what_waits_at_once(self, manager_client: Client, manager: Agent) -> None:
        job = JobFactory(agent=manager)
        assert "Cancel" in text(manager_client.get(url(job)))

        response = manager_client.post(url(job, "cancel"), follow=True)

        assert "It was cancelled." in text(response)

    def test_asks_what_runs(self, manager_client: Client, manager: Agent) -> None:
        job = JobFactory(agent=manager, state=State.RUNNING, beat_at=timezone.now())

        response = manager_client.post(url(job, "cancel"), follow=True)

        assert "It is being stopped." in text(response)
        assert url(job, "cancel") not in response.content.decode()


class TestUndo:
    @pytest.fixture
    def job(self, manager: Agent) -> Job:
        """One that deleted a contact."""
        contact = ContactFactory(deleted=True)
        job: Job = JobFactory(
            agent=manager, title="Delete contacts", state=State.DONE, done=1,
            undo="contacts.many.undo_delete", permission="contacts.bulk_contact",
        )  # fmt: skip
        JobLine.objects.create(job=job, subject=contact.pk, outcome="done", before={})
        return job

    def test_takes_it_back_and_says_so(self, manager_client: Client, job: Job) -> None:
        response = manager_client.post(url(job, "undo"), follow=True)

        assert "Undo: Delete contacts Done" in text(response)
        assert Contact.objects.deleted().count() == 0
        assert "This was taken back: Undo: Delete contacts" in text(manager_client.get(url(job)))

    def test_a_second_time_is_refused(self, manager_client: Client, job: Job) -> None:
        manager_client.post(url(job, "undo"))

        response = manager_client.post(url(job, "undo"), follow=True)

        assert "Nothing is left to undo" in text(response)
        assert Job.objects.count() == 2

    def test_needs_the_right_that_the_deed_needed(
        self, manager_client: Client, job: Job, admin_client: Client
    ) -> None:
        """R48: whoever has lost it since cannot use it by an old job."""
        Job.objects.update(permission="contacts.erase_contact")

        assert manager_client.post(url(job, "undo")).status_code == 403
        assert admin_client.post(url(job, "undo")).status_code == 302

    def test_can_be_asked_about_before(self, manager_client: Client, job: Job) -> None:
        assert "Undo “Delete contacts”? What it changed goes back" in text(
            manager_client.get(url(job, "undo"))
        )
        assert not Job.objects.exclude(pk=job.pk).exists()

        Job.objects.update(undo_question="contacts/import/_undo.html")

        assert "New contacts are removed altogether" in text(manager_client.get(url(job, "undo")))
        html = manager_client.get(url(job)).content.decode()
        assert f'href="{url(job, "undo")}" data-dialog' in html
        assert f'formaction="{url(job, "undo")}"' not in html

    def test_leads_to_no_other_site(self, manager_client: Client, job: Job) -> None:
        response = manager_client.post(url(job, "undo"), {"next": "//elsewhere.example/"})

        assert response["Location"].startswith(LIST)


class TestFile:
    def test_is_handed_out_as_a_download(self, manager_client: Client, manager: Agent) -> None:
        file = SimpleUploadedFile("contacts.csv", b"name\nAda\n")
        job = JobFactory(agent=manager, state=State.DONE, file=file)
        assert "Download" in text(manager_client.get(url(job)))

        response = manager_client.get(url(job, "file"))

        assert b"".join(response) == b"name\nAda\n"
        assert response["Content-Disposition"].startswith('attachment; filename="contacts')

    def test_to_nobody_else(self, manager_client: Client) -> None:
        job = JobFactory(state=State.DONE, file=SimpleUploadedFile("contacts.csv", b"Ada"))

        assert manager_client.get(url(job, "file")).status_code == 404

    def test_one_without_is_not_found(self, manager_client: Client, manager: Agent) -> None:
        assert manager_client.get(url(JobFactory(agent=manager), "file")).status_code == 404

    def test_one_that_is_deleted_is_not_found(self, manager_client: Client, manager: Agent) -> None:
        job = JobFactory(agent=manager, file=SimpleUploadedFile("contacts.csv", b"Ada"))
        job.file.storage.delete(job.file.name)

        assert manager_client.get(url(job, "file")).status_code == 404
