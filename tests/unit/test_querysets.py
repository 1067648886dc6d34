"""Questions to the contacts and tickets tables (R4, R26, R27, R35)."""

import pytest

from contacts.models import Contact, Ticket
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, TicketFactory

pytestmark = pytest.mark.django_db


class TestTabs:
    @pytest.mark.parametrize(
        ("state", "tab"),
        [
            ({}, "active"),
            ({"suspended": True}, "suspended"),
            ({"deleted": True}, "deleted"),
            ({"suspended": True, "deleted": True}, "deleted"),
        ],
    )
    def test_each_contact_is_in_one_tab(self, state: dict[str, bool], tab: str) -> None:
        """R26, R35."""
        contact = ContactFactory(**state)
        found = {name: list(getattr(Contact.objects, name)()) for name in ("active", "suspended", "deleted")}
        assert found == {"active": [], "suspended": [], "deleted": []} | {tab: [contact]}

    def test_the_default_manager_hides_nothing(self) -> None:
        """R27: that is how spam stays in All Tickets."""
        contact = ContactFactory(deleted=True, suspended=True)
        ticket = TicketFactory(contact=contact, spam_cause="deletion")
        assert (Contact.objects.get(), Ticket.objects.get()) == (contact, ticket)


class TestLinked:
    def test_a_connection_sees_its_own(self) -> None:
        """R4: live, deleted and suspended; nobody else's, and no unlinked ones."""
        ours, theirs = ConnectionFactory(), ConnectionFactory()
        mine = [ContactFactory(linked=True, connection=ours, deleted=deleted) for deleted in (True, False)]
        ContactFactory(linked=True, connection=theirs)
        ContactFactory()
        assert set(Contact.objects.linked_to(ours.pk)) == set(mine)
        assert Contact.objects.linked().count() == 3


class TestSearch:
    @pytest.fixture(autouse=True)
    def ann(self) -> Contact:
        contact: Contact = ContactFactory(
            name="Ann Example",
            title="Head of Ops",
            phone="(030) 123",
            mobile="0170",
            user_name="ann.upn@x.example",
            company=CompanyFactory(name="Northwind"),
            emails=["ann@northwind.example", "zo\u00eb@home.example"],
        )
        return contact

    @pytest.mark.parametrize(
        "text",
        [
            "ann",
            "EXAMPLE",
            "ops",
            "(030)",
            "170",
            "upn",
            "northWIND",
            "home.example",
            "ZOE\u0308@",
            "ann ops",
            " ",
            "",
        ],
    )
    def test_every_word_is_found_somewhere(self, ann: Contact, text: str) -> None:
        """R41: any column, any address, any case."""
        assert Contact.objects.search(text).get() == ann

    @pytest.mark.parametrize("text", ["bob", "ann bob", "%", "an_", "\\", "'"])
    def test_a_word_that_is_nowhere_finds_nobody(self, text: str) -> None:
        assert not Contact.objects.search(text).exists()

    def test_several_addresses_that_match_are_one_contact(self) -> None:
        assert Contact.objects.search("example").count() == 1

    def test_it_narrows_what_was_asked_before(self) -> None:
        """R26: a search in one tab finds nobody of another."""
        assert not Contact.objects.deleted().search("ann").exists()
