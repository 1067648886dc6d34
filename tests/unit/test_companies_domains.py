"""Domains in their one spelling, and the company that one leads to (R36, R38)."""

import random

import pytest

from companies.domains import InvalidDomain, domain_of, normalise_domain
from companies.models import Company, name_key
from contacts.mapping import for_domain
from contacts.models import Contact
from tests.factories import CompanyFactory


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("northwind.example", "northwind.example"),
        ("NorthWind.EXAMPLE", "northwind.example"),
        ("  northwind.example\n", "northwind.example"),
        ("@northwind.example", "northwind.example"),
        ("northwind.example.", "northwind.example"),
        ("northwind.example。", "northwind.example"),
        ("mail.northwind.example", "mail.northwind.example"),
        ("Müller.example", "xn--mller-kva.example"),
        ("MU\u0308LLER.example", "xn--mller-kva.example"),
        ("XN--MLLER-KVA.example", "xn--mller-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え。example", "xn--r8jz45g.example"),
    ],
)
def test_a_domain_has_one_spelling(text: str, domain: str) -> None:
    """R38."""
    assert normalise_domain(text) == domain


def test_normalising_twice_changes_nothing() -> None:
    """R38: what is stored compares equal to itself."""
    once = normalise_domain("MÜLLER.Example。")
    assert normalise_domain(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "@",
        "localhost",
        "north wind.example",
        "northwind..example",
        ".northwind.example",
        "-northwind.example",
        "northwind_traders.example",
        "a@northwind.example",
        "[192.0.2.1]",
        "\ud800.example",
        "\x00.example",
        f"{'a' * 64}.example",
        ".".join(["a" * 60] * 5),
        "a" * 100_000,
    ],
)
def test_what_is_no_domain_is_refused(text: str) -> None:
    """R38: an invalid domain could never match an address."""
    with pytest.raises(InvalidDomain):
        normalise_domain(text)


def test_a_refusal_tells_a_person_what_is_wrong() -> None:
    with pytest.raises(InvalidDomain, match="has no dot; write the whole domain"):
        normalise_domain("northwind")


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ann@northwind.example", "northwind.example"),
        ("ann@MÜLLER.example", "xn--mller-kva.example"),
        ('"odd@local"@northwind.example', "northwind.example"),
        ("ann@localhost", ""),
        ("ann@", ""),
        ("ann", ""),
        ("northwind.example", ""),
        ("", ""),
        ("ann@north wind.example", ""),
    ],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    """R36: only an address has a domain, and only a real one can map."""
    assert domain_of(address) == domain


def test_no_text_at_all_makes_domain_of_fail() -> None:
    """Entra may send anything as mail (R20): an odd address maps nobody, and is no error."""
    chance = random.Random(48)
    alphabet = "a@.-_Ü。\u200d\u0308\u05d0ß\x00 \ud800xn--①"
    for _ in range(3000):
        domain_of("".join(chance.choices(alphabet, k=chance.randint(0, 12))))


def company_of(domain: str) -> Company | None:
    """The company of somebody new."""
    return for_domain(Contact(domain=domain))


@pytest.mark.django_db
class TestCompanyOf:
    def test_the_only_company_of_a_domain(self) -> None:
        """R36."""
        company = CompanyFactory(domains=["northwind.example", "nwt.example"])
        assert company_of("nwt.example") == company

    def test_a_shared_domain_leads_nowhere(self) -> None:
        """R36."""
        CompanyFactory(domains=["shared.example"])
        CompanyFactory(domains=["shared.example"])
        assert company_of("shared.example") is None

    def test_an_unknown_domain_leads_nowhere(self) -> None:
        """R36."""
        CompanyFactory(domains=["northwind.example"])
        assert company_of("fabrikam.example") is None

    def test_a_subdomain_is_another_domain(self) -> None:
        """R38: whole domains only."""
        CompanyFactory(domains=["northwind.example"])
        assert company_of("mail.northwind.example") is None

    def test_no_domain_leads_nowhere(self) -> None:
        CompanyFactory(domains=[""])
        assert company_of("") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northwind Traders", "NORTHWIND  traders"),
        (" Northwind Traders ", "Northwind\tTraders"),
        ("Straße AG", "STRASSE AG"),
        ("Müller", "Mu\u0308ller"),
    ],
)
def test_company_names_compare_as_a_person_reads_them(one: str, other: str) -> None:
    """R39."""
    assert name_key(one) == name_key(other)


@pytest.mark.django_db
def test_a_renamed_company_is_found_by_its_new_name() -> None:
    """R39."""
    company = CompanyFactory(name="Northwind")
    company.name = "Southwind"
    company.save()
    assert Company.objects.get(name_key="southwind") == company


@pytest.mark.django_db
def test_the_longest_name_has_room_for_its_comparing_form() -> None:
    """Casefolding makes some letters two: the key may be longer than the name."""
    name = "ß" * 255
    company = CompanyFactory(name=name)
    assert Company.objects.get(name_key="ss" * 255) == company
