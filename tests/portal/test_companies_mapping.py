"""Domains of a company, whom they map, and the report of what does not map (R36 to R40)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from companies.models import Company
from contacts.models import Contact
from deskscim.jobs.models import Job
from tests.domain import stored, timeline_of
from tests.factories import CompanyFactory, ContactFactory
from tests.jobs import run_queued

from .page import text

REPORT = "/companies/mapping/"


def url(name: str, company: Company, *args: str) -> str:
    return reverse(f"companies:{name}", args=[company.pk, *args])


def domains(company: Company) -> list[str]:
    return [one.domain for one in company.domains.all()]


def post(client: Client, address: str, **data: str) -> Any:
    return client.post(address, data, follow=True)


def undo(client: Client, answer: Any) -> Any:
    """Press the Undo button of the message on this page."""
    button = answer.content.decode().split("formaction=", 1)[1]
    _, address, _, name, _, value = button.split('"')[:6]
    return post(client, address, **{name: value, "next": "/companies/"})


def test_a_domain_is_added_in_its_one_spelling(manager_client: Client) -> None:
    company = CompanyFactory(name="Northwind")
    answer = post(manager_client, url("add-domain", company), domain=" @Müller.Example ")
    assert domains(company) == ["xn--mller-kva.example"]
    assert "xn--mller-kva.example is a domain of Northwind now." in text(answer)


def test_an_added_domain_is_warned_of_and_can_be_taken_back(manager_client: Client) -> None:
    """R36, R38: before the harm is done."""
    CompanyFactory(name="Fabrikam", domains=["fabrikam.example"])
    company = CompanyFactory(name="Northwind")
    shared = post(manager_client, url("add-domain", company), domain="fabrikam.example")
    assert "fabrikam.example: Shared with Fabrikam, so it maps nobody to a company." in text(shared)
    undo(manager_client, shared)
    assert domains(company) == []
    part = post(manager_client, url("add-domain", company), domain="mail.fabrikam.example")
    assert "mail.fabrikam.example: A part of fabrikam.example, a domain of Fabrikam." in text(part)


def test_what_is_no_domain_is_refused(manager_client: Client) -> None:
    company = CompanyFactory()
    assert "“nodot” has no dot" in text(post(manager_client, url("add-domain", company), domain="nodot"))
    assert domains(company) == []


def test_an_added_domain_leads_to_whom_it_would_map(manager_client: Client) -> None:
    """R40: before it happens."""
    company = CompanyFactory(name="Northwind")
    ContactFactory(name="Ada King", emails=["ada@northwind.example"])
    answer = post(manager_client, url("add-domain", company), domain="northwind.example")
    assert answer.redirect_chain[-1][0] == url("map", company, "northwind.example")
    assert "Ada King ada@northwind.example None Northwind" in text(answer)
    assert "Map 1 contact" in text(answer)
    assert Contact.objects.get().company is None


def test_an_edit_form_that_is_open_meanwhile_is_stale(manager_client: Client) -> None:
    """The domain would be lost otherwise."""
    company = CompanyFactory()
    form = manager_client.get(url("edit", company)).context["form"]
    post(manager_client, url("add-domain", company), domain="northwind.example")
    sent = {"name": company.name, "domains": "", "version": form["version"].value()}
    answer = manager_client.post(url("edit", company), sent)
    assert "changed while you were editing it" in answer.content.decode()
    assert domains(company) == ["northwind.example"]


def test_a_domain_is_removed_and_brought_back(manager_client: Client) -> None:
    company = CompanyFactory(domains=["northwind.example"])
    contact = ContactFactory(company=company)
    answer = post(manager_client, url("remove-domain", company), domain="northwind.example")
    assert domains(company) == []
    assert stored(contact).company == company
    undo(manager_client, answer)
    assert domains(company) == ["northwind.example"]


def test_one_of_the_sharers_keeps_the_domain_and_undo_shares_it_again(manager_client: Client) -> None:
    """R36."""
    ours, others = (
        CompanyFactory(domains=["x.example"]),
        CompanyFactory.create_batch(2, domains=["x.example"]),
    )
    answer = post(manager_client, url("keep-domain", ours), domain="x.example")
    assert [domains(company) for company in (ours, *others)] == [["x.example"], [], []]
    assert "2 other companies lost it" in text(answer)
    undo(manager_client, answer)
    assert [domains(company) for company in (ours, *others)] == [["x.example"]] * 3


def mapped(client: Client, company: Company, domain: str = "northwind.example") -> Any:
    return post(client, url("map", company, domain), next="/companies/")


def test_contacts_are_mapped_with_a_line_in_their_timelines_and_undone(manager_client: Client) -> None:
    """R40, R43."""
    company = CompanyFactory(name="Northwind", domains=["northwind.example"])
    contact = ContactFactory(emails=["ada@northwind.example"])
    answer = mapped(manager_client, company)
    assert "1 contact belongs to Northwind now." in text(answer)
    assert (stored(contact).company, stored(contact).company_source) == (company, "domain")
    assert timeline_of(contact) == [("updated", {"company": [None, "Northwind"]})]
    undo(manager_client, answer)
    assert (stored(contact).company, stored(contact).company_source) == (None, "")
    assert timeline_of(contact)[-1] == ("updated", {"company": ["Northwind", None]})


@pytest.mark.parametrize("source", ["agent", "attribute"])
def test_a_blank_that_somebody_chose_is_not_mapped(source: str, manager_client: Client) -> None:
    """R38, R39."""
    company = CompanyFactory(domains=["northwind.example"])
    contact = ContactFactory(emails=["ada@northwind.example"], company_source=source)
    assert "Nobody to map" in text(manager_client.get(url("map", company, "northwind.example")))
    mapped(manager_client, company)
    assert stored(contact).company is None


def test_a_shared_domain_maps_nobody_and_says_so(manager_client: Client) -> None:
    """R36."""
    company, _ = CompanyFactory.create_batch(2, domains=["northwind.example"])
    contact = ContactFactory(emails=["ada@northwind.example"])
    page = text(manager_client.get(url("map", company, "northwind.example")))
    assert "Other companies have this domain too, so it maps nobody." in page
    assert "nobody was mapped" in text(mapped(manager_client, company))
    assert stored(contact).company is None


def test_where_colleagues_are_elsewhere_mapping_is_the_managers_choice(manager_client: Client) -> None:
    """R37: the domain does not decide; R38: whoever does is not overruled later."""
    company = CompanyFactory(domains=["northwind.example"])
    ContactFactory(emails=["bob@northwind.example"], company=CompanyFactory(name="Fabrikam"))
    contact = ContactFactory(emails=["ada@northwind.example"])
    page = text(manager_client.get(url("map", company, "northwind.example")))
    assert "Other contacts of this domain belong to Fabrikam" in page
    mapped(manager_client, company)
    assert (stored(contact).company, stored(contact).company_source) == (company, "agent")


def test_many_are_mapped_in_the_background_and_undone(manager_client: Client) -> None:
    company = CompanyFactory(name="Northwind", domains=["northwind.example"])
    contacts = ContactFactory.create_batch(101)
    answer = mapped(manager_client, company)
    job = Job.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("jobs:detail", args=[job.pk])
    assert stored(contacts[0]).company is None
    run_queued()
    job.refresh_from_db()
    assert (job.state, job.done, job.refused) == ("done", 101, 0)
    assert company.contacts.count() == 101
    post(manager_client, reverse("jobs:undo", args=[job.pk]))
    run_queued()
    assert company.contacts.count() == 0


def test_undo_leaves_alone_whom_somebody_moved_since(manager_client: Client) -> None:
    company, other = CompanyFactory(domains=["northwind.example"]), CompanyFactory()
    contact = ContactFactory(emails=["ada@northwind.example"])
    answer = mapped(manager_client, company)
    Contact.objects.update(company=other)
    undo(manager_client, answer)
    assert stored(contact).company == other
    assert Job.objects.get(undoes__isnull=False).reasons == {"It has got another company since.": 1}


@pytest.mark.parametrize("path", ["map", "report"])
def test_thirty_rows_take_as_many_queries_as_three(
    path: str, manager_client: Client, django_assert_num_queries: Any
) -> None:
    company = CompanyFactory(domains=["northwind.example"])
    address = REPORT if path == "report" else url("map", company, "northwind.example")
    expected = {"map": 7, "report": 6}[path]
    for start in (0, 3):
        for number in range(start, 3 if not start else 30):
            ContactFactory(emails=[f"p{number}@northwind.example"])
            ContactFactory(emails=[f"p{number}@d{number}.example"])
            ContactFactory(emails=[f"q{number}@d{number}.example"], company=CompanyFactory())
        with django_assert_num_queries(expected):
            manager_client.get(address)


def report(client: Client, query: str = "") -> str:
    return text(client.get(REPORT + query))


def test_the_report_names_each_reason_and_its_cure(manager_client: Client) -> None:
    """R36, R37, R38, R40."""
    acme = CompanyFactory(name="Acme", domains=["acme.example", "ready.example", "both.example"])
    CompanyFactory(name="Contoso", domains=["both.example", "torn.example"])
    ContactFactory(emails=["x@torn.example"], company=acme)
    for domain in (
        "acme.test", "mail.acme.example", "ready.example", "both.example", "torn.example", "gmail.com",
    ):  # fmt: skip
        ContactFactory(emails=[f"a@{domain}"])
    page = report(manager_client)
    for sentence in (
        "acme.test 1 contact Unknown: no company has it. Add to a company : acme.test New company :",
        "Unknown: only acme.example, of which it is a part, is a domain of Acme. Add to Acme",
        "ready.example 1 contact Not mapped yet: it is a domain of Acme. Map to Acme",
        "Ambiguous: shared by Acme , Contoso Acme keeps it : both.example Contoso keeps it : both.example",
        "Ambiguous: it is a domain of Contoso, but contacts of it belong to Acme Map to Contoso",
        "gmail.com 1 contact Free mail Unknown: no company has it. Add to a company : gmail.com",
    ):
        assert sentence in page
    assert "New company : gmail.com" not in page


def test_the_report_shows_what_is_mapped_in_a_tab_of_its_own(agent_client: Client) -> None:
    company = CompanyFactory(name="Acme", domains=["acme.example"])
    ContactFactory(emails=["a@acme.example"], company=company)
    assert "Nothing to mend" in report(agent_client)
    assert "acme.example 1 contact Acme" in report(agent_client, "?tab=mapped")


def test_the_report_leads_on_behind_its_last_domain(agent_client: Client) -> None:
    for number in range(31):
        ContactFactory(emails=[f"a@d{number:02}.example"])
    first = agent_client.get(REPORT)
    assert (len(first.context["domains"]), first.context["next"]) == (30, "d29.example")
    assert "d30.example" in report(agent_client, "?after=d29.example")
    assert "No domain after this one" in report(agent_client, "?after=z")


def test_an_agent_sees_the_report_and_is_offered_nothing(agent_client: Client) -> None:
    """R48."""
    ContactFactory(emails=["a@acme.example"])
    page = report(agent_client)
    assert "Unknown: no company has it." in page
    assert "Add to" not in page


def test_a_domain_is_given_to_a_company_found_by_words(manager_client: Client) -> None:
    """Without a script the form brings the words alone."""
    company = CompanyFactory(name="Acme Toys")
    ContactFactory(emails=["a@acme.example"])
    address = reverse("companies:adopt", args=["acme.example"])
    answer = post(manager_client, address, company_text="toys", domain="acme.example")
    assert domains(company) == ["acme.example"]
    assert answer.redirect_chain[-1][0] == url("map", company, "acme.example")


def test_of_several_companies_one_is_chosen(manager_client: Client) -> None:
    toys, tools = CompanyFactory(name="Acme Toys"), CompanyFactory(name="Acme Tools")
    address = reverse("companies:adopt", args=["acme.example"])
    answer = post(manager_client, address, company_text="acme", domain="acme.example")
    page = answer.content.decode()
    assert "Several match" in page
    assert f'type="radio" name="company" value="{tools.pk}"' in page
    post(manager_client, address, company=str(tools.pk), company_text="acme", domain="acme.example")
    assert (domains(toys), domains(tools)) == ([], ["acme.example"])


@pytest.mark.parametrize(
    ("sent", "said"), [({"company_text": "nobody"}, "No company has all of these words"), ({}, "Choose one.")]
)
def test_a_company_that_is_not_found_is_an_error_of_the_form(
    sent: dict[str, str], said: str, manager_client: Client
) -> None:
    answer = post(manager_client, reverse("companies:adopt", args=["acme.example"]), **sent)
    assert said in text(answer)


def test_a_new_company_begins_with_the_domain(manager_client: Client) -> None:
    form = manager_client.get("/companies/new/?domain=acme.example").context["form"]
    assert form["domains"].value() == "acme.example"


def test_the_picker_offers_companies(agent_client: Client) -> None:
    company = CompanyFactory(name="<b>Acme</b>", city="Lyon", country="France")
    page = agent_client.get("/companies/pick/", {"q": "acme"}).content.decode()
    assert f'data-value="{company.pk}"' in page
    assert "&lt;b&gt;Acme&lt;/b&gt;" in page
    assert "Lyon, France" in page
    assert agent_client.get("/companies/pick/", {"q": " "}).content.strip() == b""
