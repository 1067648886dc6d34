"""Two contacts that are one person (R15): choose the other, look at the result, merge; or tell them apart."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Action, Contact
from deskscim.agents.models import Agent
from deskscim.provisioning.models import Conflict, LogEntry
from tests.domain import addresses_of, agent_writes, stored, timeline_of
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, TicketFactory

from .conflict import ambiguous
from .page import rows, text


@pytest.fixture
def stays(db: None) -> Contact:
    stays: Contact = ContactFactory(name="Grace", title="Admiral", emails=["g@x.example"], note="Tea")
    return stays


@pytest.fixture
def goes(db: None) -> Contact:
    goes: Contact = ContactFactory(
        name="G. Sample",
        phone="1",
        emails=["gs@x.example"],
        note="Coffee",
        company=CompanyFactory(name="Navy"),
    )
    return goes


def merge_url(stays: Contact, goes: Contact) -> str:
    return reverse("contacts:merge", args=[stays.pk, goes.pk])


def merge(client: Client, stays: Contact, goes: Contact, **changes: Any) -> Any:
    version = client.get(merge_url(stays, goes)).context["pair"].version
    data = {"version": version, "confirmed": "yes", **changes}
    return client.post(merge_url(stays, goes), data, follow=True)


class TestChoose:
    def choose(self, client: Client, contact: Contact, words: str = "") -> Any:
        return client.get(reverse("contacts:merge-choose", args=[contact.pk]), {"q": words})

    def test_search_finds_others_and_leads_to_the_preview(
        self, manager_client: Client, stays: Contact, goes: Contact
    ) -> None:
        response = self.choose(manager_client, stays, "sample")

        assert rows(response) == ["G. Sample"]
        assert "1 contact found" in text(response)
        assert merge_url(stays, goes) in response.content.decode()

    def test_never_itself(self, manager_client: Client, stays: Contact) -> None:
        assert rows(self.choose(manager_client, stays, "grace")) == []

    def test_those_who_look_alike_come_unasked(self, manager_client: Client, stays: Contact) -> None:
        same = ContactFactory(name="Grace")

        assert list(self.choose(manager_client, stays).context["found"]) == [same]

    def test_at_most_twenty_and_it_says_so(
        self, manager_client: Client, stays: Contact, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        ContactFactory.create_batch(30, name="Sam Sample")

        with django_assert_num_queries(6):  # session, agent, contact with addresses, found with addresses
            response = self.choose(manager_client, stays, "sample")

        assert len(rows(response)) == 20
        assert "Only the first matches are shown" in text(response)

    def test_nobody(self, manager_client: Client, stays: Contact) -> None:
        assert "No other contact has all of these words." in text(self.choose(manager_client, stays, "zzz\0"))


class TestPreview:
    def test_shows_both_sides_and_what_comes_of_them(
        self, manager_client: Client, stays: Contact, goes: Contact
    ) -> None:
        TicketFactory(contact=stays)
        TicketFactory.create_batch(2, contact=goes)

        shown = text(manager_client.get(merge_url(stays, goes)))

        assert "Merge G. Sample into Grace?" in shown
        result = shown.partition("What comes of it")[2]
        assert "Name Grace Addresses g@x.example Primary gs@x.example Company Navy Title Admiral" in result
        assert "Work phone 1" in result
        assert "Tickets 3 State Active Entra Sync Not synced" in result
        assert "Note Tea Coffee" in result
        assert "This cannot be undone." in result

    def test_nothing_has_happened(self, manager_client: Client, stays: Contact, goes: Contact) -> None:
        manager_client.get(merge_url(stays, goes))

        assert Contact.objects.count() == 2
        assert timeline_of(stays) == []

    def test_the_two_can_be_swapped(self, manager_client: Client, stays: Contact, goes: Contact) -> None:
        response = manager_client.get(merge_url(stays, goes))

        assert "Keep G. Sample instead" in text(response)
        assert merge_url(goes, stays) in response.content.decode()

    def test_two_active_users_of_entra_cannot_become_one(self, manager_client: Client) -> None:
        ann, bea = ContactFactory.create_batch(2, linked=True, connection=ConnectionFactory())

        response = manager_client.get(merge_url(ann, bea), follow=True)

        assert "Entra ID holds both contacts as active users" in text(response)
        assert response.redirect_chain == [(reverse("contacts:detail", args=[ann.pk]), 302)]

    def test_with_nobody_or_with_itself_is_not_found(self, manager_client: Client, stays: Contact) -> None:
        for other in (stays, Contact(pk=uuid.uuid4())):
            assert manager_client.get(merge_url(stays, other)).status_code == 404
            assert manager_client.post(merge_url(stays, other)).status_code == 404

    def test_queries_do_not_grow(self, manager_client: Client, stays: Contact, goes: Contact) -> None:
        def statements() -> int:
            with CaptureQueriesContext(connection) as captured:
                manager_client.get(merge_url(stays, goes))
            return len(captured)

        few = statements()
        TicketFactory.create_batch(10, contact=goes)
        for number in range(10):
            agent_writes(goes, title=f"Cook {number}")

        assert statements() == few


class TestMerge:
    def test_makes_one_of_two(
        self, manager_client: Client, manager: Agent, stays: Contact, goes: Contact
    ) -> None:
        ticket = TicketFactory(contact=goes)

        response = merge(manager_client, stays, goes)

        assert "G. Sample and Grace are one contact now." in text(response)
        assert response.redirect_chain == [(reverse("contacts:detail", args=[stays.pk]), 302)]
        assert Contact.objects.get() == stays
        assert (stored(stays).phone, stored(stays).note) == ("1", "Tea\n\nCoffee")
        assert addresses_of(stays) == ["g@x.example", "gs@x.example"]
        ticket.refresh_from_db()
        assert ticket.contact == stays
        assert stays.timeline.get(action=Action.MERGED).actor_label == manager.name

    def test_without_the_tick_nothing_happens(
        self, manager_client: Client, stays: Contact, goes: Contact
    ) -> None:
        response = manager_client.post(merge_url(stays, goes), {"version": "1 1"}, follow=True)

        assert "Nothing was merged: tick the box to confirm." in text(response)
        assert Contact.objects.count() == 2

    @pytest.mark.parametrize("which", ["stays", "goes"])
    def test_a_preview_that_is_no_longer_true_counts_nothing(
        self, manager_client: Client, stays: Contact, goes: Contact, which: str
    ) -> None:
        version = manager_client.get(merge_url(stays, goes)).context["pair"].version
        agent_writes({"stays": stays, "goes": goes}[which], title="Other")

        response = merge(manager_client, stays, goes, version=version)

        assert "One of the two contacts has changed in the meantime" in text(response)
        assert Contact.objects.count() == 2

    def test_log_and_conflicts_go_on_with_the_one_that_stays(self, manager_client: Client) -> None:
        """R44: what the log tells of the one is told of the other."""
        entry, goes, third = ambiguous()
        stays = ContactFactory()
        log = LogEntry.objects.create(
            at=timezone.now(),
            contact=goes,
            method="PATCH",
            action=Action.UPDATED,
            outcome="success",
            status=200,
            duration_ms=1,
        )

        merge(manager_client, stays, goes)

        log.refresh_from_db()
        assert log.contact == stays
        assert set(Conflict.objects.get(pk=entry.pk).contacts.all()) == {stays, third}


class TestDuplicates:
    """Suggested on the contact's page."""

    def page(self, client: Client, contact: Contact) -> Any:
        return client.get(reverse("contacts:detail", args=[contact.pk]))

    def test_suggested_with_what_speaks_for_it(self, manager_client: Client, stays: Contact) -> None:
        same = ContactFactory(name="Grace", emails=["other@y.example"])

        response = self.page(manager_client, stays)

        assert "Possible duplicates Grace other@y.example Same name and company" in text(response)
        assert merge_url(stays, same) in response.content.decode()

    def test_agents_may_tell_apart_and_not_merge(self, agent_client: Client, stays: Contact) -> None:
        """R48."""
        same = ContactFactory(name="Grace")

        html = self.page(agent_client, stays).content.decode()

        assert merge_url(stays, same) not in html
        assert reverse("contacts:merge-choose", args=[stays.pk]) not in html
        assert reverse("contacts:not-duplicate", args=[stays.pk, same.pk]) in html

    def test_not_a_duplicate_is_kept_and_can_be_undone(self, agent_client: Client, stays: Contact) -> None:
        same = ContactFactory(name="Grace")
        there = reverse("contacts:not-duplicate", args=[stays.pk, same.pk])

        response = agent_client.post(there, follow=True)

        assert "Grace is not suggested here any more. Undo" in text(response)
        assert f'formaction="{there}?undo"' in response.content.decode()
        assert "Possible duplicates" not in text(response)
        assert "Possible duplicates" not in text(self.page(agent_client, same))
        assert "Possible duplicates" in text(agent_client.post(f"{there}?undo", follow=True))
