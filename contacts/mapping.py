"""Which company a contact belongs to (R36 to R39)."""

from companies.domains import company_of
from companies.models import Company, name_key

from .draft import Draft
from .models import Contact
from .values import Sync, Values

Source = Contact.CompanySource


def map_company(draft: Draft, values: Values, sync: Sync | None) -> None:
    """Give the drafted contact its company: connection, then agent or attribute, then domain.

    An agent's choice outlives every later domain (R38); an attribute that Entra sends outranks both (R25,
    R39).
    """
    if sync is not None and sync.company is not None:
        _assign(draft, sync.company, Source.CONNECTION)
    elif "company" in values:
        _assign(draft, values["company"], Source.AGENT)
    elif name := values.get("company_name", "").strip():
        _assign(draft, _named(draft, name, sync), Source.ATTRIBUTE)
    elif _follows_domain(draft, values, sync):
        _assign(draft, for_domain(draft.contact.domain, besides=draft.contact), Source.DOMAIN)


def for_domain(domain: str, *, besides: Contact) -> Company | None:
    """R36, R37: the one company of the domain, unless other contacts of that domain belong to another."""
    company = company_of(domain)
    if company is None:
        return None
    colleagues = Contact.objects.filter(domain=domain, deleted_at=None).exclude(pk=besides.pk)
    mapped = colleagues.filter(company__isnull=False)
    # Two probes of the index instead of one walk over every contact of the domain.
    elsewhere = mapped.filter(company__lt=company).exists() or mapped.filter(company__gt=company).exists()
    return None if elsewhere else company


def _follows_domain(draft: Draft, values: Values, sync: Sync | None) -> bool:
    if "company_name" in values and draft.contact.company_source == Source.ATTRIBUTE:
        return True  # the attribute was cleared: back to the domain
    if draft.contact.company_source == Source.CONNECTION and sync is None and draft.contact.is_linked:
        return False  # only the connection that holds the contact changes what it has set
    return draft.domain_changed and draft.contact.company_source not in (Source.AGENT, Source.ATTRIBUTE)


def _named(draft: Draft, name: str, sync: Sync | None) -> Company | None:
    company = Company.objects.filter(name_key=name_key(name)).first()
    if company is None and sync is not None and sync.may_create_companies:
        company, _ = Company.objects.get_or_create(name_key=name_key(name), defaults={"name": name})
    if company is None:
        draft.notes.append("The company name sent is unknown here, so the contact has no company.")
    return company


def _assign(draft: Draft, company: Company | None, source: Contact.CompanySource) -> None:
    contact = draft.contact
    new_id = company.pk if company else None
    if contact.company_id != new_id:
        old = contact.company.name if contact.company else None
        draft.mark("company", company)
        draft.changes["company"] = [old, company.name if company else None]
    keeps_reason = company is not None or source in (Source.AGENT, Source.ATTRIBUTE)
    draft.mark("company_source", source if keeps_reason else Source.NONE)
