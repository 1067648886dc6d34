"""Two contacts that are one person become one (R15): nothing is lost, nothing is left twice."""

from typing import Any

import pytest
from django.db import transaction

from contacts import lifecycle
from contacts.draft import Change
from contacts.errors import InvalidTransition
from contacts.models import Action, Contact, ContactAddress
from deskscim.provisioning.models import Connection
from tests.domain import (
    AGENT,
    addresses_of,
    agent_deletes,
    agent_erases,
    agent_suspends,
    agent_writes,
    causes,
    entra_deactivates,
    push,
    stored,
    tab_of,
    timeline_of,
    whole_database,
    work,
)
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def stays() -> Contact:
    stays: Contact = ContactFactory(name="Stays", title="Cook", emails=["stays@x.example"])
    return stays


@pytest.fixture
def goes() -> Contact:
    goes: Contact = ContactFactory(name="Goes", emails=["goes@x.example", "goes.too@x.example"])
    return goes


def merge(survivor: Contact, absorbed: Contact) -> Change:
    with transaction.atomic():
        first, second = sorted((survivor, absorbed), key=lambda one: one.pk)
        locked = {one.pk: lifecycle.lock(one.pk) for one in (first, second)}
        return lifecycle.merge(survivor=locked[survivor.pk], absorbed=locked[absorbed.pk], actor=AGENT)


def test_addresses_of_both_with_the_survivors_primary(stays: Contact, goes: Contact) -> None:
    """R17: each belongs to one contact, before and after."""
    merge(stays, goes)
    assert addresses_of(stays) == ["stays@x.example", "goes@x.example", "goes.too@x.example"]
    assert ContactAddress.objects.filter(is_primary=True).count() == 1


def test_the_notes_of_both(stays: Contact, goes: Contact) -> None:
    """Nothing that somebody wrote is lost."""
    agent_writes(goes, note="Likes tea")
    merge(stays, goes)
    assert stored(stays).note == "Likes tea"


def test_a_survivor_without_addresses_takes_the_primary_too(goes: Contact) -> None:
    """R36: and the domain with it."""
    company = CompanyFactory(domains=["x.example"])
    stays = ContactFactory(emails=[])
    merge(stays, goes)
    assert addresses_of(stays)[0] == "goes@x.example"
    assert (stored(stays).domain, stored(stays).company) == ("x.example", company)


def test_empty_fields_are_filled_and_filled_ones_stay(stays: Contact, goes: Contact) -> None:
    """Custom values likewise."""
    agent_writes(stays, custom_fields={"cf_a": "mine"})
    agent_writes(goes, title="Chef", phone="1", custom_fields={"cf_a": "other", "cf_b": "other"})
    merge(stays, goes)
    contact = stored(stays)
    assert (contact.name, contact.title, contact.phone) == ("Stays", "Cook", "1")
    assert contact.custom_fields == {"cf_a": "mine", "cf_b": "other"}


def test_tickets_and_timeline_change_hands(stays: Contact, goes: Contact) -> None:
    """R43: and one line tells of the merge."""
    ticket = TicketFactory(contact=goes)
    agent_writes(goes, title="Chef")
    merge(stays, goes)
    ticket.refresh_from_db()
    assert ticket.contact == stays
    (first, _), (last, changes) = timeline_of(stays)
    assert (first, last) == (Action.UPDATED, Action.MERGED)
    assert changes["merged"] == [None, "Goes"]
    assert changes["addresses"][0] == ["stays@x.example"]


def test_the_other_is_gone(stays: Contact, goes: Contact) -> None:
    merge(stays, goes)
    assert list(Contact.objects.all()) == [stays]


def test_erasing_the_survivor_erases_both(stays: Contact, goes: Contact) -> None:
    """R30: no personal value of the absorbed one stays behind."""
    agent_writes(goes, title="Rosebud", phone="Rosebud")
    TicketFactory(contact=goes, subject="Rosebud")
    merge(stays, goes)
    agent_deletes(stays)
    agent_erases(stays)
    assert "Rosebud" not in whole_database()
    assert "goes" not in whole_database()


class TestCompany:
    """R38: an agent's choice stays, blank or not; what is missing is taken over."""

    @pytest.mark.parametrize(
        ("source", "taken"), [("", True), ("agent", False)], ids=["no choice", "chosen to be blank"]
    )
    def test_missing_company(self, source: str, taken: bool) -> None:
        company = CompanyFactory()
        stays = ContactFactory(company_source=source)
        goes = ContactFactory(company=company, company_source="agent")
        merge(stays, goes)
        assert (stored(stays).company == company) == taken

    def test_own_company_stays(self) -> None:
        company = CompanyFactory()
        stays = ContactFactory(company=company, company_source="agent")
        merge(stays, ContactFactory(company=CompanyFactory(), company_source="attribute"))
        assert stored(stays).company == company


class TestLink:
    """The link of the one that has it; two of them only when Entra let one go."""

    LINK = ("connection_id", "external_id", "user_name", "user_name_key", "verified", "entra_fields")

    def link(self, contact: Contact) -> tuple[Any, ...]:
        return tuple(getattr(stored(contact), column) for column in self.LINK)

    def test_the_survivors_stays(self, connection: Connection, goes: Contact) -> None:
        linked = push(connection, "ann@x.example", emails=work("ann@x.example")).contact
        before = self.link(linked)
        merge(linked, goes)
        assert self.link(linked) == before
        assert list(stored(linked).addresses.values_list("scim_type", flat=True)) == ["work", "", ""]

    def test_the_absorbed_ones_is_taken_over(self, connection: Connection, stays: Contact) -> None:
        """R23: and what Entra calls the work address is the primary one."""
        linked = push(connection, "ann@x.example", emails=work("ann@x.example")).contact
        before = self.link(linked)
        merge(stays, linked)
        assert self.link(stays) == before
        rows = stored(stays).addresses.values_list("address", "scim_type", "is_primary")
        assert list(rows) == [("ann@x.example", "work", True), ("stays@x.example", "", False)]

    def test_two_active_users_are_refused(self, connection: Connection) -> None:
        """To Entra they are two people."""
        ann, bea = (push(connection, f"{name}@x.example").contact for name in ("ann", "bea"))
        with pytest.raises(InvalidTransition):
            merge(ann, bea)
        assert Contact.objects.count() == 2
        assert addresses_of(bea) == ["bea@x.example"]

    @pytest.mark.parametrize("survivor", ["active", "inactive"])
    def test_the_active_users_link_outlives_the_other(self, connection: Connection, survivor: str) -> None:
        """Whichever of the two contacts stays."""
        active, inactive = (push(connection, f"{name}@x.example").contact for name in ("ann", "bea"))
        entra_deactivates(inactive)
        before = self.link(active)
        first, second = (active, inactive) if survivor == "active" else (inactive, active)
        merge(first, second)
        assert self.link(first) == before
        assert tab_of(first) == "all"


class TestState:
    """Alive if one of the two is; suspended if one of the two is; the tickets follow."""

    def test_the_living_brings_the_deleted_back(self, stays: Contact, goes: Contact) -> None:
        """R27, R31."""
        TicketFactory(contact=stays)
        TicketFactory(contact=goes, spam_cause="agent")
        agent_deletes(stays)
        merge(stays, goes)
        assert (tab_of(stays), causes(stays)) == ("all", ["", "agent"])

    def test_tickets_of_a_deleted_one_leave_spam(self, stays: Contact, goes: Contact) -> None:
        """R31."""
        TicketFactory(contact=goes)
        agent_deletes(goes)
        merge(stays, goes)
        assert (tab_of(stays), causes(stays)) == ("all", [""])

    def test_two_deleted_ones_stay_deleted(self, stays: Contact, goes: Contact) -> None:
        agent_deletes(stays)
        agent_deletes(goes)
        merge(stays, goes)
        assert tab_of(stays) == "deleted"

    @pytest.mark.parametrize("suspended", ["stays", "goes"])
    def test_a_suspension_stays(self, stays: Contact, goes: Contact, suspended: str) -> None:
        """R35: a merge is no way around it."""
        TicketFactory(contact=stays)
        TicketFactory(contact=goes)
        agent_suspends(stays if suspended == "stays" else goes)
        merge(stays, goes)
        assert (tab_of(stays), causes(stays)) == ("suspended", ["suspension"] * 2)


class TestRelease:
    """R15: the contact stays, its link goes."""

    def test_everything_but_the_link_stays(self, connection: Connection) -> None:
        ann = push(connection, "ann@x.example", external_id="e1", title="Boss").contact
        with transaction.atomic():
            change = lifecycle.release(contact=lifecycle.lock(ann.pk), actor=AGENT)
        contact = stored(ann)
        assert (change.action, contact.is_linked, contact.external_id) == (Action.UNLINKED, False, "")
        assert (contact.title, tab_of(contact)) == ("Boss", "all")

    def test_there_must_be_one(self, stays: Contact) -> None:
        with pytest.raises(InvalidTransition), transaction.atomic():
            lifecycle.release(contact=lifecycle.lock(stays.pk), actor=AGENT)
