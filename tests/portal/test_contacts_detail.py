"""The page of one contact."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts import lifecycle
from contacts.models import Action, ActorKind, Contact, Ticket, TimelineEntry
from contacts.values import Actor, Email
from tests.factories import (
    CompanyFactory,
    ConnectionFactory,
    ContactFactory,
    ContactFieldFactory,
    TicketFactory,
    TimelineEntryFactory,
)

from .page import text

MIA = Actor(ActorKind.AGENT, "Mia Manager")


def url(contact: Contact) -> str:
    return reverse("contacts:detail", args=[contact.pk])


def page(client: Client, contact: Contact) -> str:
    return text(client.get(url(contact)))


def test_unknown_contact_is_not_found(agent_client: Client) -> None:
    response = agent_client.get(reverse("contacts:detail", args=[uuid.uuid4()]))

    assert response.status_code == 404
    assert "Not found" in text(response)
    assert reverse("contacts:list") in response.content.decode()


def test_posting_is_refused(agent_client: Client) -> None:
    assert agent_client.post(url(ContactFactory())).status_code == 405


def test_details(agent_client: Client) -> None:
    contact = ContactFactory(
        name="Grace Sample",
        given_name="Grace",
        family_name="Sample",
        title="Admiral",
        department="Research",
        phone="+1 425 555 0100",
        mobile="+1 425 555 0101",
        employee_number="4711",
        organization="Navy",
    )

    shown = page(agent_client, contact)

    for words in (
        "Title Admiral",
        "Department Research",
        "Work phone +1 425 555 0100",
        "Mobile +1 425 555 0101",
        "Employee number 4711",
        "Organization Navy",
        "Created",
        "Updated",
    ):
        assert words in shown


def test_addresses_say_which_is_primary_and_which_is_from_entra(agent_client: Client) -> None:
    contact = ContactFactory(linked=True, emails=["work@northwind.example", "own@contoso.example"])

    shown = page(agent_client, contact)
    assert "work@northwind.example Primary From Entra: work Managed by Entra ID" in shown
    assert "own@contoso.example Make primary" in shown


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("domain", "By the e-mail domain northwind.example"),
        ("attribute", "By the company name that Entra ID sends"),
        ("agent", "Chosen by an agent"),
        ("connection", "By the connection, which belongs to this company"),
    ],
)
def test_company_says_why(agent_client: Client, source: str, reason: str) -> None:
    company = CompanyFactory(name="Northwind Traders")
    contact = ContactFactory(company=company, company_source=source)

    response = agent_client.get(url(contact))

    assert f"Company Northwind Traders {reason}" in text(response)
    assert reverse("companies:detail", args=[company.pk]) in response.content.decode()


def test_no_company_says_why(agent_client: Client) -> None:
    assert "Company None northwind.example leads to no one company" in page(agent_client, ContactFactory())


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("text", "4711", "4711"),
        ("checkbox", True, "Yes"),
        ("checkbox", False, "No"),
        ("date", "2026-05-31", "2026-05-31"),
        ("number", 1234567, "1,234,567"),
        ("decimal", "1234.50", "1,234.50"),
        ("dropdown", "EMEA", "EMEA"),
        ("url", "https://northwind.example/x", "https://northwind.example/x"),
        ("text", None, "—"),
    ],
)
def test_custom_fields_show_as_their_type(agent_client: Client, kind: str, value: Any, shown: str) -> None:
    ContactFieldFactory(label="Oddity", api_name="cf_oddity", type=kind)
    ContactFieldFactory(label="Switched off", api_name="cf_off", active=False)

    words = page(agent_client, ContactFactory(custom_fields={"cf_oddity": value, "cf_off": "hidden"}))

    assert f"Oddity {shown}" in words
    assert "Switched off" not in words


class TestEntraSync:
    """R25, R41, R42."""

    @pytest.mark.parametrize(
        ("state", "word", "sentence"),
        [
            ({}, "Not synced", "No connection holds this contact."),
            ({"linked": True}, "Synced", "There is nothing to do."),
            (
                {"linked": True, "deleted": True, "entra_active": False},
                "Deactivated in Entra",
                "The contact comes back by itself",
            ),
            ({"linked": True, "deleted": True}, "Out of step", "This contact is deleted here"),
            ({"linked": True, "entra_active": False}, "Out of step", "This contact was restored here"),
            ({"linked": True, "unapplied": ["cf_x"]}, "Partly applied", "Not applied: cf_x"),
            ({"linked": True, "sync_failed_at": timezone.now()}, "Error", "provisioning log"),
        ],
    )
    def test_word_and_what_to_do(
        self, agent_client: Client, state: dict[str, Any], word: str, sentence: str
    ) -> None:
        shown = page(agent_client, ContactFactory(**state))

        assert f"Entra Sync {word}" in shown
        assert sentence in shown

    def test_who_holds_it_and_as_whom(self, agent_client: Client) -> None:
        tenant = ConnectionFactory(name="Northwind tenant")
        contact = ContactFactory(
            linked=True, connection=tenant, external_id="object-1", user_name="grace@northwind.example"
        )

        shown = page(agent_client, contact)

        assert "Connection Northwind tenant" in shown
        assert "userName grace@northwind.example" in shown
        assert "externalId object-1" in shown
        assert "Last synced" in shown

    def test_which_fields_entra_manages(self, agent_client: Client) -> None:
        ContactFieldFactory(label="Cost centre", api_name="cf_cost")

        shown = page(agent_client, ContactFactory(linked=True, entra_fields=["cf_cost", "emails", "phone"]))

        assert "Managed by Entra 3 fields Cost centre E-mail addresses Work phone" in shown


class TestTimeline:
    """R43."""

    def test_who_did_what_from_old_to_new(self, agent_client: Client) -> None:
        ContactFieldFactory(label="VIP", api_name="cf_vip", type="checkbox")
        contact = lifecycle.create(values={"name": "Grace", "title": "Captain"}, actor=MIA).contact
        lifecycle.update(
            contact=lifecycle.lock(contact.pk),
            values={
                "title": "Admiral",
                "custom_fields": {"cf_vip": True},
                "emails": [Email("grace@navy.example")],
            },
            actor=Actor(ActorKind.CONNECTION, "Northwind tenant"),
        )

        shown = page(agent_client, contact)

        assert "Updated by Northwind tenant (Connection)" in shown
        assert "Title Captain → Admiral" in shown
        assert "VIP Yes" in shown
        assert "E-mail addresses grace@navy.example" in shown
        assert "Created by Mia Manager (Agent)" in shown

    def test_states_are_told_in_words(self, agent_client: Client) -> None:
        contact = ContactFactory()
        lifecycle.suspend(contact=lifecycle.lock(contact.pk), actor=MIA)
        lifecycle.soft_delete(contact=lifecycle.lock(contact.pk), actor=MIA)

        shown = page(agent_client, contact)

        assert "Deleted by Mia Manager" in shown
        assert "Suspended by Mia Manager" in shown
        assert "No → Yes" not in shown  # said once is enough

    def test_a_cleared_field_is_empty(self, agent_client: Client) -> None:
        contact = ContactFactory(title="Admiral")
        lifecycle.update(contact=lifecycle.lock(contact.pk), values={"title": ""}, actor=MIA)

        assert "Title Admiral → empty" in page(agent_client, contact)

    def test_fifty_lines_and_the_way_to_the_older_ones(self, agent_client: Client) -> None:
        contact = ContactFactory()
        now = timezone.now()
        TimelineEntry.objects.bulk_create(
            TimelineEntry(
                contact=contact, at=now, action=Action.UPDATED, actor_kind="agent", actor_label="Mia"
            )
            for _ in range(51)
        )

        first = agent_client.get(url(contact))
        older = first.context["history"].older
        second = agent_client.get(url(contact) + older)

        assert text(first).count("Updated by Mia") == 50
        assert text(second).count("Updated by Mia") == 1
        assert 'href="' + url(contact) + '?#timeline"' in second.content.decode()

    @pytest.mark.parametrize("before", ["x", "0", "-1", "²", "9" * 30, "9" * 18, ""])
    def test_a_page_that_is_none_is_the_first(self, agent_client: Client, before: str) -> None:
        contact = lifecycle.create(values={"name": "Grace"}, actor=MIA).contact

        shown = text(agent_client.get(url(contact), {"before": before}))

        assert "Created by Mia Manager" in shown

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ({}, ["Updated by Tenant", "Updated by Mia Manager", "Created by Mia Manager"]),
            ({"action": "updated"}, ["Updated by Tenant", "Updated by Mia Manager"]),
            ({"actor": "agent"}, ["Updated by Mia Manager", "Created by Mia Manager"]),
            ({"action": "updated", "actor": "agent"}, ["Updated by Mia Manager"]),
            ({"action": "merged"}, []),
            ({"action": "nonsense", "actor": "'"}, ["Updated by Tenant", "Updated by Mia Manager"]),
        ],
    )
    def test_by_kind_of_action_and_actor(
        self, agent_client: Client, query: dict[str, str], shown: list[str]
    ) -> None:
        contact = lifecycle.create(values={"name": "Grace"}, actor=MIA).contact
        for title, actor in ("Captain", MIA), ("Admiral", Actor(ActorKind.CONNECTION, "Tenant")):
            lifecycle.update(contact=lifecycle.lock(contact.pk), values={"title": title}, actor=actor)

        lines = agent_client.get(url(contact), query).context["history"].lines

        told = [f"{entry.get_action_display()} by {entry.actor_label}" for entry, _differences in lines]
        assert told[: len(shown)] == shown
        assert bool(told) == bool(shown)

    def test_a_filter_that_finds_nothing_says_how_to_see_everything(self, agent_client: Client) -> None:
        contact = lifecycle.create(values={"name": "Grace"}, actor=MIA).contact

        assert "No such line." in text(agent_client.get(url(contact), {"action": "merged"}))


class TestTickets:
    def test_spam_is_marked_with_its_cause(self, agent_client: Client) -> None:
        contact = ContactFactory()
        ticket = TicketFactory(contact=contact, subject="Printer on fire", status="pending")
        TicketFactory(contact=contact, subject="Win a prize", spam_cause=Ticket.SpamCause.AGENT)

        response = agent_client.get(url(contact))

        assert "Win a prize Spam: marked by an agent Open Printer on fire Pending" in text(response)
        assert reverse("tickets:detail", args=[ticket.pk]) in response.content.decode()

    def test_only_the_latest_fifty(self, agent_client: Client) -> None:
        contact = ContactFactory()
        Ticket.objects.bulk_create(Ticket(contact=contact, subject="Again") for _ in range(51))

        shown = page(agent_client, contact)

        assert shown.count("Again") == 50
        assert "Only the latest 50 are shown." in shown

    def test_none(self, agent_client: Client) -> None:
        assert "No tickets." in page(agent_client, ContactFactory())


class TestStates:
    def test_deleted_says_since_when_and_by_whom(self, agent_client: Client) -> None:
        contact = ContactFactory()
        lifecycle.soft_delete(contact=lifecycle.lock(contact.pk), actor=MIA)

        shown = page(agent_client, contact)

        assert "In Deleted Contacts since" in shown
        assert "by Mia Manager." in shown

    def test_deactivated_names_entra(self, agent_client: Client) -> None:
        contact = ContactFactory(linked=True, deleted=True, deleted_by="entra", entra_active=False)

        assert "by Entra ID." in page(agent_client, contact)

    def test_suspended_says_since_when_and_by_whom(self, agent_client: Client) -> None:
        contact = ContactFactory()
        lifecycle.suspend(contact=lifecycle.lock(contact.pk), actor=MIA)

        shown = page(agent_client, contact)

        assert "Suspended since" in shown
        assert "by Mia Manager: it can open no new ticket." in shown


class TestActions:
    """R30, R34, R35, R48: by state and by role."""

    @pytest.mark.parametrize(
        ("state", "agents", "admins"),
        [
            ({}, {"delete", "edit"}, {"delete", "edit"}),
            ({"suspended": True}, {"delete", "edit", "unsuspend"}, {"delete", "edit", "unsuspend"}),
            ({"deleted": True}, {"restore"}, {"restore", "erase"}),
            ({"deleted": True, "suspended": True}, {"restore"}, {"restore", "erase"}),
        ],
    )
    def test_offered(
        self,
        agent_client: Client,
        admin_client: Client,
        state: dict[str, bool],
        agents: set[str],
        admins: set[str],
    ) -> None:
        contact = ContactFactory(**state)

        assert self.offers(agent_client, contact) == agents
        assert self.offers(admin_client, contact) == admins

    def offers(self, client: Client, contact: Contact) -> set[str]:
        html = client.get(url(contact)).content.decode()
        deeds = ("edit", "delete", "restore", "unsuspend", "erase")
        return {deed for deed in deeds if reverse(f"contacts:{deed}", args=[contact.pk]) in html}


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(
    agent_client: Client, django_assert_num_queries: Callable[[int], Any], count: int
) -> None:
    contact = ContactFactory(
        linked=True,
        company=CompanyFactory(),
        emails=[f"person{number}@northwind.example" for number in range(count)],
    )
    for number in range(count):
        TicketFactory(contact=contact)
        ContactFieldFactory()
        lifecycle.update(contact=lifecycle.lock(contact.pk), values={"title": f"T{number}"}, actor=MIA)

    # session, agent, contact, addresses, fields, tickets; timeline: its page, Entra's last change, changes
    # since; duplicates: domains of the company, near addresses, names; the last change
    with django_assert_num_queries(14):
        agent_client.get(url(contact))


@pytest.mark.parametrize("count", [1, 4])
def test_duplicates_cost_the_same_however_many(
    agent_client: Client, django_assert_num_queries: Callable[[int], Any], count: int
) -> None:
    contact = ContactFactory(phone="+1 425 555 0100")
    ContactFactory.create_batch(count, mobile="+1 425 555 0100", company=CompanyFactory())

    # session, agent, contact, addresses, fields, tickets, timeline, near addresses, names, phones, mobiles;
    # who is told apart, and the people themselves with their addresses; the last change
    with django_assert_num_queries(16):
        agent_client.get(url(contact))


def test_nobody_reads_it_signed_out(client: Client, db: None) -> None:
    contact = ContactFactory()

    response = client.get(url(contact))

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")


def test_the_timeline_says_the_exact_time_without_a_tab_stop(agent_client: Client) -> None:
    """R43: a page of it has fifty lines."""
    contact = ContactFactory()
    html = agent_client.get(url(contact)).content.decode()
    stops = html.count('tabindex="0"')
    TimelineEntryFactory(contact=contact, at=datetime(2020, 6, 1, 12, tzinfo=UTC))
    html = agent_client.get(url(contact)).content.decode()
    assert "1 Jun 2020, 12:00 UTC</time>" in html
    assert html.count('tabindex="0"') == stops
