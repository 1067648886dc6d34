"""Which company a contact belongs to (R36 to R39, R4)."""

from typing import Any

import pytest

from companies.models import Company
from contacts import lifecycle
from contacts.draft import Change
from contacts.errors import InvalidValue
from contacts.models import Contact
from contacts.values import Email
from deskscim.provisioning.models import Connection
from tests.domain import AGENT, addresses_of, agent_writes, entra_writes, push, timeline_of, work
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Company:
    return CompanyFactory(name="Northwind", domains=["northwind.example"])


@pytest.fixture
def fabrikam() -> Company:
    return CompanyFactory(name="Fabrikam", domains=["fabrikam.example"])


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


def create(**values: Any) -> Contact:
    """A contact that an agent makes."""
    wanted: Any = {"name": "Ann", **values}
    return lifecycle.create(values=wanted, actor=AGENT).contact


def mapped(contact: Contact) -> tuple[str | None, str]:
    """(company, why), from the database."""
    row = Contact.objects.select_related("company").get(pk=contact.pk)
    return (row.company.name if row.company else None, row.company_source)


class TestDomain:
    @pytest.mark.parametrize("address", ["ann@northwind.example", "Ann@NORTHWIND.Example"])
    def test_the_only_company_of_the_domain(
        self, northwind: Company, connection: Connection, address: str
    ) -> None:
        """R36, R38: for a pushed user and for one that an agent makes."""
        assert mapped(push(connection, address).contact) == ("Northwind", "domain")
        assert mapped(create(emails=[Email("b" + address)])) == ("Northwind", "domain")

    def test_an_international_domain(self) -> None:
        """R38: compared in its IDNA form."""
        CompanyFactory(name="Müller", domains=["xn--mller-kva.example"])
        assert mapped(create(emails=[Email("ann@MÜLLER.example")])) == ("Müller", "domain")

    @pytest.mark.parametrize(
        "address", ["ann@fabrikam.example", "ann@mail.northwind.example", "ann@localhost"]
    )
    def test_no_company_has_the_domain(self, northwind: Company, address: str) -> None:
        """R36: blank."""
        assert mapped(create(emails=[Email(address)])) == (None, "")

    def test_two_companies_share_the_domain(self, northwind: Company) -> None:
        """R36: blank."""
        CompanyFactory(domains=["northwind.example"])
        assert mapped(create(emails=[Email("ann@northwind.example")])) == (None, "")

    def test_the_primary_address_decides(self, northwind: Company, fabrikam: Company) -> None:
        """R36."""
        emails = [Email("ann@fabrikam.example"), Email("ann@northwind.example", primary=True)]
        assert mapped(create(emails=emails)) == ("Northwind", "domain")

    def test_a_secondary_address_does_not(self, northwind: Company) -> None:
        """R36."""
        emails = [Email("ann@x.example", primary=True), Email("ann@northwind.example")]
        assert mapped(create(emails=emails)) == (None, "")

    def test_no_address_no_company(self, northwind: Company) -> None:
        """R36."""
        assert mapped(create()) == (None, "")

    def test_the_timeline_tells(self, northwind: Company) -> None:
        """R43: by name."""
        contact = create(emails=[Email("ann@northwind.example")])
        assert timeline_of(contact)[0][1]["company"] == [None, "Northwind"]


class TestContactsElsewhere:
    """R37: the domain's contacts belong to another company: blank."""

    @pytest.mark.parametrize("state", [{}, {"suspended": True}, {"linked": True}])
    def test_one_contact_of_the_domain_is_elsewhere(
        self, northwind: Company, fabrikam: Company, state: dict[str, bool]
    ) -> None:
        """R37."""
        ContactFactory(emails=["bob@northwind.example"], company=fabrikam, **state)
        assert mapped(create(emails=[Email("ann@northwind.example")])) == (None, "")

    def test_an_elder_company_counts_as_a_younger_one(self, fabrikam: Company, northwind: Company) -> None:
        """R37: whichever has the lower key."""
        ContactFactory(emails=["bob@northwind.example"], company=fabrikam)
        ContactFactory(emails=["cat@fabrikam.example"], company=northwind)
        assert mapped(create(emails=[Email("ann@northwind.example")])) == (None, "")
        assert mapped(create(emails=[Email("ann@fabrikam.example")])) == (None, "")

    def test_most_are_here_and_one_is_elsewhere(self, northwind: Company, fabrikam: Company) -> None:
        """R37."""
        for number in range(3):
            ContactFactory(emails=[f"{number}@northwind.example"], company=northwind)
        ContactFactory(emails=["bob@northwind.example"], company=fabrikam)
        assert mapped(create(emails=[Email("ann@northwind.example")])) == (None, "")

    @pytest.mark.parametrize(
        "other",
        [
            {"emails": ["bob@northwind.example"], "deleted": True, "company": True},
            {"emails": ["bob@northwind.example"]},
            {"emails": ["bob@x.example", "bob@northwind.example"], "company": True},
            {"emails": ["bob@sub.northwind.example"], "company": True},
        ],
        ids=["deleted", "of no company", "by a secondary address", "of a subdomain"],
    )
    def test_others_do_not_count(self, northwind: Company, fabrikam: Company, other: dict[str, Any]) -> None:
        """R37: not deleted, with a company, of that very domain."""
        ContactFactory(**(other | {"company": fabrikam if "company" in other else None}))
        assert mapped(create(emails=[Email("ann@northwind.example")])) == ("Northwind", "domain")

    def test_contacts_of_this_company_do_not_count(self, northwind: Company) -> None:
        """R37."""
        ContactFactory(emails=["bob@northwind.example"], company=northwind)
        assert mapped(create(emails=[Email("ann@northwind.example")])) == ("Northwind", "domain")


class TestDomainChanges:
    @pytest.mark.parametrize("write", [agent_writes, entra_writes])
    def test_the_company_follows(
        self, northwind: Company, fabrikam: Company, connection: Connection, write: Any
    ) -> None:
        """R38."""
        contact = push(connection, "ann@northwind.example").contact
        write(contact, emails=work("ann@fabrikam.example"))
        assert mapped(contact) == ("Fabrikam", "domain")

    def test_a_domain_of_no_company_blanks(self, northwind: Company, connection: Connection) -> None:
        """R36, R38."""
        contact = push(connection, "ann@northwind.example").contact
        entra_writes(contact, emails=work("ann@x.example"))
        assert mapped(contact) == (None, "")

    def test_losing_the_address_blanks(self, northwind: Company) -> None:
        """R36, R38."""
        contact = create(emails=[Email("ann@northwind.example")])
        agent_writes(contact, emails=[])
        assert mapped(contact) == (None, "")

    def test_another_primary_address_decides(self, northwind: Company, fabrikam: Company) -> None:
        """R36."""
        contact = create(emails=[Email("ann@northwind.example"), Email("ann@fabrikam.example")])
        agent_writes(contact, emails=[Email("ann@northwind.example"), Email("ann@fabrikam.example", True)])
        assert mapped(contact) == ("Fabrikam", "domain")

    @pytest.mark.parametrize(
        "values",
        [
            {"title": "Boss"},
            {"user_name": "ann@fabrikam.example"},
            {"emails": work("ann.married@northwind.example")},
            {"emails": work("ann@NORTHWIND.example")},
        ],
    )
    def test_the_same_domain_maps_nothing_anew(
        self, northwind: Company, fabrikam: Company, connection: Connection, values: dict[str, Any]
    ) -> None:
        """R38: only at creation and when the domain changes."""
        contact = push(connection, "ann@northwind.example", emails=work("ann@northwind.example")).contact
        northwind.domains.all().delete()
        entra_writes(contact, **values)
        assert mapped(contact) == ("Northwind", "domain")

    def test_a_linked_contact_is_mapped_when_its_domain_changes(
        self, northwind: Company, connection: Connection
    ) -> None:
        """R14, R38."""
        known = ContactFactory(emails=["ann@x.example"])
        push(connection, "ann@x.example", emails=work("ann@northwind.example"))
        assert mapped(known) == ("Northwind", "domain")
        assert addresses_of(known) == ["ann@northwind.example", "ann@x.example"]


class TestAgentsChoice:
    def test_an_agent_chooses(self, northwind: Company, fabrikam: Company) -> None:
        """R38: over the domain, at creation and later."""
        contact = create(emails=[Email("ann@northwind.example")], company=fabrikam)
        assert mapped(contact) == ("Fabrikam", "agent")

    def test_no_domain_overwrites_it(
        self, northwind: Company, fabrikam: Company, connection: Connection
    ) -> None:
        """R38."""
        contact = push(connection, "ann@x.example", emails=work("ann@x.example")).contact
        agent_writes(contact, company=fabrikam)
        entra_writes(contact, emails=work("ann@northwind.example"))
        assert mapped(contact) == ("Fabrikam", "agent")

    def test_choosing_none_is_a_choice(self, northwind: Company, fabrikam: Company) -> None:
        """R38."""
        contact = create(emails=[Email("ann@northwind.example")])
        agent_writes(contact, company=None)
        agent_writes(contact, emails=[Email("ann@fabrikam.example")])
        assert mapped(contact) == (None, "agent")

    def test_choosing_none_for_a_new_contact_too(self, northwind: Company) -> None:
        """R38."""
        contact = create(emails=[Email("ann@northwind.example")], company=None)
        assert mapped(contact) == (None, "agent")

    def test_choosing_the_domains_company_pins_it(self, northwind: Company, fabrikam: Company) -> None:
        """R38: what an agent said stays, whatever the domain says later."""
        contact = create(emails=[Email("ann@northwind.example")])
        agent_writes(contact, company=northwind)
        agent_writes(contact, emails=[Email("ann@fabrikam.example")])
        assert mapped(contact) == ("Northwind", "agent")

    def test_the_timeline_tells(self, northwind: Company, fabrikam: Company) -> None:
        """R43."""
        contact = create(emails=[Email("ann@northwind.example")])
        agent_writes(contact, company=fabrikam)
        assert timeline_of(contact)[-1] == ("updated", {"company": ["Northwind", "Fabrikam"]})


class TestAttribute:
    def test_it_outranks_the_domain(
        self, northwind: Company, fabrikam: Company, connection: Connection
    ) -> None:
        """R39."""
        contact = push(connection, "ann@northwind.example", company_name="Fabrikam").contact
        assert mapped(contact) == ("Fabrikam", "attribute")

    @pytest.mark.parametrize("name", ["fabrikam", " FABRIKAM  ", "Fabrikam"])
    def test_names_compare_without_regard_to_case_and_blanks(
        self, fabrikam: Company, connection: Connection, name: str
    ) -> None:
        """R39."""
        assert mapped(push(connection, "ann", company_name=name).contact) == ("Fabrikam", "attribute")

    def test_it_follows_changes(self, northwind: Company, fabrikam: Company, connection: Connection) -> None:
        """R39."""
        contact = push(connection, "ann@northwind.example", company_name="Fabrikam").contact
        entra_writes(contact, company_name="Northwind")
        assert mapped(contact) == ("Northwind", "attribute")

    def test_the_domain_does_not_overwrite_it(
        self, northwind: Company, fabrikam: Company, connection: Connection
    ) -> None:
        """R39."""
        contact = push(connection, "ann@x.example", company_name="Fabrikam").contact
        entra_writes(contact, emails=work("ann@northwind.example"))
        assert mapped(contact) == ("Fabrikam", "attribute")

    def test_it_overwrites_an_agents_choice(
        self, northwind: Company, fabrikam: Company, connection: Connection
    ) -> None:
        """R25, R39: an agent's edit lasts until Entra sends that attribute again."""
        contact = push(connection, "ann").contact
        agent_writes(contact, company=northwind)
        entra_writes(contact, title="Boss")
        assert mapped(contact) == ("Northwind", "agent")
        entra_writes(contact, company_name="Fabrikam")
        assert mapped(contact) == ("Fabrikam", "attribute")

    @pytest.mark.parametrize("others", [False, True])
    def test_cleared_it_gives_way_to_the_domain(
        self, northwind: Company, fabrikam: Company, connection: Connection, others: bool
    ) -> None:
        """R36, R37, R39: the contact's own old company is no colleague's."""
        if others:
            ContactFactory(emails=["bob@northwind.example"], company=northwind)
        contact = push(connection, "ann@northwind.example", company_name="Fabrikam").contact
        entra_writes(contact, company_name="")
        assert mapped(contact) == ("Northwind", "domain")

    def test_cleared_it_leaves_an_agents_choice(
        self, northwind: Company, fabrikam: Company, connection: Connection
    ) -> None:
        """R38."""
        contact = push(connection, "ann@fabrikam.example").contact
        agent_writes(contact, company=northwind)
        entra_writes(contact, company_name="")
        assert mapped(contact) == ("Northwind", "agent")

    def test_absent_it_says_nothing(
        self, northwind: Company, fabrikam: Company, connection: Connection
    ) -> None:
        """R21."""
        contact = push(connection, "ann@northwind.example", company_name="Fabrikam").contact
        entra_writes(contact, title="Boss")
        assert mapped(contact) == ("Fabrikam", "attribute")


class TestUnknownName:
    NOTE = "The company name sent is unknown here, so the contact has no company."

    def push(self, connection: Connection, name: str) -> Change:
        return push(connection, "ann@northwind.example", company_name=name)

    def test_it_gives_blank_and_a_line_for_the_log(self, northwind: Company, connection: Connection) -> None:
        """R39: and not the domain's company."""
        change = self.push(connection, "Contoso")
        assert mapped(change.contact) == (None, "attribute")
        assert change.notes == (self.NOTE,)

    def test_it_blanks_the_company_known_before(self, northwind: Company, connection: Connection) -> None:
        """R39: follows changes."""
        contact = self.push(connection, "Northwind").contact
        assert entra_writes(contact, company_name="Contoso").notes == (self.NOTE,)
        assert mapped(contact) == (None, "attribute")

    @pytest.mark.parametrize("name", ["Contoso", "ß" * 255])
    def test_a_connection_that_may_creates_the_company(self, name: str) -> None:
        """R39, R4."""
        change = self.push(ConnectionFactory(may_create_companies=True), name)
        assert (mapped(change.contact), change.notes) == ((name, "attribute"), ())

    def test_it_creates_each_company_once(self) -> None:
        """R39."""
        connection = ConnectionFactory(may_create_companies=True)
        for user_name, name in (("ann", " Contoso Ltd "), ("bob", "CONTOSO  ltd")):
            push(connection, user_name, company_name=name)
        assert Company.objects.get().name == "Contoso Ltd"

    @pytest.mark.parametrize("name", ["x" * 256, "nul\x00"])
    def test_a_name_that_no_company_can_have_is_refused(self, name: str) -> None:
        """R39."""
        with pytest.raises(InvalidValue, match="company name"):
            self.push(ConnectionFactory(may_create_companies=True), name)

    @pytest.mark.parametrize("name", [" ", "\t\n"])
    def test_blanks_are_no_name(self, northwind: Company, name: str) -> None:
        """R39: as if the attribute were empty."""
        change = self.push(ConnectionFactory(may_create_companies=True), name)
        assert (mapped(change.contact), change.notes) == (("Northwind", "domain"), ())


class TestBoundConnection:
    @pytest.fixture
    def bound(self, fabrikam: Company) -> Connection:
        return ConnectionFactory(company=fabrikam)

    @pytest.mark.parametrize("values", [{}, {"company_name": "Northwind"}, {"company_name": "Unknown"}])
    def test_its_company_outranks_everything(
        self, northwind: Company, bound: Connection, values: dict[str, Any]
    ) -> None:
        """R38."""
        change = push(bound, "ann@northwind.example", **values)
        assert (mapped(change.contact), change.notes) == (("Fabrikam", "connection"), ())

    def test_a_domain_does_not_overwrite_it(self, northwind: Company, bound: Connection) -> None:
        """R38."""
        contact = push(bound, "ann@x.example").contact
        agent_writes(contact, emails=[Email("ann@northwind.example")])
        assert mapped(contact) == ("Fabrikam", "connection")

    def test_contacts_of_its_domain_elsewhere_do_not_matter(
        self, northwind: Company, bound: Connection
    ) -> None:
        """R37, R38."""
        ContactFactory(emails=["bob@fabrikam.example"], company=northwind)
        assert mapped(push(bound, "ann@fabrikam.example").contact) == ("Fabrikam", "connection")


def test_a_company_that_goes_leaves_its_contacts(northwind: Company) -> None:
    """The contact stays, with no company; its next domain maps it again (R38)."""
    contact = create(emails=[Email("ann@northwind.example")])
    northwind.delete()
    assert mapped(contact)[0] is None
    CompanyFactory(name="New", domains=["new.example"])
    agent_writes(contact, emails=[Email("ann@new.example")])
    assert mapped(contact) == ("New", "domain")
