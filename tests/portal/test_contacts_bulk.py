"""Many contacts at once."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Ticket
from tests.factories import ContactFactory, TicketFactory

from .page import text

LIST = reverse("contacts:list")


def url(deed: str) -> str:
    return reverse("contacts:bulk", args=[deed])


def ids(*contacts: Contact) -> list[str]:
    return [str(contact.pk) for contact in contacts]


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
        html = response.content.decode()
        assert f'formaction="{url("restore")}"' in html
        assert " ".join(ids(*both)) in html

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
        assert "their addresses, custom values and timelines, and 3 tickets" in shown
        assert "This cannot be undone." in shown
        assert 'type="checkbox" name="confirmed" value="yes" required' in response.content.decode()
        assert Contact.objects.count() == 2

    def test_erases_only_what_is_deleted(self, admin_client: Client) -> None:
        deleted, live = ContactFactory(deleted=True), ContactFactory()

        response = admin_client.post(
            url("erase"), {"contact": ids(deleted, live), "confirmed": "yes"}, follow=True
        )

        assert "1 contact is deleted forever." in text(response)
        assert "1 left as before: Only a contact in Deleted Contacts" in text(response)
        assert list(Contact.objects.all()) == [live]


class TestRoles:
    """R48."""

    @pytest.mark.parametrize(
        ("who", "deed", "needs"),
        [
            ("agent_client", "delete", "Manager or Admin"),
            ("agent_client", "restore", "Manager or Admin"),
            ("agent_client", "unsuspend", "Manager or Admin"),
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

    with django_assert_num_queries(5):  # session, agent, contacts, tickets, working tickets
        manager_client.post(url("delete"), {"contact": ids(*contacts)})
