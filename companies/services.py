"""Writing a company and its domains: one transaction each, the row locked on an edit."""

from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction

from .models import Company, CompanyDomain


class CompanyNameTaken(Exception):
    """R39: names compare without regard to case, and each belongs to one company."""

    def __init__(self) -> None:
        super().__init__("Another company has this name.")


@transaction.atomic
def create_company(*, details: Mapping[str, str], domains: Collection[str] = ()) -> Company:
    """A new company. `domains` are normalised already. Raises CompanyNameTaken."""
    company = Company(**details)
    _save(company)
    _set_domains(company, domains)
    return company


@transaction.atomic
def update_company(*, company_id: int, details: Mapping[str, str], domains: Collection[str]) -> Company:
    """Set these details, and `domains` as the whole list. Raises Company.DoesNotExist, CompanyNameTaken."""
    company = Company.objects.select_for_update().get(pk=company_id)
    for column, value in details.items():
        setattr(company, column, value)
    _save(company)
    _set_domains(company, domains)
    return company


def _save(company: Company) -> None:
    try:
        with transaction.atomic():
            company.save()
    except IntegrityError as error:
        raise CompanyNameTaken from error


def _set_domains(company: Company, domains: Collection[str]) -> None:
    held = set(company.domains.values_list("domain", flat=True))
    company.domains.exclude(domain__in=domains).delete()
    CompanyDomain.objects.bulk_create(
        CompanyDomain(company=company, domain=domain) for domain in sorted(set(domains) - held)
    )
