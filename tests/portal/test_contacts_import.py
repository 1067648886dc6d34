"""Importing contacts: upload, columns, check, report, import, refused rows."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.importing import service, tasks, writing
from contacts.models import Contact, ContactImport, TimelineEntry
from deskscim.agents.models import Agent
from deskscim.jobs import running
from deskscim.jobs.delivery import deliver
from deskscim.jobs.models import SILENCE, Job, JobLine
from tests.cast import signed_in
from tests.factories import AgentFactory, CompanyFactory, ContactFactory, ContactFieldFactory
from tests.jobs import run_queued

from .importing import PEOPLE, START, checked, choose, file_of, imported, last, page, upload
from .page import rows, text


class TestUpload:
    def test_says_what_can_be_imported(self, manager_client: Client) -> None:
        ContactFieldFactory(label="Cost centre")
        shown = text(manager_client.get(START))
        assert "Primary e-mail address · Other e-mail addresses · Company" in shown
        assert "Cost centre" in shown

    def test_needs_a_file(self, manager_client: Client) -> None:
        assert "Choose a file." in text(manager_client.post(START))

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "The file is empty."),
            ("Name\n", "no row below them"),
            (b"PK\x03\x04", "damaged or protected"),
            ('Name\n"Ann\n', "Line 2 cannot be read"),
        ],
    )
    def test_a_file_without_contacts_is_refused(
        self, manager_client: Client, content: str | bytes, said: str
    ) -> None:
        assert said in text(upload(manager_client, content))
        assert not ContactImport.objects.exists()

    def test_a_large_file_is_refused_with_what_to_do(self, manager_client: Client, settings: Any) -> None:
        settings.IMPORT_MAX_BYTES = 50
        shown = text(upload(manager_client))
        assert "at most 50 bytes can be imported at once. Split it into parts." in shown
        assert not ContactImport.objects.exists()

    def test_its_name_leads_to_no_other_place(self, manager_client: Client, settings: Any) -> None:
        upload(manager_client, name="../../evil.csv")
        path = Path(last().file.path).resolve()
        assert path.parent == Path(settings.MEDIA_ROOT).resolve() / "imports"

    def test_files_that_nobody_imported_go_after_a_week(self, manager_client: Client) -> None:
        """They hold personal values."""
        upload(manager_client)
        old = last()
        ContactImport.objects.update(created_at=timezone.now() - timedelta(days=8))
        call_command("forget_imports")
        assert not Path(old.file.path).exists()
        assert "not here any more" in text(
            manager_client.get(reverse("contacts:import-file", args=[old.pk]), follow=True)
        )


class TestTemplate:
    def test_as_csv(self, manager_client: Client) -> None:
        ContactFieldFactory(label="Cost centre")
        answer = manager_client.get(reverse("contacts:import-template"))
        content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        (headings,) = csv.reader(io.StringIO(content))
        assert headings[:4] == ["Name", "Given name", "Family name", "Primary e-mail address"]
        assert headings[-1] == "Cost centre"

    def test_as_xlsx_and_back(self, manager_client: Client) -> None:
        answer = manager_client.get(reverse("contacts:import-template"), {"format": "xlsx"})
        workbook = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
        sheet = workbook.worksheets[0]
        sheet.append(["Ann", "", "", "ann@northwind.example"])
        file = io.BytesIO()
        workbook.save(file)
        assert imported(manager_client, file.getvalue()).done == 1
        assert Contact.objects.get().name == "Ann"


class TestColumns:
    def test_are_guessed_and_shown_with_examples(self, manager_client: Client) -> None:
        answer = upload(manager_client)
        assert last().mapping == ["name", "email", "title", ""]
        assert "Shoe size" in text(answer)
        assert "38 · 44" in text(answer)

    def test_are_remembered_for_the_same_headings(self, manager_client: Client) -> None:
        ContactFieldFactory(label="Size", api_name="cf_size")
        upload(manager_client)
        choose(manager_client, "name", "email", "", "cf_size", update_existing="")
        answer = upload(manager_client, PEOPLE.replace("Ann", "Anne"))
        assert last().mapping == ["name", "email", "", "cf_size"]
        assert not answer.context["form"]["update_existing"].value()

    def test_are_remembered_for_each_agent(self, manager_client: Client, admin_client: Client) -> None:
        upload(manager_client)
        choose(manager_client, "", "email", "", "")
        upload(admin_client)
        assert last().mapping == ["name", "email", "title", ""]

    @pytest.mark.parametrize(
        ("keys", "choices", "said"),
        [
            (["name", "email", "name", ""], {}, "Another heading has this column already."),
            (["", "", "title", ""], {}, "Say which column holds the name or the e-mail address."),
            (["name", "", "", ""], {"update_existing": "", "create_new": ""}, "Tick at least one"),
            (["external_id", "", "", ""], {}, "Select a valid choice"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, manager_client: Client, keys: list[str], choices: dict[str, str], said: str
    ) -> None:
        upload(manager_client)
        assert said in text(choose(manager_client, *keys, **choices))
        assert not Job.objects.exists()

    def test_can_be_changed_after_the_check(self, manager_client: Client) -> None:
        checked(manager_client)
        assert "Check the file" in text(manager_client.get(page() + "?columns"))
        choose(manager_client, "name", "", "", "")
        run_queued()
        assert last().counts == {"create": 2}

    def test_belong_to_whoever_uploaded_the_file(self, manager_client: Client) -> None:
        upload(manager_client)
        stranger = signed_in(AgentFactory(role="admin"))
        assert stranger.get(page()).status_code == 404


class TestCheck:
    def test_says_what_would_become_of_each_row_and_writes_nothing(self, manager_client: Client) -> None:
        ContactFactory(name="Bob", title="Boss", emails=["bob@northwind.example"])
        shown = text(checked(manager_client, PEOPLE.replace("Bob", "Rob") + "Cyd;cyd@;;\n"))
        assert "Nothing is written yet." in shown
        assert "2 Ann ann@northwind.example New contact" in shown
        assert "3 Rob bob@northwind.example Updated Changes: Name." in shown
        assert "4 Cyd cyd@ Refused Primary e-mail address: This is not an e-mail address." in shown
        assert (last().counts, last().rows) == ({"create": 1, "update": 1, "refused": 1}, 3)
        assert set(Contact.objects.values_list("name", flat=True)) == {"Bob"}

    def test_its_report_holds_every_row_by_number_and_name(self, manager_client: Client) -> None:
        checked(manager_client, PEOPLE + "=Cyd;cyd@northwind.example;;\n")
        lines = file_of(manager_client, Job.objects.get())
        assert lines == [
            ["Row", "Name", "E-mail", "What becomes of it", "Why"],
            ["2", "Ann", "ann@northwind.example", "New contact", ""],
            ["3", "Bob", "bob@northwind.example", "New contact", ""],
            ["4", "'=Cyd", "cyd@northwind.example", "New contact", ""],
        ]

    def test_all_refused_rows_have_their_names(self, manager_client: Client) -> None:
        """Of given and family name, where no column holds the whole; quoted lines of a cell are one row."""
        content = 'First name,Last name,E-mail,Note\nAnn,Berg,ann@,"one\ntwo"\nBob,,bob@,\n'
        checked(manager_client, content)
        shown = text(manager_client.get(reverse("jobs:detail", args=[Job.objects.get().pk])))
        assert "Row 2: Ann Berg · ann@ Primary e-mail address" in shown
        assert "Row 3: Bob · bob@ Primary e-mail address" in shown

    def test_offers_no_import_where_nothing_would_change(self, manager_client: Client) -> None:
        ContactFactory(name="Ann", emails=["ann@northwind.example"])
        answer = checked(manager_client, "Name,E-mail\nAnn,ann@northwind.example\n")
        assert "No row would change anything." in text(answer)
        assert page("import-run") not in answer.content.decode()

    def test_shows_its_progress_until_then(self, manager_client: Client) -> None:
        upload(manager_client)
        answer = choose(manager_client)
        assert "It waits for a worker." in text(answer)
        assert page("import-run") not in answer.content.decode()

    def test_says_where_a_file_cannot_be_read(self, manager_client: Client) -> None:
        shown = text(checked(manager_client, PEOPLE + 'Cyd;c@x.example;;\n"Dan;d@x.example;;\n'))
        assert "Line 5 cannot be read: a quotation mark is missing or out of place." in shown

    def test_of_two_checks_the_last_one_counts(self, manager_client: Client) -> None:
        """The first, in a worker's hands already, is of columns that the agent has changed since."""
        upload(manager_client)
        choose(manager_client)
        first = last().check_job
        assert first
        Job.objects.filter(pk=first.pk).update(state="running", beat_at=timezone.now())
        choose(manager_client, create_new="")
        first.refresh_from_db()
        assert first.cancel_requested
        deliver(str(last().check_job_id))
        Job.objects.filter(pk=first.pk).update(cancel_requested=False, beat_at=timezone.now() - SILENCE)
        deliver(str(first.pk))
        assert last().counts == {"skip": 2}


class TestImport:
    def test_needs_a_check(self, manager_client: Client) -> None:
        upload(manager_client)
        assert manager_client.post(page("import-run"))["Location"] == page()
        assert not Job.objects.exists()

    def test_writes_in_the_name_of_the_agent(self, manager_client: Client) -> None:
        """R43."""
        CompanyFactory(name="Northwind", domains=["northwind.example"])
        job = imported(manager_client)
        assert (job.state, job.done, job.total, job.refused) == ("done", 2, 2, 0)
        contact = Contact.objects.get(name="Ann")
        assert (contact.title, contact.source, str(contact.company)) == ("Cook", "import", "Northwind")
        lines = TimelineEntry.objects.values_list("actor_kind", "actor_label")
        assert list(lines) == [("import", "Mia Manager")] * 2

    def test_leads_to_the_job(self, manager_client: Client) -> None:
        job = imported(manager_client)
        assert manager_client.get(page())["Location"] == reverse("jobs:detail", args=[job.pk])

    def test_asked_for_twice_happens_once(self, manager_client: Client) -> None:
        checked(manager_client)
        first, second = (manager_client.post(page("import-run")) for _ in range(2))
        assert first["Location"] == second["Location"]
        assert Job.objects.count() == 2  # the check is the other

    def test_keeps_no_file(self, manager_client: Client) -> None:
        """R30: what it held is in the contacts now."""
        upload(manager_client)
        path = Path(last().file.path)
        assert path.exists()
        choose(manager_client)
        run_queued()
        manager_client.post(page("import-run"))
        run_queued()
        assert list(path.parent.glob(f"{path.name}*")) == []
        assert last().file.name == ""

    def test_keeps_no_file_of_an_import_that_fails(self, manager_client: Client) -> None:
        """R30: neither the upload nor the report that was begun. The check saw a file that was whole."""
        checked(manager_client)
        path = Path(last().file.path)
        path.write_text(PEOPLE + '"Cyd;c@northwind.example;;\n')
        manager_client.post(page("import-run"))
        assert run_queued()[-1].state == "failed"
        assert list(path.parent.glob(f"{path.name}*")) == []

    def test_is_not_begun_with_columns_that_changed_after_the_check(self, manager_client: Client) -> None:
        checked(manager_client)
        stale = last()
        assert stale.is_checked
        choose(manager_client, create_new="")
        assert service.start_import(stale) is None
        assert last().import_job is None

    def test_refused_rows_can_be_corrected_and_uploaded_again(self, manager_client: Client) -> None:
        job = imported(manager_client, PEOPLE + "Cyd;cyd@;=1+1;\n")
        assert (job.done, job.refused) == (2, 1)
        lines = file_of(manager_client, job)
        assert lines == [
            ["Name", "E-Mail", "Job title", "Shoe size", "Why it was refused"],
            ["Cyd", "cyd@", "'=1+1", "", "Row 4: Primary e-mail address: This is not an e-mail address."],
        ]
        lines[1][1] = "cyd@northwind.example"
        again = io.StringIO(newline="")
        csv.writer(again).writerows(lines)
        assert imported(manager_client, again.getvalue()).done == 1
        assert Contact.objects.get(name="Cyd").title == "=1+1"

    def test_the_jobs_page_says_which_rows_and_why(self, manager_client: Client) -> None:
        job = imported(manager_client, PEOPLE + "Cyd;cyd@;;\n")
        shown = text(manager_client.get(reverse("jobs:detail", args=[job.pk])))
        assert "Row 4: Cyd · cyd@ Primary e-mail address: This is not an e-mail address." in shown

    def test_no_value_of_a_row_stays_with_the_job(self, manager_client: Client) -> None:
        """R30: the names are read from its file, and go with it."""
        ContactFactory(name="Rob", title="Boss", emails=["bob@northwind.example"])
        job = imported(manager_client, PEOPLE + "Cyd;cyd@;;\n")
        kept = str([*Job.objects.values(), *JobLine.objects.values()])
        assert not re.search("Ann|Bob|Rob|Boss|Cyd|northwind", kept)
        job.file.delete()
        shown = text(manager_client.get(reverse("jobs:detail", args=[job.pk])))
        assert "Row 4 Primary e-mail address" in shown

    def test_the_jobs_page_leads_to_the_contacts_that_it_made(self, manager_client: Client) -> None:
        contact = ContactFactory(name="Elsewhere", source="import")
        Contact.objects.filter(pk=contact.pk).update(created_at=timezone.now() - timedelta(days=3))
        ContactFactory(name="Portal")
        job = imported(manager_client)
        shown = text(manager_client.get(reverse("jobs:detail", args=[job.pk])))
        assert "See the contacts" in shown
        assert set(rows(manager_client.get(job.result))) == {"Ann", "Bob"}

    def test_choices_hold(self, manager_client: Client) -> None:
        ContactFactory(name="Rob", emails=["bob@northwind.example"])
        imported(manager_client, update_existing="")
        assert set(Contact.objects.values_list("name", flat=True)) == {"Ann", "Rob"}
        imported(manager_client, PEOPLE + "Cyd;cyd@x.example;;\n", create_new="")
        assert set(Contact.objects.values_list("name", flat=True)) == {"Ann", "Bob"}


class TestInterrupted:
    """A million rows in chunks: what is written stays, and the rest follows."""

    MANY = "Name,E-mail\n" + "".join(f"P{n},p{n}@northwind.example\n" for n in range(5)) + "Ann,ann@\n"

    @pytest.fixture(autouse=True)
    def _small_chunks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tasks, "CHUNK", 2)
        monkeypatch.setattr(running, "EVERY", 0)

    def test_all_chunks_are_settled(self, manager_client: Client) -> None:
        job = imported(manager_client, self.MANY)
        assert (job.done, job.refused, Contact.objects.count()) == (5, 1, 5)

    def test_goes_on_where_its_worker_died(
        self, manager_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checked(manager_client, self.MANY)
        manager_client.post(page("import-run"))
        with monkeypatch.context() as patch:
            self._die_after(2, patch)
        assert Contact.objects.count() == 4

        job = run_queued()[-1]
        assert (job.state, job.done, job.refused) == ("done", 5, 1)
        assert Contact.objects.count() == TimelineEntry.objects.count() == 5
        assert [line[0] for line in file_of(manager_client, job)] == ["Name", "Ann"]
        shown = text(manager_client.get(reverse("jobs:detail", args=[job.pk])))
        assert "Row 7: Ann · ann@" in shown

    def test_counts_each_row_once_and_can_be_taken_back_whole(
        self, manager_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of the rows behind the checkpoint some are written and recorded, some were left as they are."""
        ContactFactory(name="P0", emails=["p0@northwind.example"])
        ContactFactory(name="P3", emails=["p3@northwind.example"])
        checked(manager_client, self.MANY)
        manager_client.post(page("import-run"))
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "_settle", self._settle_but_forget(patch))
            self._die_after(2, patch)

        job = run_queued()[-1]
        assert (job.state, job.done, job.refused) == ("done", 5, 1)
        manager_client.post(reverse("jobs:undo", args=[job.pk]))
        assert set(Contact.objects.values_list("name", flat=True)) == {"P0", "P3"}

    def _settle_but_forget(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
        """The rows are written, and the worker dies before it has written how far it is."""
        settle = tasks._settle

        def settle_but_forget(job: running.Running, *arguments: Any) -> None:
            monkeypatch.setattr(running.Running, "keep", lambda *_: None)
            settle(job, *arguments)

        return settle_but_forget

    def _die_after(self, chunks: int, monkeypatch: pytest.MonkeyPatch) -> None:
        left = [chunks]
        write = writing.write

        def write_or_die(*arguments: Any) -> None:
            if not left[0]:
                raise SystemExit
            left[0] -= 1
            write(*arguments)

        monkeypatch.setattr(tasks, "write", write_or_die)
        job = Job.objects.latest("id")
        with pytest.raises(SystemExit):
            deliver(str(job.pk))
        Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - SILENCE)

    def test_stops_when_it_is_cancelled(
        self, manager_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checked(manager_client, self.MANY)
        manager_client.post(page("import-run"))
        write = writing.write

        def write_and_cancel(*arguments: Any) -> None:
            write(*arguments)
            Job.objects.update(cancel_requested=True)

        monkeypatch.setattr(tasks, "write", write_and_cancel)
        job = run_queued()[-1]
        assert (job.state, job.done, Contact.objects.count()) == ("cancelled", 2, 2)


def test_the_lists_button_is_for_those_who_may(agent_client: Client, manager_client: Client) -> None:
    """R48."""
    for client, is_there in ((agent_client, False), (manager_client, True)):
        html = client.get(reverse("contacts:list")).content.decode()
        assert bool(re.search(f'href="{START}"', html)) is is_there


def test_the_number_of_queries_does_not_grow(
    manager: Agent, manager_client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    upload(manager_client)
    address = page()
    with django_assert_num_queries(4):  # session, agent, upload, fields
        manager_client.get(address)
    choose(manager_client)
    run_queued()
    with django_assert_num_queries(3):  # session, agent, upload with its jobs
        manager_client.get(address)
