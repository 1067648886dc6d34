"""One contact: delete, restore, lift the suspension, delete forever."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Action, Contact, ContactAddress, Ticket, TimelineEntry
from deskscim.agents.models import Agent
from tests.domain import agent_deletes
from tests.factories import ContactFactory, SavedViewFactory, TicketFactory

from .conflict import ambiguous
from .page import text

HTMX = {"HX-Request": "true"}
LIST = reverse("contacts:list")


def url(deed: str, contact: Contact) -> str:
    return reverse(f"contacts:{deed}", args=[contact.pk])


def detail(contact: Contact) -> str:
    return reverse("contacts:detail", args=[contact.pk])


@pytest.mark.parametrize("deed", ["delete", "restore", "unsuspend", "erase"])
class TestEveryDeed:
    def test_unknown_contact_is_not_found(self, admin_client: Client, deed: str) -> None:
        address = reverse(f"contacts:{deed}", args=[uuid.uuid4()])

        assert admin_client.post(address, {"name": "Grace"}).status_code == 404

    def test_signed_out_nothing_happens(self, client: Client, db: None, deed: str) -> None:
        contact = ContactFactory(deleted=deed in ("restore", "erase"), suspended=deed == "unsuspend")

        response = client.post(url(deed, contact), {"name": contact.name})

        assert response.headers["Location"].startswith("/sign-in/")
        assert not TimelineEntry.objects.exists()
        assert Contact.objects.filter(pk=contact.pk).exists()

    def test_in_the_wrong_state_it_is_refused_with_a_reason(self, admin_client: Client, deed: str) -> None:
        contact = ContactFactory(deleted=deed == "delete")

        response = admin_client.post(
            url(deed, contact), {"name": contact.name, "next": detail(contact)}, follow=True
        )

        assert response.status_code == 200
        assert "This contact is" in text(response) or "Only a contact in Deleted Contacts" in text(response)
        assert not TimelineEntry.objects.exists()

    def test_only_post_does_it(self, admin_client: Client, deed: str) -> None:
        contact = ContactFactory(deleted=deed in ("restore", "erase"), suspended=deed == "unsuspend")

        status = admin_client.get(url(deed, contact)).status_code

        assert status == (405 if deed in ("restore", "unsuspend") else 200)
        assert not TimelineEntry.objects.exists()
        assert Contact.objects.filter(pk=contact.pk).exists()

    def test_forged_post_is_refused(self, admin: Agent, deed: str) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")

        response = strict.post(url(deed, ContactFactory()))

        assert response.status_code == 403
        assert "Nothing was changed." in text(response)

    @pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_it_never_leads_away(self, admin_client: Client, deed: str, next_url: str) -> None:
        contact = ContactFactory(deleted=deed in ("restore", "erase"), suspended=deed == "unsuspend")

        response = admin_client.post(url(deed, contact), {"name": contact.name, "next": next_url})

        assert response.headers["Location"].startswith("/contacts/")


class TestDelete:
    """R26, R27."""

    @pytest.mark.parametrize(
        ("tickets", "spam", "sentence"),
        [
            (0, 0, "It has no tickets in the working views."),
            (1, 0, "Its 1 ticket becomes spam: it leaves the working views"),
            (1, 0, "and stays in Spam and All Tickets; restoring the contact takes it out again."),
            (3, 2, "Its 3 tickets become spam: they leave the working views"),
            (3, 2, "and stay in Spam and All Tickets; restoring the contact takes them out again."),
        ],
    )
    def test_asks_and_says_what_becomes_of_the_tickets(
        self, agent_client: Client, tickets: int, spam: int, sentence: str
    ) -> None:
        contact = ContactFactory(name="Grace")
        TicketFactory.create_batch(tickets, contact=contact)
        TicketFactory.create_batch(spam, contact=contact, spam_cause="agent")

        shown = text(agent_client.get(url("delete", contact)))

        assert "Delete Grace?" in shown
        assert sentence in shown

    def test_warns_when_entra_will_bring_it_back(self, agent_client: Client) -> None:
        """R32."""
        linked, own = ContactFactory(linked=True), ContactFactory()

        assert "brings the contact back" in text(agent_client.get(url("delete", linked)))
        assert "brings the contact back" not in text(agent_client.get(url("delete", own)))

    def test_question_fits_into_the_dialog(self, agent_client: Client) -> None:
        response = agent_client.get(url("delete", ContactFactory()), headers=HTMX)

        assert b"<html" not in response.content
        assert b'id="dialog-title"' in response.content
        assert b"csrfmiddlewaretoken" in response.content

    def test_comes_back_to_where_the_question_was_asked(self, agent_client: Client) -> None:
        listing = f"{LIST}?q=grace&sort=-name"
        question = agent_client.get(
            url("delete", ContactFactory()), headers={"Referer": f"http://testserver{listing}"}
        )

        assert question.context["next"] == listing

    @pytest.mark.parametrize(
        "referer", ["https://evil.example/x", "not a url", "http://testserver:99999999/"]
    )
    def test_comes_back_to_the_contact_when_asked_from_elsewhere(
        self, agent_client: Client, referer: str
    ) -> None:
        contact = ContactFactory()

        question = agent_client.get(url("delete", contact), headers={"Referer": referer})

        assert question.context["next"] == detail(contact)

    def test_deletes_and_offers_to_undo_it(self, agent_client: Client, agent: Agent) -> None:
        contact = ContactFactory(name="Grace")
        ticket = TicketFactory(contact=contact)

        response = agent_client.post(url("delete", contact), {"next": LIST}, follow=True)

        contact.refresh_from_db()
        ticket.refresh_from_db()
        assert (contact.is_deleted, contact.deleted_by) == (True, "agent")
        assert ticket.spam_cause == "deletion"
        assert contact.timeline.get().actor_label == agent.name
        assert response.redirect_chain == [(LIST, 302)]
        assert "Grace is in Deleted Contacts now. Undo" in text(response)
        assert f'formaction="{url("restore", contact)}"' in response.content.decode()

    def test_message_escapes_the_name(self, agent_client: Client) -> None:
        contact = ContactFactory(name="<b>Bob</b>")

        response = agent_client.post(url("delete", contact), {"next": LIST}, follow=True)

        assert b"<b>Bob" not in response.content


class TestRestore:
    """R34."""

    def test_brings_back_the_contact_and_its_tickets(self, agent_client: Client) -> None:
        contact = ContactFactory(name="Grace", deleted=True)
        ours = TicketFactory(contact=contact, spam_cause="deletion")
        older = TicketFactory(contact=contact, spam_cause="agent")

        response = agent_client.post(url("restore", contact), follow=True)

        contact.refresh_from_db()
        assert not contact.is_deleted
        assert "Grace is restored." in text(response)
        assert "Out of step" not in text(response)
        assert set(Ticket.objects.working()) == {ours}
        assert set(Ticket.objects.spam()) == {older}

    def test_says_that_entra_disagrees(self, agent_client: Client) -> None:
        contact = ContactFactory(linked=True, deleted=True, entra_active=False)

        response = agent_client.post(url("restore", contact), follow=True)

        assert "Entra ID still holds this user as inactive, so the contact is shown as Out of step." in text(
            response
        )

    def test_says_so_before(self, agent_client: Client) -> None:
        """Nothing is silent: who restores knows what it leads to."""
        sentence = "restored here, the contact would be shown as Out of step"
        inactive = ContactFactory(linked=True, deleted=True, entra_active=False)
        active = ContactFactory(linked=True, deleted=True)

        assert sentence in text(agent_client.get(detail(inactive)))
        assert sentence not in text(agent_client.get(detail(active)))
        assert "its next change brings the contact back" in text(agent_client.get(detail(active)))


class TestUnsuspend:
    """R35."""

    def test_lifts_the_suspension(self, agent_client: Client) -> None:
        contact = ContactFactory(name="Sue", suspended=True)
        ticket = TicketFactory(contact=contact, spam_cause="suspension")

        response = agent_client.post(url("unsuspend", contact), follow=True)

        contact.refresh_from_db()
        ticket.refresh_from_db()
        assert not contact.is_suspended
        assert not ticket.is_spam
        assert "The suspension of Sue is lifted." in text(response)


class TestErase:
    """R30."""

    @pytest.fixture
    def contact(self, db: None) -> Contact:
        contact: Contact = ContactFactory(
            name="Grace Sample",
            deleted=True,
            emails=["a@x.example", "b@x.example"],
            note="Prefers the phone",
            custom_fields={"cf_country": "Malta"},
        )
        TicketFactory.create_batch(3, contact=contact)
        TimelineEntry.objects.create(
            contact=contact,
            at=contact.updated_at,
            action=Action.DELETED,
            actor_kind="agent",
            actor_label="Mia",
        )
        return contact

    def test_asks_and_names_what_goes(self, admin_client: Client, contact: Contact) -> None:
        shown = text(admin_client.get(url("erase", contact)))

        assert "Delete Grace Sample forever?" in shown
        for gone in (
            "the contact with its details, its note",
            "2 e-mail addresses",
            "1 value of a contact field",
            "1 line of its timeline",
            "3 tickets",
            "This cannot be undone.",
            "To confirm, type the name: Grace Sample",
        ):
            assert gone in shown

    def test_saved_searches_that_hold_its_name_go_too(self, admin_client: Client, contact: Contact) -> None:
        SavedViewFactory(query="?tab=all&q=grace+sample")

        assert "the search of 1 saved view that holds" in text(admin_client.get(url("erase", contact)))

    def test_live_contact_is_not_offered_to_go(self, admin_client: Client) -> None:
        response = admin_client.get(url("erase", ContactFactory()))

        assert "Only a contact in Deleted Contacts can be deleted forever." in text(response)
        assert b'name="name"' not in response.content

    def test_conflicts_that_name_it_go_too(self, admin_client: Client) -> None:
        _entry, person, _other = ambiguous()
        agent_deletes(person)

        assert "1 conflict that names it" in text(admin_client.get(url("erase", person)))

    @pytest.mark.parametrize("name", ["", "Grace", "yes", "Grace  Sampel"])
    def test_without_its_name_nothing_goes(self, admin_client: Client, contact: Contact, name: str) -> None:
        response = admin_client.post(url("erase", contact), {"name": name}, follow=True)

        assert "Nothing was deleted" in text(response)
        assert Contact.objects.filter(pk=contact.pk).exists()

    @pytest.mark.parametrize("name", ["Grace Sample", " grace  SAMPLE "])
    def test_erases(self, admin_client: Client, contact: Contact, name: str) -> None:
        response = admin_client.post(url("erase", contact), {"name": name}, follow=True)

        assert response.redirect_chain == [(f"{LIST}?tab=deleted", 302)]
        assert "The contact is deleted forever." in text(response)
        for model in (Contact, ContactAddress, Ticket, TimelineEntry):
            assert not model._default_manager.exists()

    @pytest.mark.parametrize("who", ["agent_client", "manager_client"])
    def test_only_admins_may(self, request: pytest.FixtureRequest, contact: Contact, who: str) -> None:
        client: Client = request.getfixturevalue(who)

        response = client.post(url("erase", contact), {"name": contact.name})

        assert response.status_code == 403
        assert "This needs the role Admin ." in text(response)
        assert Contact.objects.filter(pk=contact.pk).exists()


@pytest.mark.parametrize("count", [1, 30])
def test_questions_do_not_grow(
    admin_client: Client, django_assert_num_queries: Callable[[int], Any], count: int
) -> None:
    contact = ContactFactory(deleted=True)
    TicketFactory.create_batch(count, contact=contact)

    with django_assert_num_queries(4):  # session, agent, contact, tickets
        admin_client.get(url("delete", contact))
    with django_assert_num_queries(
        10
    ):  # and addresses (also to look for them), timeline, two sorts of conflicts, views
        admin_client.get(url("erase", contact))
