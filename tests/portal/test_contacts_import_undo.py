"""Taking an import back: what it made goes, what it changed comes back, and what people did since stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from contacts import lifecycle, tickets
from contacts.importing import undoing
from contacts.models import Contact, ContactAddress, ContactField, TimelineEntry
from deskscim.agents import roles
from deskscim.jobs import queue, running
from deskscim.jobs.delivery import deliver
from deskscim.jobs.models import SILENCE, Job
from tests.domain import (
    addresses_of,
    agent_deletes,
    agent_erases,
    agent_writes,
    push,
    stored,
    timeline_of,
    work,
)
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, ContactFieldFactory
from tests.jobs import run_queued

from .conflict import refused
from .importing import imported
from .page import text

NEW = "Name,E-mail\nAnn,ann@northwind.example\nBob,bob@northwind.example\n"


def url(job: Job, name: str = "detail") -> str:
    return reverse(f"jobs:{name}", args=[job.pk])


def undone(client: Client, job: Job) -> Job:
    """The job that took the other one back."""
    client.post(url(job, "undo"))
    run_queued()
    return Job.objects.get(undoes=job)


def told(client: Client, job: Job) -> str:
    """The page of a job."""
    return text(client.get(url(job)))


def edit(contact: Contact) -> None:
    agent_writes(contact, title="Cook")


def open_ticket(contact: Contact) -> None:
    tickets.open_ticket(contact=lifecycle.lock(contact.pk), subject="Printer")


def link(contact: Contact) -> None:
    push(ConnectionFactory(), "bob@northwind.example", emails=work("bob@northwind.example"))


def erase(contact: Contact) -> None:
    agent_deletes(contact)
    agent_erases(stored(contact))


def be_in_the_way(contact: Contact) -> None:
    """Entra wants the contact's address for somebody whom it cannot be."""
    other = ContactFactory(linked=True)
    refused(other.connection, "address_taken", ("bob@northwind.example",), own=other, user_name="bob")


class TestNewContacts:
    def test_are_gone_and_their_addresses_free(self, manager_client: Client) -> None:
        """R17: no deleted contact stands in the way of the corrected file."""
        job = imported(manager_client, NEW)

        undoing = undone(manager_client, job)

        assert (undoing.state, undoing.total, undoing.done, undoing.refused) == ("done", 2, 2, 0)
        left = (Contact, ContactAddress, TimelineEntry)
        assert [model._default_manager.count() for model in left] == [0, 0, 0]
        assert imported(manager_client, NEW).done == 2
        assert Contact.objects.count() == 2

    def test_those_from_elsewhere_stay(self, manager_client: Client) -> None:
        ContactFactory(name="Cyd")
        job = imported(manager_client, NEW)
        ContactFactory(name="Dan", source="import")

        undone(manager_client, job)

        assert set(Contact.objects.values_list("name", flat=True)) == {"Cyd", "Dan"}

    @pytest.mark.parametrize(
        ("happens", "said"),
        [
            (edit, "Row 3: Bob Somebody has worked with the contact since the import, so it stays."),
            (agent_deletes, "Row 3: Bob Somebody has worked with the contact since"),
            (open_ticket, "Row 3: Bob Somebody has worked with the contact since"),
            (be_in_the_way, "Row 3: Bob Somebody has worked with the contact since"),
            (link, "Row 3: Bob Entra ID holds the contact by now, so it stays."),
            (erase, "Row 3 The contact is gone."),
        ],
    )
    def test_which_became_more_stay_and_are_told_by_row(
        self, manager_client: Client, happens: Callable[[Contact], Any], said: str
    ) -> None:
        """R15, R25, R30: nothing that anybody has done since is lost, and no link is touched."""
        job = imported(manager_client, NEW)
        bob = Contact.objects.get(name="Bob")
        happens(bob)

        undoing = undone(manager_client, job)

        assert (undoing.done, undoing.refused) == (1, 1)
        assert not Contact.objects.filter(name="Ann").exists()
        assert Contact.objects.filter(pk=bob.pk).exists() == (happens is not erase)
        assert said in told(manager_client, undoing)


class TestUpdatedContacts:
    @pytest.fixture
    def field(self) -> ContactField:
        field: ContactField = ContactFieldFactory(label="Floor", api_name="cf_floor")
        return field

    @pytest.fixture
    def ann(self, field: ContactField) -> Contact:
        contact: Contact = ContactFactory(
            name="Ann", title="Boss", emails=["ann@northwind.example"], custom_fields={"cf_floor": "3"}
        )
        return contact

    ROW = "Name,Title,E-mail,Other e-mail addresses,Floor\nAnne,Cook,a@x.example,ann@northwind.example,4\n"

    def test_get_their_old_values_back(self, manager_client: Client, ann: Contact) -> None:
        job = imported(manager_client, self.ROW)
        assert (stored(ann).name, addresses_of(ann)[0]) == ("Anne", "a@x.example")

        undoing = undone(manager_client, job)

        assert (undoing.done, undoing.refused) == (1, 0)
        contact = stored(ann)
        assert (contact.name, contact.title, contact.custom_fields) == ("Ann", "Boss", {"cf_floor": "3"})
        assert addresses_of(ann) == ["ann@northwind.example"]
        assert contact.domain == "northwind.example"

    def test_the_timeline_tells_who_put_them_back(self, manager_client: Client, ann: Contact) -> None:
        """R43."""
        undone(manager_client, imported(manager_client, self.ROW))

        (_action, _import), (action, changes) = timeline_of(ann)
        assert (action, changes["name"], changes["cf_floor"]) == ("updated", ["Anne", "Ann"], ["4", "3"])
        assert ann.timeline.latest("id").actor_label == "Mia Manager"

    def test_what_somebody_changed_since_stays_and_is_told(
        self, manager_client: Client, ann: Contact
    ) -> None:
        job = imported(manager_client, self.ROW)
        agent_writes(ann, title="Chef", custom_fields={"cf_floor": "5"})

        undoing = undone(manager_client, job)

        contact = stored(ann)
        assert (contact.name, contact.title, contact.custom_fields) == ("Ann", "Chef", {"cf_floor": "5"})
        said = "Row 2: Ann Changed since, and left so: Title, Floor."
        assert said in told(manager_client, undoing)
        assert reverse("contacts:detail", args=[ann.pk]) in manager_client.get(url(undoing)).content.decode()

    def test_what_is_as_before_already_is_not_told(self, manager_client: Client, ann: Contact) -> None:
        job = imported(manager_client, self.ROW)
        agent_writes(ann, title="Boss")

        assert undone(manager_client, job).refused == 0

    def test_what_entra_manages_by_now_stays(self, manager_client: Client, ann: Contact) -> None:
        """R25: and the link with it."""
        job = imported(manager_client, self.ROW)
        push(ConnectionFactory(), "a@x.example", emails=work("a@x.example"), title="Cook")

        undoing = undone(manager_client, job)

        contact = stored(ann)
        assert (contact.name, contact.title, contact.is_linked) == ("Ann", "Cook", True)
        said = "Row 2: Ann Left as Entra ID manages them: Title, E-mail addresses."
        assert said in told(manager_client, undoing)

    @pytest.mark.parametrize(("before", "after"), [("", ""), ("Calls", "Writes")])
    def test_a_note_goes_and_an_earlier_one_does_not_come_back(
        self, manager_client: Client, before: str, after: str
    ) -> None:
        """R30: no job and no timeline keeps the text."""
        contact = ContactFactory(emails=["ann@northwind.example"], note=before)
        job = imported(manager_client, "E-mail,Note\nann@northwind.example,Writes\n")

        undoing = undone(manager_client, job)

        assert stored(contact).note == after
        is_told = "The note from before is not kept" in told(manager_client, undoing)
        assert is_told == bool(before)

    def test_a_note_that_somebody_has_changed_since_stays(self, manager_client: Client) -> None:
        contact = ContactFactory(emails=["ann@northwind.example"])
        job = imported(manager_client, "E-mail,Note\nann@northwind.example,Writes\n")
        agent_writes(contact, note="Calls")

        undoing = undone(manager_client, job)

        assert stored(contact).note == "Calls"
        assert "Changed since, and left so: Note." in told(manager_client, undoing)

    def test_their_company_comes_back_with_its_reason(self, manager_client: Client) -> None:
        """R38: chosen by the domain, it is not an agent's choice after the undoing."""
        old = CompanyFactory(name="Old", domains=["northwind.example"])
        CompanyFactory(name="New")
        contact = ContactFactory(emails=["ann@northwind.example"], company=old)
        job = imported(manager_client, "E-mail,Company\nann@northwind.example,New\n")
        assert str(stored(contact).company) == "New"

        assert undone(manager_client, job).refused == 0

        back = stored(contact)
        assert (back.company, back.company_source) == (old, "domain")

    def test_an_address_that_comes_back_maps_no_other_company(self, manager_client: Client) -> None:
        """R38: the contact had none, although its domain has an owner."""
        contact = ContactFactory(emails=["ann@northwind.example"])
        CompanyFactory(domains=["northwind.example"])
        row = "E-mail,Other e-mail addresses\na@x.example,ann@northwind.example\n"

        assert undone(manager_client, imported(manager_client, row)).refused == 0

        assert stored(contact).company is None

    @pytest.mark.parametrize("goes", ["old", "new"])
    def test_a_company_that_is_gone_or_another_stays_as_it_is(
        self, manager_client: Client, goes: str
    ) -> None:
        old, new, third = (CompanyFactory(name=name) for name in ("Old", "New", "Third"))
        contact = ContactFactory(emails=["ann@northwind.example"], company=old)
        job = imported(manager_client, "E-mail,Company\nann@northwind.example,New\n")
        if goes == "old":
            old.delete()
        else:
            agent_writes(contact, company=third)

        undoing = undone(manager_client, job)

        assert stored(contact).company == (new if goes == "old" else third)
        assert "Changed since, and left so: Company." in told(manager_client, undoing)

    def test_one_that_is_gone_is_told(self, manager_client: Client, ann: Contact) -> None:
        job = imported(manager_client, self.ROW)
        erase(ann)

        assert "Row 2 The contact is gone." in told(manager_client, undone(manager_client, job))

    def test_two_rows_of_one_contact_are_taken_back_the_last_first(self, manager_client: Client) -> None:
        contact = ContactFactory(title="Boss", emails=["a@x.example", "b@x.example"])
        row = "E-mail,Other e-mail addresses,Title\na@x.example,,Cook\n,b@x.example,Chef\n"
        job = imported(manager_client, row)
        assert stored(contact).title == "Chef"

        undoing = undone(manager_client, job)

        assert (undoing.done, stored(contact).title) == (2, "Boss")


class TestAsAJob:
    """In chunks, with progress, cancelled, gone on with."""

    MANY = "Name,E-mail,Title\n" + "".join(f"P{n},p{n}@northwind.example,Cook\n" for n in range(7))

    @pytest.fixture(autouse=True)
    def _small_chunks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(undoing, "CHUNK", 2)
        monkeypatch.setattr(running, "EVERY", 0)
        monkeypatch.setattr(queue, "AT_ONCE", 0)

    @pytest.fixture
    def job(self, manager_client: Client) -> Job:
        """Of seven rows: five new contacts, and two that were there."""
        ContactFactory(name="P2", title="Boss", emails=["p2@northwind.example"])
        ContactFactory(name="P5", title="Boss", emails=["p5@northwind.example"])
        return imported(manager_client, self.MANY)

    def names(self) -> set[str]:
        return set(Contact.objects.filter(title="Boss").values_list("name", flat=True))

    def test_all_of_it_is_taken_back(self, manager_client: Client, job: Job) -> None:
        undoing = undone(manager_client, job)

        assert (undoing.state, undoing.total, undoing.done) == ("done", 7, 7)
        assert self.names() == set(Contact.objects.values_list("name", flat=True)) == {"P2", "P5"}

    def test_stops_when_it_is_cancelled(
        self, manager_client: Client, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take_away = undoing._take_away

        def take_away_and_cancel(*arguments: Any) -> None:
            take_away(*arguments)
            Job.objects.filter(undoes=job).update(cancel_requested=True)

        monkeypatch.setattr(undoing, "_take_away", take_away_and_cancel)

        taken_back = undone(manager_client, job)

        assert (taken_back.state, taken_back.done, Contact.objects.count()) == ("cancelled", 2, 6)

    def test_goes_on_where_its_worker_died(
        self, manager_client: Client, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The new contacts of the second chunk are gone, and its checkpoint is not written."""
        manager_client.post(url(job, "undo"))
        taking = Job.objects.get(undoes=job)
        calls: list[object] = []

        def die_at_the_second(*arguments: Any) -> None:
            calls.append(arguments)
            take_away(*arguments)
            if len(calls) == 2:
                raise SystemExit

        take_away = undoing._take_away
        with monkeypatch.context() as patch:
            patch.setattr(undoing, "_take_away", die_at_the_second)
            with pytest.raises(SystemExit):
                deliver(str(taking.pk))
        Job.objects.filter(pk=taking.pk).update(beat_at=timezone.now() - SILENCE)

        run_queued()

        taking.refresh_from_db()
        assert (taking.state, taking.done, taking.refused) == ("done", 7, 0)
        assert self.names() == {"P2", "P5"}

    def test_a_cancelled_import_can_be_taken_back(self, manager_client: Client, job: Job) -> None:
        Job.objects.filter(pk=job.pk).update(state="cancelled")

        assert undone(manager_client, job).done == 7

    def test_its_number_of_queries_does_not_grow_with_new_contacts(
        self, manager_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A million are removed by the thousand."""
        monkeypatch.setattr(undoing, "CHUNK", 1000)
        few, many = (self.queries(manager_client, count) for count in (2, 20))
        assert few == many

    def queries(self, client: Client, count: int) -> int:
        rows = "".join(f"P{n},p{n}@northwind.example\n" for n in range(count))
        job = imported(client, f"Name,E-mail\n{rows}")
        client.post(url(job, "undo"))
        with CaptureQueriesContext(connection) as seen:
            deliver(str(Job.objects.get(undoes=job).pk))
        assert not Contact.objects.exists()
        OrmQ.objects.all().delete()
        return len(seen)


class TestPage:
    def test_says_before_what_becomes_of_the_contacts(self, manager_client: Client) -> None:
        job = imported(manager_client, NEW)

        page = manager_client.get(url(job, "undo"))

        assert "Undo “Import people.csv”? New contacts are removed altogether" in text(page)
        assert "They are not kept in Deleted Contacts" in text(page)
        assert Contact.objects.count() == 2

    def test_of_an_undone_import_leads_to_no_new_contacts(self, manager_client: Client) -> None:
        job = imported(manager_client, NEW)
        undone(manager_client, job)

        shown = told(manager_client, job)

        assert "This was taken back" in shown
        assert "See the contacts" not in shown

    def test_needs_the_right_to_import(self, manager_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        """R48."""
        job = imported(manager_client, NEW)
        monkeypatch.setattr(roles, "MANAGER_PERMISSIONS", {"jobs.view_job"})

        assert manager_client.post(url(job, "undo")).status_code == 403
        assert Contact.objects.count() == 2

    @pytest.mark.parametrize("count", [1, 12])
    def test_of_a_report_asks_no_more_for_many_rows(
        self, manager_client: Client, django_assert_num_queries: Callable[[int], Any], count: int
    ) -> None:
        rows = "".join(f"P{n},p{n}@northwind.example\n" for n in range(count))
        job = imported(manager_client, f"Name,E-mail\n{rows}")
        for contact in Contact.objects.all():
            edit(contact)
        taken_back = undone(manager_client, job)

        with django_assert_num_queries(6):  # session, agent, job, lines, rows of the import, names
            manager_client.get(url(taken_back))
