"""Writing a company and its domains: one transaction each, the row locked on an edit."""

from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .models import Company, CompanyDomain


class CompanyNameTaken(Exception):
    """R39: names compare without regard to case, and each belongs to one company."""

    def __init__(self) -> None:
        super().__init__(_("Another company has this name."))


class CompanyBound(Exception):
    """R4: a connection is bound to the company, which therefore stays."""

    def __init__(self, connections: Collection[str]) -> None:
        super().__init__(
            _("The connection %(names)s is bound to this company. Bind it to another in Settings first.")
            % {"names": ", ".join(connections)}
        )


DETAILS = ("description", "phone", "address", "city", "state", "country", "zip_code")


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


@transaction.atomic
def add_domain(*, company_id: int, domain: str) -> Company:
    """One more domain, normalised already; having it already is no error. Raises Company.DoesNotExist."""
    company = _locked(company_id)
    company.domains.get_or_create(domain=domain)
    return company


@transaction.atomic
def remove_domain(*, company_id: int, domain: str) -> Company:
    """One domain less; lacking it already is no error. Raises Company.DoesNotExist."""
    company = _locked(company_id)
    company.domains.filter(domain=domain).delete()
    return company


@transaction.atomic
def keep_domain(*, company_id: int, domain: str) -> list[Company]:
    """R36: of the companies that share a domain one keeps it; the others, which lose it.

    Raises Company.DoesNotExist when the one is gone, or has no such domain.
    """
    sharers = Company.objects.filter(domains__domain=domain).order_by("pk").select_for_update(of=("self",))
    others = [company for company in sharers if company.pk != company_id]
    if len(others) == len(sharers):
        raise Company.DoesNotExist
    return [remove_domain(company_id=other.pk, domain=domain) for other in others]


@transaction.atomic
def share_domain(*, company_ids: Collection[int], domain: str) -> None:
    """Give a domain to each of these companies that is still there: what undoes `keep_domain`."""
    for company in Company.objects.filter(pk__in=company_ids).order_by("pk"):
        add_domain(company_id=company.pk, domain=domain)


@transaction.atomic
def absorb(*, survivor_id: int, absorbed_id: int) -> None:
    """Two companies are one: domains go to the survivor, and whatever it does not say itself of the details.

    The contacts follow one by one, and `end` is the last step. Raises Company.DoesNotExist, CompanyBound.
    """
    found = Company.objects.filter(pk__in=(survivor_id, absorbed_id)).order_by("pk").select_for_update()
    companies = {company.pk: company for company in found}
    if len(companies) < 2:
        raise Company.DoesNotExist
    survivor, absorbed = companies[survivor_id], companies[absorbed_id]
    _refuse_bound(absorbed)
    for column in DETAILS:
        setattr(survivor, column, getattr(survivor, column) or getattr(absorbed, column))
    survivor.save()
    domains = {one.domain for company in companies.values() for one in company.domains.all()}
    _set_domains(absorbed, ())
    _set_domains(survivor, domains)


@transaction.atomic
def begin_end(*, company_id: int) -> None:
    """A company is to be deleted: it has no domains from here on, so nobody joins it.

    Raises Company.DoesNotExist, CompanyBound.
    """
    company = _locked(company_id)
    _refuse_bound(company)
    _set_domains(company, ())


@transaction.atomic
def end(*, company_id: int) -> bool:
    """Delete a company, unless contacts belong to it: they would change behind their timelines.

    Whether it is gone.
    """
    company = Company.objects.select_for_update().filter(pk=company_id).first()
    if company is None:
        return True
    if company.contacts.exists() or company.connections.exists():
        return False
    company.delete()
    return True


def _refuse_bound(company: Company) -> None:
    """R4: raises CompanyBound when a connection is bound to the company."""
    names = list(company.connections.values_list("name", flat=True))
    if names:
        raise CompanyBound(names)


def _locked(company_id: int) -> Company:
    """The company, for a change of its domains, which is a change of the company to whoever edits it."""
    company = Company.objects.select_for_update().get(pk=company_id)
    company.save(update_fields=["updated_at"])
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
