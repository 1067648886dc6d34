"""Many contacts at once."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from companies.models import Company
from contacts.models import Contact, Ticket
from contacts.views import bulk
from deskscim.jobs import queue
from deskscim.jobs.models import Job
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, TicketFactory
from tests.jobs import run_queued

from .page import text

LIST = reverse("contacts:list")


def url(deed: str) -> str:
    return reverse("contacts:bulk", args=[deed])


def ids(*contacts: Contact) -> list[str]:
    return [str(contact.pk) for contact in contacts]


def undo_url() -> str:
    """Of the job that was made last."""
    return reverse("jobs:undo", args=[Job.objects.latest("id").pk])


def companies(*contacts: Contact) -> list[tuple[Company | None, str]]:
    for contact in contacts:
        contact.refresh_from_db()
    return [(contact.company, contact.company_source) for contact in contacts]


class TestDelete:
    def test_asks_first(self, manager_client: Client) -> None:
        ada, grace = ContactFactory(name="Ada"), ContactFactory(name="Grace")
        TicketFactory.create_batch(2, contact=ada)

        response = manager_client.post(url("delete"), {"contact": ids(ada, grace)})

        assert "Delete 2 contacts? Ada Grace" in text(response)
        assert "Their 2 tickets become spam" in text(response)
        assert Contact.objects.deleted().count() == 0

    def test_question_fits_into_the_dialog(self, manager_client: Client) -> None:
        contact = ContactFactory()

        response = manager_client.post(
            url("delete"), {"contact": ids(contact)}, headers={"HX-Request": "true"}
        )

        assert b"<html" not in response.content
        assert str(contact.pk) in response.content.decode()

    def test_deletes_and_offers_to_undo_it(self, manager_client: Client) -> None:
        both = [ContactFactory(), ContactFactory()]

        response = manager_client.post(
            url("delete"), {"contact": ids(*both), "confirmed": "yes", "next": LIST}, follow=True
        )

        assert "2 contacts are in Deleted Contacts now. Undo" in text(response)
        assert set(Contact.objects.deleted()) == set(both)
        job = Job.objects.get()
        assert job.result == f"{LIST}?tab=deleted"
        undo = reverse("jobs:undo", args=[job.pk])
        assert f'formaction="{undo}"' in response.content.decode()

        response = manager_client.post(undo, {"next": LIST}, follow=True)

        assert response.redirect_chain == [(LIST, 302)]
        assert "2 contacts are as they were before." in text(response)
        assert Contact.objects.deleted().count() == 0

    def test_one_that_is_refused_does_not_hold_up_the_others(self, manager_client: Client) -> None:
        live, deleted, gone = ContactFactory(), ContactFactory(deleted=True), uuid.uuid4()

        response = manager_client.post(
            url("delete"),
            {"contact": [str(gone), *ids(deleted, live)], "confirmed": "yes"},
            follow=True,
        )

        shown = text(response)
        assert "1 contact is in Deleted Contacts now." in shown
        assert "1 left as before: This contact is in Deleted Contacts already." in shown
        assert "1 left as before: The contact is gone." in shown
        assert Contact.objects.deleted().count() == 2


class TestRestore:
    def test_needs_no_question_and_takes_the_ids_of_undo(self, manager_client: Client) -> None:
        both = [ContactFactory(deleted=True), ContactFactory(deleted=True)]
        ticket = TicketFactory(contact=both[0], spam_cause="deletion")

        response = manager_client.post(url("restore"), {"contact": " ".join(ids(*both))}, follow=True)

        assert "2 contacts are restored." in text(response)
        assert Contact.objects.active().count() == 2
        assert set(Ticket.objects.working()) == {ticket}


class TestUnsuspend:
    def test_lifts_many_suspensions(self, manager_client: Client) -> None:
        both = [ContactFactory(suspended=True), ContactFactory(suspended=True)]

        response = manager_client.post(url("unsuspend"), {"contact": ids(*both)}, follow=True)

        assert "2 contacts are no longer suspended." in text(response)
        assert Contact.objects.active().count() == 2


class TestErase:
    """R30."""

    def test_asks_first_and_names_what_goes(self, admin_client: Client) -> None:
        both = [ContactFactory(name="Ada", deleted=True), ContactFactory(name="Grace", deleted=True)]
        TicketFactory.create_batch(3, contact=both[0], spam_cause="deletion")

        response = admin_client.post(url("erase"), {"contact": ids(*both)})

        shown = text(response)
        assert "Delete 2 contacts forever? Ada Grace" in shown
        assert "their custom values 2 e-mail addresses 0 lines of their timelines 3 tickets" in shown
        assert "This cannot be undone." in shown
        assert "Type 2 to delete them forever" in shown
        assert Contact.objects.count() == 2

    def test_erases_only_what_is_deleted(self, admin_client: Client) -> None:
        deleted, live = ContactFactory(deleted=True), ContactFactory()

        response = admin_client.post(
            url("erase"), {"contact": ids(deleted, live), "confirmed": "yes", "count": "2"}, follow=True
        )

        assert "1 contact is deleted forever." in text(response)
        assert "1 left as before: Only a contact in Deleted Contacts" in text(response)
        assert list(Contact.objects.all()) == [live]

    @pytest.mark.parametrize("typed", ["", "1", "3", "all"])
    def test_another_count_deletes_nobody(self, admin_client: Client, typed: str) -> None:
        both = [ContactFactory(deleted=True), ContactFactory(deleted=True)]

        response = admin_client.post(
            url("erase"), {"contact": ids(*both), "confirmed": "yes", "count": typed}
        )

        assert "Nothing was deleted: type 2 to confirm." in text(response)
        assert Contact.objects.count() == 2


class TestSuspend:
    """R35."""

    def test_asks_first_and_names_the_tickets(self, manager_client: Client) -> None:
        contact = ContactFactory(name="Ada")
        TicketFactory(contact=contact)

        response = manager_client.post(url("suspend"), {"contact": ids(contact)})

        assert "Suspend 1 contact? Ada" in text(response)
        assert "Their 1 ticket becomes spam." in text(response)

    def test_undo_lifts_only_what_it_did(self, manager_client: Client) -> None:
        fresh, before = ContactFactory(), ContactFactory(suspended=True)

        response = manager_client.post(
            url("suspend"), {"contact": ids(fresh, before), "confirmed": "yes"}, follow=True
        )

        assert "1 contact is suspended. Undo" in text(response)
        assert "1 left as before: Nothing was to be changed." in text(response)
        manager_client.post(undo_url())
        assert list(Contact.objects.suspended()) == [before]


class TestVerify:
    """R14: the check mark, by an agent's word."""

    def test_marks_and_can_be_undone(self, manager_client: Client) -> None:
        contact = ContactFactory()

        response = manager_client.post(url("verify"), {"contact": ids(contact)}, follow=True)

        assert "1 contact is verified. Undo" in text(response)
        contact.refresh_from_db()
        assert contact.verified
        manager_client.post(undo_url())
        contact.refresh_from_db()
        assert not contact.verified
        assert [entry.changes for entry in contact.timeline.all()] == [
            {"verified": [True, False]},
            {"verified": [False, True]},
        ]

    def test_undo_leaves_whom_entra_vouches_for_by_now(self, manager_client: Client) -> None:
        contact = ContactFactory()
        manager_client.post(url("verify"), {"contact": ids(contact)})
        Contact.objects.update(connection=ConnectionFactory(), external_id="x")

        response = manager_client.post(undo_url(), {"next": LIST}, follow=True)

        assert "its word makes it verified" in text(response)
        contact.refresh_from_db()
        assert contact.verified


class TestCompany:
    """R38: an agent's choice for many."""

    def test_asks_which(self, manager_client: Client) -> None:
        asked = manager_client.post(url("company"), {"contact": ids(ContactFactory(name="Ada"))})

        assert "Which company for 1 contact? Ada" in text(asked)
        assert asked.context["form"].fields["company"].widget.url == reverse("companies:pick")

    @pytest.mark.parametrize("choice", ["pk", "name"])
    def test_sets_it_and_undo_brings_the_earlier_one_back(self, manager_client: Client, choice: str) -> None:
        old, new = CompanyFactory(name="Contoso"), CompanyFactory(name="Northwind")
        mapped, blank = ContactFactory(company=old), ContactFactory()
        answer = {"company": str(new.pk)} if choice == "pk" else {"company_text": "NORTHWIND"}

        response = manager_client.post(
            url("company"), {"contact": ids(mapped, blank), "confirmed": "yes", **answer}, follow=True
        )

        assert "2 contacts have another company now. Undo" in text(response)
        assert companies(mapped, blank) == [(new, "agent"), (new, "agent")]
        manager_client.post(undo_url())
        assert companies(mapped, blank) == [(old, "domain"), (None, "")]

    def test_undo_leaves_what_has_changed_since(self, manager_client: Client) -> None:
        new, later = CompanyFactory(), CompanyFactory()
        contact = ContactFactory()
        manager_client.post(url("company"), {"contact": ids(contact), "confirmed": "yes", "company": new.pk})
        Contact.objects.update(company=later)

        response = manager_client.post(undo_url(), {"next": LIST}, follow=True)

        assert "Its company has changed since." in text(response)
        assert companies(contact) == [(later, "agent")]

    def test_none_is_a_choice(self, manager_client: Client) -> None:
        contact = ContactFactory(company=CompanyFactory())

        manager_client.post(url("company"), {"contact": ids(contact), "confirmed": "yes", "none": "on"})

        assert companies(contact) == [(None, "agent")]

    def test_no_choice_is_asked_again(self, manager_client: Client) -> None:
        contact = ContactFactory()

        response = manager_client.post(url("company"), {"contact": ids(contact), "confirmed": "yes"})

        assert "Choose a company." in text(response)
        assert companies(contact) == [(None, "")]

    def test_of_several_that_match_one_is_chosen(self, manager_client: Client) -> None:
        """Without a script: the words are sent, and all that match come back."""
        CompanyFactory(name="Northwind")
        CompanyFactory(name="Northern Lights")

        answer = {"contact": ids(ContactFactory()), "confirmed": "yes", "company_text": "north"}
        response = manager_client.post(url("company"), answer)

        assert "Several match: choose one of them, or write more." in text(response)
        assert "Northern Lights" in text(response)

    def test_one_that_is_gone_is_said(self, manager_client: Client) -> None:
        answer = {"contact": ids(ContactFactory()), "confirmed": "yes", "company": "99"}

        assert "Choose a company." in text(manager_client.post(url("company"), answer))

    def test_by_domain_again(self, manager_client: Client) -> None:
        """R36: whatever gave it its present one."""
        right, wrong = CompanyFactory(domains=["northwind.example"]), CompanyFactory()
        contact = ContactFactory(company=wrong, company_source="agent", emails=["ada@northwind.example"])

        manager_client.post(url("company-by-domain"), {"contact": ids(contact)})

        assert companies(contact) == [(right, "domain")]
        manager_client.post(undo_url())
        assert companies(contact) == [(wrong, "agent")]


class TestAllThatMatch:
    def test_asks_even_where_a_selection_is_not_asked_about(self, manager_client: Client) -> None:
        ContactFactory(name="Ada", deleted=True)

        response = manager_client.post(url("restore"), {"all": "yes", "query": "?tab=deleted"})

        assert "Restore contacts This concerns 1 contact: Ada" in text(response)
        assert Contact.objects.deleted().count() == 1

    def test_few_are_done_at_once(self, manager_client: Client) -> None:
        ContactFactory(name="Ada"), ContactFactory(name="Grace")

        response = manager_client.post(
            url("delete"), {"all": "yes", "query": "?q=ada", "confirmed": "yes"}, follow=True
        )

        assert "1 contact is in Deleted Contacts now. Undo" in text(response)
        assert [contact.name for contact in Contact.objects.deleted()] == ["Ada"]

    def test_many_are_done_in_the_background(
        self, manager_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queue, "AT_ONCE", 1)
        ContactFactory.create_batch(3)

        response = manager_client.post(
            url("delete"), {"all": "yes", "query": "", "confirmed": "yes"}, follow=True
        )

        (job,) = Job.objects.all()
        assert response.redirect_chain == [(reverse("jobs:detail", args=[job.pk]), 302)]
        assert "It waits for a worker." in text(response)
        assert Contact.objects.deleted().count() == 0
        run_queued()
        assert Contact.objects.deleted().count() == 3

    def test_more_than_anybody_counts_are_named_so(
        self, admin_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bulk, "MOST", 2)
        ContactFactory.create_batch(3, deleted=True)
        everybody = {"all": "yes", "query": "?tab=deleted"}

        asked = admin_client.post(url("erase"), everybody)
        refused = admin_client.post(url("erase"), {**everybody, "confirmed": "yes", "count": "3"})
        admin_client.post(url("erase"), {**everybody, "confirmed": "yes", "count": "All"})
        run_queued()

        assert "Delete all contacts of the list forever, more than 1,000?" in text(asked)
        assert "type all to confirm" in text(refused)
        assert Contact.objects.count() == 0

    def test_the_bar_offers_it(self, manager_client: Client) -> None:
        ContactFactory(name="Ada")

        html = manager_client.get(LIST, {"q": "ada"}).content.decode()

        assert 'name="all"' in html
        assert 'name="query" value="?tab=all&amp;q=ada"' in html


class TestMerge:
    def test_two_are_shown_side_by_side(self, manager_client: Client) -> None:
        ada, double = ContactFactory(name="Ada"), ContactFactory(name="Ada Double")

        response = manager_client.post(reverse("contacts:bulk-merge"), {"contact": ids(ada, double)})

        assert response["Location"] == reverse("contacts:merge", args=[ada.pk, double.pk])

    def test_needs_two(self, manager_client: Client) -> None:
        response = manager_client.post(
            reverse("contacts:bulk-merge"), {"contact": ids(ContactFactory())}, follow=True
        )

        assert "Select the two contacts that are one person." in text(response)


class TestRoles:
    """R48."""

    @pytest.mark.parametrize(
        ("who", "deed", "needs"),
        [
            ("agent_client", "delete", "Manager or Admin"),
            ("agent_client", "restore", "Manager or Admin"),
            ("agent_client", "unsuspend", "Manager or Admin"),
            ("agent_client", "suspend", "Manager or Admin"),
            ("agent_client", "verify", "Manager or Admin"),
            ("agent_client", "company", "Manager or Admin"),
            ("agent_client", "company-by-domain", "Manager or Admin"),
            ("agent_client", "erase", "Admin"),
            ("manager_client", "erase", "Admin"),
        ],
    )
    def test_others_are_told_who_may(
        self, request: pytest.FixtureRequest, who: str, deed: str, needs: str
    ) -> None:
        client: Client = request.getfixturevalue(who)
        contact = ContactFactory(deleted=True)

        response = client.post(url(deed), {"contact": ids(contact), "confirmed": "yes"})

        assert response.status_code == 403
        assert f"This needs the role {needs} ." in text(response)
        contact.refresh_from_db()
        assert contact.is_deleted


def test_nothing_selected_is_said(manager_client: Client) -> None:
    response = manager_client.post(url("delete"), {"contact": ["", "no-id"]}, follow=True)

    assert "No contact is selected." in text(response)


def test_nothing_selected_in_the_dialog_loads_the_page_anew(manager_client: Client) -> None:
    response = manager_client.post(url("delete"), headers={"HX-Request": "true"})

    assert response.headers["HX-Refresh"] == "true"


def test_unknown_deed_is_not_found(admin_client: Client) -> None:
    assert admin_client.post(url("promote")).status_code == 404


def test_getting_is_refused(manager_client: Client) -> None:
    assert manager_client.get(url("delete")).status_code == 405


@pytest.mark.parametrize("count", [1, 30])
def test_question_does_not_grow(
    manager_client: Client, django_assert_num_queries: Callable[[int], Any], count: int
) -> None:
    contacts = [ContactFactory() for _ in range(count)]

    with django_assert_num_queries(4):  # session, agent, contacts, working tickets
        manager_client.post(url("delete"), {"contact": ids(*contacts)})
