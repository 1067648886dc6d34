"""The addresses of a contact on its page: add, make primary, remove (R17, R23)."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from tests.domain import addresses_of, stored, timeline_of
from tests.factories import CompanyFactory, ContactFactory

from .page import text


@pytest.fixture
def grace(db: None) -> Contact:
    grace: Contact = ContactFactory(name="Grace", emails=["a@x.example", "b@x.example"])
    return grace


def change(client: Client, contact: Contact, deed: str, address: str) -> Any:
    there = reverse("contacts:address", args=[contact.pk, deed])
    return client.post(there, {"address": address}, follow=True)


@pytest.mark.parametrize(
    ("deed", "address", "after"),
    [
        ("add", "c@x.example", ["a@x.example", "b@x.example", "c@x.example"]),
        ("primary", "b@x.example", ["b@x.example", "a@x.example"]),
        ("primary", "c@x.example", ["c@x.example", "a@x.example", "b@x.example"]),
        ("remove", "b@x.example", ["a@x.example"]),
        ("remove", "a@x.example", ["b@x.example"]),
        ("remove", "c@x.example", ["a@x.example", "b@x.example"]),
        ("add", "B@X.example", ["a@x.example", "b@x.example"]),
    ],
)
def test_deeds(agent_client: Client, grace: Contact, deed: str, address: str, after: list[str]) -> None:
    change(agent_client, grace, deed, address)

    assert addresses_of(grace) == after


def test_an_address_that_is_there_is_not_said_to_be_added(agent_client: Client, grace: Contact) -> None:
    assert "b@x.example is there already." in text(change(agent_client, grace, "add", "B@x.example"))


def test_first_address_is_primary(agent_client: Client) -> None:
    contact = ContactFactory(emails=[])

    change(agent_client, contact, "add", "a@x.example")

    assert stored(contact).primary_address == "a@x.example"


def test_a_new_primary_address_maps_the_company(agent_client: Client, grace: Contact) -> None:
    """R36, R38."""
    company = CompanyFactory(domains=["acme.example"])

    change(agent_client, grace, "primary", "g@acme.example")

    assert stored(grace).company == company


def test_it_stands_in_the_timeline(agent_client: Client, grace: Contact) -> None:
    """R43."""
    change(agent_client, grace, "remove", "b@x.example")

    assert timeline_of(grace) == [
        ("updated", {"addresses": [["a@x.example", "b@x.example"], ["a@x.example"]]})
    ]


@pytest.mark.parametrize("address", ["a@x.example", "b@x.example"])
def test_removing_can_be_undone(agent_client: Client, grace: Contact, address: str) -> None:
    response = change(agent_client, grace, "remove", address)

    assert f"{address} is removed. Undo" in text(response)
    back = "primary" if address == "a@x.example" else "add"
    assert reverse("contacts:address", args=[grace.pk, back]) in response.content.decode()
    change(agent_client, grace, back, address)
    assert addresses_of(grace) == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize("deleted", [False, True])
def test_an_address_of_somebody_else_names_them_and_leads_there(
    agent_client: Client, grace: Contact, deleted: bool
) -> None:
    """R17: deleted contacts hold theirs too."""
    other = ContactFactory(name="<b>Bob</b>", emails=["bob@x.example"], deleted=deleted)

    response = change(agent_client, grace, "add", "BOB@x.example")

    assert "bob@x.example belongs to <b>Bob</b>" in text(response)
    assert ("in Deleted Contacts" in text(response)) == deleted
    assert f'href="{reverse("contacts:detail", args=[other.pk])}"' in response.content.decode()
    assert b"<b>Bob" not in response.content
    assert addresses_of(grace) == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize("address", ["", "nobody", "a@x.example b@y.example", "a\0@x.example@"])
def test_what_is_no_address_is_refused(agent_client: Client, grace: Contact, address: str) -> None:
    response = change(agent_client, grace, "add", address)

    assert "e-mail address" in text(response)
    assert timeline_of(grace) == []


def test_odd_addresses_that_entra_sent_can_be_handled(agent_client: Client) -> None:
    """R20."""
    contact = ContactFactory(emails=["a@x.example", "odd@localhost"])

    change(agent_client, contact, "primary", "odd@localhost")

    assert addresses_of(contact) == ["odd@localhost", "a@x.example"]


def test_a_deleted_contact_is_restored_first(agent_client: Client) -> None:
    contact = ContactFactory(deleted=True, emails=["a@x.example"])

    response = change(agent_client, contact, "remove", "a@x.example")

    assert "Restore it, then edit it." in text(response)
    assert addresses_of(contact) == ["a@x.example"]


def test_unknown_deeds_and_contacts_are_not_found(agent_client: Client, grace: Contact) -> None:
    assert change(agent_client, grace, "eat", "a@x.example").status_code == 404
    assert change(agent_client, Contact(pk=uuid.uuid4()), "add", "c@x.example").status_code == 404


class TestByDomainAgain:
    """R38, R40."""

    def follow(self, client: Client, contact: Contact) -> Any:
        return client.post(reverse("contacts:by-domain", args=[contact.pk]), follow=True)

    @pytest.mark.parametrize("source", ["agent", "attribute"])
    def test_the_domain_decides_again(self, agent_client: Client, source: str) -> None:
        acme = CompanyFactory(name="Acme", domains=["acme.example"])
        contact = ContactFactory(emails=["g@acme.example"], company=CompanyFactory(), company_source=source)
        assert b"by-domain" in agent_client.get(reverse("contacts:detail", args=[contact.pk])).content

        response = self.follow(agent_client, contact)

        assert (stored(contact).company, stored(contact).company_source) == (acme, "domain")
        assert "The company is Acme again, by the e-mail domain acme.example." in text(response)
        assert b"by-domain" not in response.content

    def test_what_the_connection_has_set_stays(self, agent_client: Client) -> None:
        """R4, R38."""
        bound = CompanyFactory()
        contact = ContactFactory(linked=True, company=bound, company_source="connection")

        response = self.follow(agent_client, contact)

        assert stored(contact).company == bound
        assert "does not follow from anybody's choice" in text(response)

    def test_a_domain_of_nobody_gives_none(self, agent_client: Client) -> None:
        contact = ContactFactory(emails=["g@acme.example"], company=CompanyFactory(), company_source="agent")

        response = self.follow(agent_client, contact)

        assert stored(contact).company is None
        assert "acme.example leads to no one company" in text(response)
