"""Which company a pushed user belongs to (R4, R36 to R39)."""

from typing import Any

import pytest

from companies.models import Company, CompanyDomain
from contacts import lifecycle
from contacts.models import Contact
from deskscim.provisioning.models import LogEntry
from tests.domain import agent_writes
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory

from .conftest import CUSTOM, ENTERPRISE, WORK, Scim, by_agent, fresh, refusal, scim_of

pytestmark = pytest.mark.django_db

SPELLINGS = ["company", "companyName", "company_name", "COMPANYNAME", "Company_Name"]


@pytest.fixture
def northwind() -> Company:
    return CompanyFactory(name="Northwind", domains=["northwind.example"])


def mail(address: str) -> list[dict[str, Any]]:
    return [{"type": "work", "value": address, "primary": True}]


def organization(name: str | None) -> dict[str, Any]:
    return {ENTERPRISE: {"organization": name}}


class TestDomain:
    @pytest.mark.parametrize(
        "address",
        [
            "ann@northwind.example",
            "ann@NORTHWIND.Example",
            "ann+x@northwind.example",
        ],
    )
    def test_the_company_of_the_primary_address(self, scim: Scim, northwind: Company, address: str) -> None:
        """R36."""
        assert scim.created(emails=mail(address)).company == northwind

    @pytest.mark.parametrize(
        "address", ["ann@sub.northwind.example", "ann@xnorthwind.example", "ann@northwind.example.org"]
    )
    def test_the_whole_domain_counts(self, scim: Scim, northwind: Company, address: str) -> None:
        """R38."""
        assert scim.created(emails=mail(address)).company is None

    def test_international_domains(self, scim: Scim) -> None:
        """R38: IDNA-normalised."""
        company = CompanyFactory(domains=["xn--mnchen-3ya.example"])
        assert scim.created(emails=mail("ann@M\u00dcNCHEN.example")).company == company

    def test_a_user_name_that_serves_as_address(self, scim: Scim, northwind: Company) -> None:
        """R16, R36."""
        assert scim.created(userName="ann@northwind.example", emails=None).company == northwind

    def test_a_secondary_address_does_not_count(self, scim: Scim, northwind: Company) -> None:
        """R36."""
        emails = [*mail("ann@x.example"), {"type": "home", "value": "ann@northwind.example"}]
        assert scim.created(emails=emails).company is None

    def test_a_shared_domain_gives_none(self, scim: Scim, northwind: Company) -> None:
        """R36."""
        CompanyFactory(domains=["northwind.example"])
        assert scim.created(login="ann").company is None

    def test_colleagues_in_another_company_give_none(self, scim: Scim, northwind: Company) -> None:
        """R37: unless they are deleted."""
        colleague = ContactFactory(emails=["bea@northwind.example"], company=CompanyFactory())
        assert scim.created(login="ann").company is None
        by_agent(lifecycle.soft_delete, colleague)
        assert scim.created(login="zoe").company == northwind

    def test_a_new_address_maps_anew(self, scim: Scim, northwind: Company) -> None:
        """R38: when the domain changes, and only then."""
        contact = scim.created(emails=mail("ann@x.example"))
        scim.replace(contact.pk, WORK, "ann@northwind.example")
        assert fresh(contact).company == northwind
        CompanyDomain.objects.all().delete()
        scim.replace(contact.pk, "title", "Cook")
        scim.replace(contact.pk, WORK, "anna@northwind.example")
        assert fresh(contact).company == northwind
        scim.replace(contact.pk, WORK, "anna@x.example")
        assert fresh(contact).company is None

    def test_linking_maps_who_has_none(self, scim: Scim, northwind: Company) -> None:
        """R38: the new primary address has another domain."""
        contact = ContactFactory(emails=["ann@x.example"])
        scim.created(userName="ann@x.example", emails=mail("ann@northwind.example"))
        assert fresh(contact).company == northwind

    def test_an_agents_choice_stays(self, scim: Scim, northwind: Company) -> None:
        """R38."""
        chosen = CompanyFactory()
        contact = scim.created(emails=mail("ann@x.example"))
        agent_writes(contact, company=chosen)
        scim.replace(contact.pk, WORK, "ann@northwind.example")
        assert fresh(contact).company == chosen

    def test_an_agents_choice_of_none_stays(self, scim: Scim, northwind: Company) -> None:
        """R38: none is a choice too."""
        contact = scim.created(login="ann")
        agent_writes(contact, company=None)
        scim.replace(contact.pk, WORK, "anna@northwind.example")
        scim.replace(contact.pk, WORK, "ann@x.example")
        scim.replace(contact.pk, WORK, "ann@northwind.example")
        assert fresh(contact).company is None

    def test_it_lasts_through_off_and_on(self, scim: Scim, northwind: Company) -> None:
        contact = scim.created(login="ann")
        for value in (False, True):
            scim.replace(contact.pk, "active", value)
            assert fresh(contact).company == northwind


class TestAttribute:
    @pytest.mark.parametrize("name", ["Contoso", "CONTOSO", " contoso "])
    def test_an_organization_outranks_the_domain(self, scim: Scim, northwind: Company, name: str) -> None:
        """R39: as people read the name."""
        contoso = CompanyFactory(name="Contoso")
        contact = scim.created(login="ann", **organization(name))
        assert (contact.company, contact.company_source) == (contoso, "attribute")
        assert scim.read(contact.pk)[ENTERPRISE] == {"organization": name}

    @pytest.mark.parametrize("name", SPELLINGS)
    def test_a_company_in_the_custom_extension(self, scim: Scim, northwind: Company, name: str) -> None:
        """R39: nested in a POST, as a path in a PATCH, flat in a PATCH without one."""
        first, second, third = (CompanyFactory() for _ in range(3))
        contact = scim.created(login="ann", **{CUSTOM: {name: first.name}})
        assert contact.company == first
        scim.replace(contact.pk, f"{CUSTOM}:{name}", second.name)
        assert fresh(contact).company == second
        scim.patch(contact.pk, {"op": "replace", "value": {f"{CUSTOM}:{name}": third.name}})
        assert fresh(contact).company == third
        assert LogEntry.objects.filter(ignored__gt=0).count() == 0

    def test_the_custom_extension_outranks_the_organization(self, scim: Scim) -> None:
        """R39: the one is about companies and nothing else."""
        first, second = CompanyFactory(), CompanyFactory()
        contact = scim.created(**organization(first.name), **{CUSTOM: {"companyName": second.name}})
        assert contact.company == second

    @pytest.mark.parametrize("value", ["", None])
    def test_a_cleared_one_gives_way_to_the_domain(
        self, scim: Scim, northwind: Company, value: str | None
    ) -> None:
        """R36, R39."""
        CompanyFactory(name="Contoso")
        contact = scim.created(login="ann", **organization("Contoso"))
        scim.replace(contact.pk, f"{ENTERPRISE}:organization", value)
        assert fresh(contact).company == northwind

    def test_an_unknown_name_gives_none_and_a_line(self, scim: Scim, northwind: Company) -> None:
        """R39, R44: the name itself is in no log."""
        contact = scim.created(login="ann")
        scim.replace(contact.pk, f"{ENTERPRISE}:organization", "Unheard Of")
        entry = LogEntry.objects.latest("id")
        assert fresh(contact).company is None
        assert ("company" in entry.notes[0], "Unheard" in str(entry.notes)) == (True, False)
        assert not Company.objects.filter(name="Unheard Of").exists()
        scim.replace(contact.pk, WORK, "anna@northwind.example")
        assert fresh(contact).company is None

    def test_a_connection_may_create_companies(self) -> None:
        """R39: once for each name."""
        scim = scim_of(ConnectionFactory(may_create_companies=True))
        names = ["Contoso", "CONTOSO", " Contoso ", "Fabrikam"]
        companies = [scim.created(**organization(name)).company for name in names]
        assert [company.name for company in companies if company] == [
            "Contoso",
            "Contoso",
            "Contoso",
            "Fabrikam",
        ]
        assert Company.objects.count() == 2

    def test_a_refused_write_creates_no_company(self) -> None:
        """R21: nothing is half done."""
        scim = scim_of(ConnectionFactory(may_create_companies=True))
        scim.created(login="ann")
        assert refusal(scim.post(login="ann", externalId="e2", **organization("Contoso"))) == (
            409,
            "uniqueness",
        )
        assert not Company.objects.exists()

    def test_an_agents_choice_lasts_until_it_is_sent_again(self, scim: Scim) -> None:
        """R25."""
        contoso, chosen = CompanyFactory(name="Contoso"), CompanyFactory()
        contact = scim.created(**organization("Contoso"))
        agent_writes(contact, company=chosen)
        scim.replace(contact.pk, "title", "Cook")
        assert fresh(contact).company == chosen
        scim.replace(contact.pk, f"{ENTERPRISE}:organization", "Contoso")
        assert fresh(contact).company == contoso

    def test_a_name_that_is_too_long(self, scim: Scim) -> None:
        assert refusal(scim.post(**{CUSTOM: {"companyName": "x" * 256}})) == (400, "invalidValue")


class TestBoundConnection:
    """R4: a connection bound to a company links only contacts of that company or of none."""

    @pytest.fixture
    def bound(self, northwind: Company) -> Scim:
        return scim_of(ConnectionFactory(company=northwind, may_create_companies=True))

    @pytest.mark.parametrize(
        "attributes", [{}, {"emails": mail("ann@contoso.example")}, organization("Contoso")]
    )
    def test_its_company_outranks_all(
        self, bound: Scim, northwind: Company, attributes: dict[str, Any]
    ) -> None:
        """R38."""
        CompanyFactory(name="Contoso", domains=["contoso.example"])
        contact = bound.created(**attributes)
        assert (contact.company, contact.company_source) == (northwind, "connection")

    def test_a_contact_of_none_is_taken_in(self, bound: Scim, northwind: Company) -> None:
        contact = ContactFactory(emails=["ann@northwind.example"])
        assert bound.created(login="ann").pk == contact.pk
        assert fresh(contact).company == northwind

    @pytest.mark.parametrize("deleted", [False, True])
    def test_a_contact_of_another_is_refused(self, bound: Scim, deleted: bool) -> None:
        """R15: 409 that reveals nothing of it."""
        contact = ContactFactory(
            emails=["ann@northwind.example"], company=CompanyFactory(name="Secret"), deleted=deleted
        )
        answer = bound.post(login="ann")
        assert refusal(answer) == (409, "uniqueness")
        assert "Secret" not in answer.content.decode()
        assert not fresh(contact).is_linked

    def test_a_change_keeps_it(self, bound: Scim, northwind: Company) -> None:
        contact: Contact = bound.created(login="ann")
        bound.replace(contact.pk, WORK, "ann@contoso.example")
        bound.replace(contact.pk, f"{ENTERPRISE}:organization", "Contoso")
        assert fresh(contact).company == northwind
        assert Company.objects.count() == 1


class TestCompanyNameIsAnswered:
    """R20, R39: else Entra would find it missing at every cycle, and send it again."""

    def test_as_it_came(self, scim: Scim) -> None:
        """Also where no company has that name."""
        contact = scim.created(**{CUSTOM: {"company": "Nobody's"}})
        resource = scim.read(contact.pk)
        assert resource[CUSTOM] == {"companyName": "Nobody's"}
        assert CUSTOM in resource["schemas"]
        assert [one["id"] for one in scim.find(f'{CUSTOM}:companyName eq "nobody\'s"')] == [str(contact.pk)]

    def test_until_it_is_removed(self, scim: Scim, northwind: Company) -> None:
        """R36: the domain maps the company again."""
        contact = scim.created(**{CUSTOM: {"companyName": "Fabrikam"}})
        scim.patch(contact.pk, {"op": "Remove", "path": f"{CUSTOM}:company"})
        assert CUSTOM not in scim.read(contact.pk)
        assert fresh(contact).company == northwind

    def test_a_put_without_it_clears_it(self, scim: Scim, northwind: Company) -> None:
        """R21: and leaves the company to the organization."""
        contact = scim.created(**{CUSTOM: {"companyName": "Fabrikam"}})
        body = scim.read(contact.pk)
        del body[CUSTOM]
        assert scim.send("PUT", f"/Users/{contact.pk}", body | organization("Northwind")).status_code == 200
        assert CUSTOM not in scim.read(contact.pk)
        assert fresh(contact).company == northwind

    def test_a_post_without_it_leaves_it(self, scim: Scim) -> None:
        """R14: what is absent stays."""
        contact = scim.created(login="ann", **{CUSTOM: {"companyName": "Fabrikam"}})
        scim.delete(contact.pk)
        assert scim.created(login="ann") == contact
        assert scim.read(contact.pk)[CUSTOM] == {"companyName": "Fabrikam"}
