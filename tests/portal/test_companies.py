"""Accounts > Companies: list, page, create, edit (R36, R38, R39)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from companies.forms import CompanyForm
from companies.models import Company
from companies.views.change import saved
from tests.factories import CompanyFactory, ContactFactory

LIST = "/companies/"
NEW = "/companies/new/"


def url(name: str, company: Company) -> str:
    return reverse(f"companies:{name}", args=[company.pk])


def form(**values: str) -> dict[str, str]:
    return {"name": "Northwind Traders", "domains": "", **values}


def as_shown(client: Client, company: Company, **changes: str) -> dict[str, str]:
    """What a browser sends back of the form, and the changes."""
    shown = client.get(url("edit", company)).context["form"]
    return {**{name: shown[name].value() or "" for name in shown.fields}, **changes}


def names(client: Client, query: str = "") -> list[str]:
    return [company.name for company in client.get(LIST + query).context["page"].rows]


def test_the_list_counts_domains_and_living_contacts(agent_client: Client) -> None:
    company = CompanyFactory(name="Northwind", domains=["a.example", "b.example", "c.example"])
    ContactFactory(company=company)
    ContactFactory(company=company, suspended=True)
    ContactFactory(company=company, deleted=True)
    CompanyFactory(name="Tailspin")
    rows = agent_client.get(LIST).context["page"].rows
    assert [(row.name, row.domain_count, row.contact_count) for row in rows] == [
        ("Northwind", 3, 2),
        ("Tailspin", 0, 0),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["adatum", "Contoso", "Fabrikam"]),
        ("?sort=-name", ["Fabrikam", "Contoso", "adatum"]),
        ("?sort=city", ["adatum", "Fabrikam", "Contoso"]),
        ("?sort=-country", ["Fabrikam", "Contoso", "adatum"]),
        ("?sort=-created", ["Fabrikam", "Contoso", "adatum"]),
        ("?sort=password", ["adatum", "Contoso", "Fabrikam"]),
        ("?page=99&sort=name", ["adatum", "Contoso", "Fabrikam"]),
        ("?q=CONT", ["Contoso"]),
        ("?q=fab.example", ["Fabrikam"]),
        ("?q=lyon+con", ["Contoso"]),
        ("?q=lyon+fab", []),
        ("?q=%00", ["adatum", "Contoso", "Fabrikam"]),
    ],
)
def test_the_list_is_searched_and_sorted(query: str, expected: list[str], agent_client: Client) -> None:
    ContactFactory(company=CompanyFactory(name="adatum"))
    CompanyFactory(name="Contoso", city="Lyon")
    CompanyFactory(name="Fabrikam", domains=["fab.example"], country="France")
    assert names(agent_client, query) == expected


@pytest.mark.parametrize("sort", ["name", "-name", "city", "-city", "created", "-created"])
def test_pages_lead_on_and_back(sort: str, agent_client: Client) -> None:
    for number in range(65):
        CompanyFactory(name=f"Company {number:02}", city=["Lyon", "Oslo"][number % 2])
    first, second, third = list(walked(agent_client, sort, "next"))
    assert [len(page) for page in (first, second, third)] == [30, 30, 5]
    assert len({*first, *second, *third}) == 65
    assert list(walked(agent_client, sort, "previous", second_last(agent_client, sort))) == [second, first]


def walked(client: Client, sort: str, way: str, cursor: str = "") -> Iterator[list[str]]:
    """The names on each page, as long as there is another."""
    while True:
        page = client.get(LIST, {"sort": sort, "page": cursor}).context["page"]
        yield [company.name for company in page.rows]
        cursor = getattr(page, way)
        if not cursor:
            return


def second_last(client: Client, sort: str) -> str:
    """The cursor that leads back from the last page."""
    page = client.get(LIST, {"sort": sort}).context["page"]
    while page.next:
        page = client.get(LIST, {"sort": sort, "page": page.next}).context["page"]
    return str(page.previous)


@pytest.mark.parametrize("cursor", ["99", "x", "W10=", "W3RydWUsbnVsbCxudWxsXQ==", "\0"])
def test_a_broken_cursor_leads_to_the_first_page(cursor: str, agent_client: Client) -> None:
    CompanyFactory.create_batch(2)
    assert len(agent_client.get(LIST, {"page": cursor}).context["page"].rows) == 2


def test_typing_into_the_search_fetches_the_list_alone(agent_client: Client) -> None:
    CompanyFactory(name="Contoso")
    answer = agent_client.get(LIST, {"q": "con"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "Contoso" in page
    assert "1 company found" in page
    assert "<html" not in page
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("path", ["list", "detail"])
def test_thirty_rows_take_as_many_queries_as_one(
    path: str, agent_client: Client, django_assert_num_queries: Any
) -> None:
    company = CompanyFactory(domains=["northwind.example"])
    ContactFactory(company=CompanyFactory())
    ContactFactory(company=company, emails=["a@x.example", "b@x.example"])
    address = LIST if path == "list" else url("detail", company)
    expected = {"list": 3, "detail": 16}[path]
    with django_assert_num_queries(expected):
        agent_client.get(address)
    for number in range(28):
        ContactFactory(company=CompanyFactory(domains=[f"d{number}.example", "northwind.example"]))
        ContactFactory(company=company, emails=[f"a{number}@x{number}.example", f"b{number}@x.example"])
    with django_assert_num_queries(expected):
        agent_client.get(address)


def test_the_page_shows_details_domains_and_contacts(agent_client: Client) -> None:
    company = CompanyFactory(name="Northwind", city="Lyon", phone="+33 1", domains=["northwind.example"])
    shown = ContactFactory(company=company, name="Ada King", emails=["ada@northwind.example"])
    ContactFactory(company=company, name="Sue Spended", suspended=True)
    ContactFactory(company=company, name="Del Eted", deleted=True)
    page = agent_client.get(url("detail", company)).content.decode()
    for text in ("Lyon", "+33 1", "northwind.example", "ada@northwind.example", "Suspended"):
        assert text in page
    assert reverse("contacts:detail", args=[shown.pk]) in page
    assert "Del Eted" not in page


def test_the_first_contacts_are_shown_with_the_way_to_all(agent_client: Client) -> None:
    company = CompanyFactory()
    ContactFactory.create_batch(11, company=company)
    answer = agent_client.get(url("detail", company))
    assert (len(answer.context["contacts"]), answer.context["count"]) == (10, 11)
    page = answer.content.decode()
    assert f"/contacts/?company={company.pk}" in page
    assert f"/tickets/?company={company.pk}" in page


def test_a_shared_domain_is_warned_of(agent_client: Client) -> None:
    company = CompanyFactory(domains=["shared.example", "own.example"])
    CompanyFactory(name="Fabrikam", domains=["shared.example"])
    page = agent_client.get(url("detail", company))
    assert [(seen.domain, warnings) for seen, warnings in page.context["domains"]] == [
        ("own.example", []),
        ("shared.example", ["Shared with Fabrikam, so it maps nobody to a company."]),
    ]
    assert "Shared with Fabrikam, so it maps nobody to a company." in page.content.decode()


def test_a_part_of_another_companys_domain_is_warned_of(agent_client: Client) -> None:
    """R38: but not of one's own."""
    CompanyFactory(name="Fabrikam", domains=["fabrikam.example"])
    company = CompanyFactory(domains=["mail.fabrikam.example", "own.example", "a.own.example"])
    shown = agent_client.get(url("detail", company)).context["domains"]
    assert [(seen.domain, len(warnings)) for seen, warnings in shown] == [
        ("a.own.example", 0),
        ("mail.fabrikam.example", 1),
        ("own.example", 0),
    ]


def test_a_free_mail_domain_is_warned_of(agent_client: Client) -> None:
    company = CompanyFactory(domains=["gmail.com"])
    assert "A free-mail domain" in agent_client.get(url("detail", company)).content.decode()


def test_a_manager_makes_a_company(manager_client: Client) -> None:
    domains = "Northwind.Example\r\n\r\n @Müller.example \r\nnorthwind.example."
    answer = manager_client.post(NEW, form(name="  Northwind   Traders ", domains=domains, zip_code="69001"))
    made = Company.objects.get()
    assert answer["Location"] == url("detail", made)
    assert (made.name, made.zip_code) == ("Northwind Traders", "69001")
    assert [one.domain for one in made.domains.all()] == ["northwind.example", "xn--mller-kva.example"]


def test_every_line_that_is_no_domain_is_named(manager_client: Client) -> None:
    page = manager_client.post(NEW, form(domains="good.example\nbad domain\nnodot")).content.decode()
    assert "“bad domain” is not a domain name" in page
    assert "“nodot” has no dot" in page
    assert not Company.objects.exists()


@pytest.mark.parametrize("taken", ["Northwind Traders", "NORTHWIND  traders"])
def test_a_name_is_taken_whatever_its_case(taken: str, manager_client: Client) -> None:
    CompanyFactory(name="Northwind Traders")
    assert "Another company has this name." in manager_client.post(NEW, form(name=taken)).content.decode()
    assert Company.objects.count() == 1


def test_a_company_keeps_its_own_name(manager_client: Client) -> None:
    company = CompanyFactory(name="Northwind Traders")
    edited = as_shown(manager_client, company, city="Lyon")
    assert manager_client.post(url("edit", company), edited).status_code == 302
    company.refresh_from_db()
    assert company.city == "Lyon"


def test_an_edit_changes_details_and_the_whole_list_of_domains(manager_client: Client) -> None:
    company = CompanyFactory(name="Northwind", domains=["old.example", "kept.example"])
    kept = company.domains.get(domain="kept.example")
    changes = {"name": "Northwind Ltd", "domains": "new.example\nkept.example"}
    manager_client.post(url("edit", company), as_shown(manager_client, company, **changes))
    company.refresh_from_db()
    assert (company.name, company.name_key) == ("Northwind Ltd", "northwind ltd")
    assert [one.domain for one in company.domains.all()] == ["kept.example", "new.example"]
    assert company.domains.get(domain="kept.example") == kept


def test_a_form_that_somebody_was_quicker_than_is_refused_once(manager_client: Client) -> None:
    company = CompanyFactory(name="Northwind", city="Lyon")
    stale = as_shown(manager_client, company, country="France")
    manager_client.post(url("edit", company), as_shown(manager_client, company, city="Paris"))
    refused = manager_client.post(url("edit", company), stale)
    company.refresh_from_db()
    assert "changed while you were editing it" in refused.content.decode()
    assert (company.city, company.country) == ("Paris", "")
    manager_client.post(
        url("edit", company), {**stale, "version": refused.context["form"]["version"].value()}
    )
    company.refresh_from_db()
    assert (company.city, company.country) == ("Lyon", "France")


def test_a_name_taken_after_the_form_was_checked_is_an_error_of_the_form(db: None) -> None:
    checked = CompanyForm(QueryDict("name=Northwind"))
    assert checked.is_valid()
    CompanyFactory(name="Northwind")
    assert saved(checked) is None
    assert checked.errors["name"] == ["Another company has this name."]


def test_who_may_what_is_offered_and_nothing_else(agent_client: Client, manager_client: Client) -> None:
    company = CompanyFactory()
    for client, offered in ((agent_client, False), (manager_client, True)):
        assert (NEW in client.get(LIST).content.decode()) is offered
        assert (url("edit", company) in client.get(url("detail", company)).content.decode()) is offered


def test_values_are_escaped(agent_client: Client) -> None:
    company = CompanyFactory(name="<script>alert(1)</script>", description="<b>bold</b>")
    for address in (LIST, url("detail", company)):
        page = agent_client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>bold" not in page
