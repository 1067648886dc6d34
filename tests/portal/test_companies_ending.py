"""Deleting a company and merging it into another: what becomes of its contacts is said and chosen."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from companies.models import Company
from deskscim.jobs.models import Job
from tests.domain import stored, timeline_of
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory
from tests.jobs import run_queued

from .page import text
from .test_companies_mapping import domains, undo


def url(name: str, company: Company) -> str:
    return reverse(f"companies:{name}", args=[company.pk])


def ended(client: Client, name: str, gone: Company, **data: Any) -> Any:
    return client.post(url(name, gone), data, follow=True)


def company_of(contact: Any) -> tuple[str, str]:
    found = stored(contact)
    return (found.company.name if found.company else "", found.company_source)


@pytest.fixture
def acme(db: None) -> Company:
    company: Company = CompanyFactory(name="Acme", city="Lyon", domains=["acme.example"])
    return company


def test_deleting_asks_what_becomes_of_the_contacts(acme: Company, manager_client: Client) -> None:
    ContactFactory.create_batch(2, company=acme)
    page = text(manager_client.get(url("delete", acme)))
    assert "2 contacts belong to it, deleted ones included." in page
    assert "Its 1 domain no longer maps anybody here." in page
    assert "This field is required." in text(ended(manager_client, "delete", acme))
    assert Company.objects.exists()


def test_the_contacts_have_no_company(acme: Company, manager_client: Client) -> None:
    chosen = ContactFactory(company=acme, company_source="agent")
    deleted = ContactFactory(company=acme, deleted=True)
    answer = ended(manager_client, "delete", acme, goal="blank")
    assert "Acme is deleted." in text(answer)
    assert not Company.objects.exists()
    assert company_of(chosen) == company_of(deleted) == ("", "")
    assert timeline_of(chosen) == [("updated", {"company": ["Acme", None]})]


def test_the_contacts_move_to_another_company(acme: Company, manager_client: Client) -> None:
    contact, other = ContactFactory(company=acme), CompanyFactory(name="Contoso")
    ended(manager_client, "delete", acme, goal="company", company=str(other.pk))
    assert company_of(contact) == ("Contoso", "agent")


@pytest.mark.parametrize("company", ["", "itself", "999999", "x"])
def test_moving_needs_another_company(company: str, acme: Company, manager_client: Client) -> None:
    sent = str(acme.pk) if company == "itself" else company
    answer = ended(manager_client, "delete", acme, goal="company", company=sent)
    assert "Choose the company that they move to." in text(answer)
    assert Company.objects.count() == 1


def test_the_domain_decides_again(acme: Company, manager_client: Client) -> None:
    """R36: without Acme it is the domain of one company alone."""
    CompanyFactory(name="Contoso", domains=["acme.example"])
    contact = ContactFactory(company=acme, company_source="agent", emails=["a@acme.example"])
    stranger = ContactFactory(company=acme, company_source="agent", emails=["a@unknown.example"])
    ended(manager_client, "delete", acme, goal="domain")
    assert company_of(contact) == ("Contoso", "domain")
    assert company_of(stranger) == ("", "")


def test_a_deleted_company_is_brought_back_with_everything(acme: Company, manager_client: Client) -> None:
    contact = ContactFactory(company=acme, company_source="agent")
    answer = ended(manager_client, "delete", acme, goal="blank")
    undo(manager_client, answer)
    back = Company.objects.get()
    assert (back.name, back.city, domains(back)) == ("Acme", "Lyon", ["acme.example"])
    assert company_of(contact) == ("Acme", "agent")


def test_an_undo_whose_name_is_taken_says_so(acme: Company, manager_client: Client) -> None:
    answer = ended(manager_client, "delete", acme, goal="blank")
    CompanyFactory(name="ACME")
    undo(manager_client, answer)
    assert Job.objects.get(undoes__isnull=False).failure == "Another company has this name."


@pytest.mark.parametrize("deed", ["delete", "merge"])
def test_a_company_that_a_connection_is_bound_to_stays(
    deed: str, acme: Company, manager_client: Client
) -> None:
    """R4."""
    ConnectionFactory(name="Acme tenant", company=acme)
    contact, other = ContactFactory(company=acme), CompanyFactory()
    assert "The connection Acme tenant is bound to this company" in text(manager_client.get(url(deed, acme)))
    answer = ended(manager_client, deed, acme, goal="blank", company=str(other.pk))
    assert "The connection Acme tenant is bound to this company" in text(answer)
    assert (company_of(contact)[0], domains(acme)) == ("Acme", ["acme.example"])


def test_merging_moves_contacts_domains_and_missing_details(acme: Company, manager_client: Client) -> None:
    survivor = CompanyFactory(name="Contoso", country="France", domains=["contoso.example"])
    contact = ContactFactory(company=acme)
    page = text(manager_client.get(url("merge", acme)))
    assert "1 contact moves there" in page
    answer = ended(manager_client, "merge", acme, company=str(survivor.pk))
    assert "Acme is part of Contoso now." in text(answer)
    survivor.refresh_from_db()
    assert (survivor.city, survivor.country) == ("Lyon", "France")
    assert domains(survivor) == ["acme.example", "contoso.example"]
    assert company_of(contact) == ("Contoso", "domain")
    assert timeline_of(contact) == [("updated", {"company": ["Acme", "Contoso"]})]
    assert not Company.objects.filter(name="Acme").exists()


def test_a_merger_is_undone(acme: Company, manager_client: Client) -> None:
    survivor = CompanyFactory(name="Contoso", domains=["contoso.example"])
    moved, stayed = ContactFactory(company=acme), ContactFactory(company=survivor)
    answer = ended(manager_client, "merge", acme, company=str(survivor.pk))
    undo(manager_client, answer)
    assert domains(Company.objects.get(name="Acme")) == ["acme.example"]
    assert domains(survivor) == ["contoso.example"]
    assert (company_of(moved)[0], company_of(stayed)[0]) == ("Acme", "Contoso")


def test_a_company_is_not_merged_with_itself(acme: Company, manager_client: Client) -> None:
    answer = ended(manager_client, "merge", acme, company=str(acme.pk))
    assert "Choose one." in text(answer)
    assert Company.objects.count() == 1


def test_many_contacts_move_in_the_background(acme: Company, manager_client: Client) -> None:
    ContactFactory.create_batch(101, company=acme)
    other = CompanyFactory(name="Contoso")
    answer = ended(manager_client, "merge", acme, company=str(other.pk))
    job = Job.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("jobs:detail", args=[job.pk])
    run_queued()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 102, 102)
    assert other.contacts.count() == 101
    assert Company.objects.get() == other
