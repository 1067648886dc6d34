"""The domains that contacts have: what each maps to and why not (R36 to R40)."""

from typing import Any

import pytest

from companies.models import Company
from contacts.seendomains import blank, facts, missing, seen
from tests.factories import CompanyFactory, ContactFactory

pytestmark = pytest.mark.django_db


def listed(*, mapped: bool = False, after: str = "", limit: int = 10) -> list[str]:
    return [one.domain for one in seen(mapped=mapped, after=after, limit=limit)]


def test_domains_come_once_and_by_alphabet() -> None:
    for number, domain in enumerate(["c.example", "a.example", "b.example", "a.example"]):
        ContactFactory(emails=[f"p{number}@{domain}"])
    assert listed() == ["a.example", "b.example", "c.example"]
    assert listed(limit=2) == ["a.example", "b.example"]
    assert listed(after="a.example") == ["b.example", "c.example"]
    assert listed(after="aa") == ["b.example", "c.example"]
    assert listed(mapped=True) == []


def test_who_has_a_company_is_deleted_or_was_left_blank_on_purpose_is_not_blank() -> None:
    """R38, R39: an agent's blank, and an attribute's, is a choice."""
    ContactFactory(emails=["a@one.example"], company=CompanyFactory())
    ContactFactory(emails=["a@two.example"], deleted=True)
    ContactFactory(emails=["a@three.example"], company_source="agent")
    ContactFactory(emails=["a@four.example"], company_source="attribute")
    ContactFactory(emails=[])
    assert listed() == []
    assert listed(mapped=True) == ["one.example"]
    suspended = ContactFactory(emails=["b@two.example"], suspended=True)
    assert list(blank("two.example")) == [suspended]


def test_an_unknown_domain_has_no_owner() -> None:
    ContactFactory(emails=["a@one.example"])
    ContactFactory(emails=["b@one.example"])
    (found,) = facts(["one.example"])
    assert (found.blank, found.mapped, found.owner, found.is_shared, found.is_ready) == (
        2,
        0,
        None,
        False,
        False,
    )
    assert list(found.others) == []


def test_one_company_makes_a_domain_ready() -> None:
    """R36."""
    company = CompanyFactory(domains=["one.example"])
    ContactFactory(emails=["a@one.example"])
    ContactFactory(emails=["b@one.example"], company=company)
    (found,) = facts(["one.example"])
    assert (found.owner, found.is_ready, found.blank, found.mapped) == (company, True, 1, 1)


def test_a_shared_domain_names_its_sharers() -> None:
    """R36."""
    sharers = [CompanyFactory(name=name, domains=["one.example"]) for name in ("Adatum", "Contoso")]
    (found,) = facts(["one.example"])
    assert (list(found.owners), found.owner, found.is_shared) == (sharers, None, True)


def test_colleagues_elsewhere_are_named() -> None:
    """R37."""
    low, owner, high = CompanyFactory.create_batch(3)
    owner.domains.create(domain="one.example")
    for company in (low, owner, high):
        ContactFactory(emails=[f"{company.pk}@one.example"], company=company)
    (found,) = facts(["one.example"])
    assert (found.owner, found.is_ready, list(found.others)) == (owner, False, [low, high])


def test_a_deleted_colleague_is_not_elsewhere() -> None:
    """R37: not deleted."""
    CompanyFactory(domains=["one.example"])
    ContactFactory(emails=["a@one.example"], company=CompanyFactory(), deleted=True)
    assert facts(["one.example"])[0].is_ready


@pytest.mark.parametrize(
    ("domain", "above"),
    [
        ("mail.acme.example", "acme.example"),
        ("a.mail.acme.example", "acme.example"),
        ("acme.example", None),
        ("notacme.example", None),
        ("mail.shared.example", None),
    ],
)
def test_a_part_of_a_companys_domain_is_told(domain: str, above: str | None) -> None:
    """R38: the whole domain counts, so such a contact is blank."""
    CompanyFactory(domains=["acme.example", "shared.example"])
    CompanyFactory(domains=["shared.example"])
    (found,) = facts([domain])
    assert (found.above and found.above.domain) == above


def test_free_mail_is_told() -> None:
    assert [one.is_free_mail for one in facts(["gmail.com", "one.example"])] == [True, False]


def lacking(company: Company) -> list[str]:
    return [one.domain for one in missing(company)]


def test_domains_of_its_contacts_that_a_company_lacks() -> None:
    company = CompanyFactory(domains=["one.example"])
    for domain in ("one.example", "two.example", "mail.one.example", "gmail.com"):
        ContactFactory(emails=[f"a@{domain}"], company=company)
    ContactFactory(emails=["b@three.example"], company=company, deleted=True)
    ContactFactory(emails=["b@four.example"], company=CompanyFactory())
    assert lacking(company) == ["mail.one.example", "two.example"]


def test_many_domains_take_as_many_statements_as_one(django_assert_num_queries: Any) -> None:
    for number in range(20):
        CompanyFactory(domains=[f"d{number}.example"])
        ContactFactory(emails=[f"a@d{number}.example"], company=CompanyFactory())
    for limit in (1, 20):
        with django_assert_num_queries(4):
            assert len(seen(mapped=True, after="", limit=limit)) == limit
