"""Which company a contact belongs to (R36 to R39)."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Q, QuerySet

from companies.models import Company, CompanyDomain, name_key

from .draft import Draft
from .models import Contact
from .statements import Prepared
from .values import Sync, Values

Source = Contact.CompanySource
_NOBODY = uuid.UUID(int=0)

ByDomain: TypeAlias = Callable[[Contact], Company | None]


def for_domain(contact: Contact) -> Company | None:
    """R36, R37: the one company of its domain, unless other contacts of that domain belong to another."""
    return _only(_OWNERS.rows(contact.domain, contact.pk)) if contact.domain else None


def map_company(draft: Draft, values: Values, sync: Sync | None, by_domain: ByDomain = for_domain) -> None:
    """Give the drafted contact its company: connection, then agent or attribute, then domain.

    An agent's choice outlives every later domain (R38); an attribute that Entra sends outranks both (R25,
    R39).
    """
    if sync is not None and sync.company is not None:
        assign(draft, sync.company, Source.CONNECTION)
    elif "company" in values:
        assign(draft, values["company"], Source.AGENT)
    elif name := values.get("company_name", "").strip():
        assign(draft, _named(draft, name, sync), Source.ATTRIBUTE)
    elif _follows_domain(draft, values, sync):
        assign(draft, by_domain(draft.contact), Source.DOMAIN)


def map_by_domain(draft: Draft) -> None:
    """R36, R37: the company that the domain of the drafted contact says, blank when it says none."""
    assign(draft, for_domain(draft.contact), Source.DOMAIN)


class ForDomains:
    """`for_domain` for many new contacts, one after the other: one query, which knows none of them.

    So what the earlier ones were given is minded here (R37); the caller says it by `note`.
    """

    def __init__(self, domains: Collection[str]) -> None:
        found: dict[str, list[Sequence[Any]]] = defaultdict(list)
        for domain, *owner in _owners_of(
            CompanyDomain.objects.filter(domain__in=domains), OuterRef("domain")
        ):
            found[domain].append(owner)
        self._owners = {domain: _only(owners) for domain, owners in found.items()}
        self._given: dict[str, set[int]] = defaultdict(set)

    def __call__(self, contact: Contact) -> Company | None:
        """The company of the contact's domain."""
        owner = self._owners.get(contact.domain)
        return None if owner is None or self._given[contact.domain] - {owner.pk} else owner

    def note(self, contact: Contact) -> None:
        """This contact has its company now."""
        if contact.company_id:
            self._given[contact.domain].add(contact.company_id)


def _only(owners: Sequence[Sequence[Any]]) -> Company | None:
    if len(owners) != 1 or owners[0][-1]:
        return None
    return Company.from_db(DEFAULT_DB_ALIAS, _COMPANY, owners[0][:-1])


def _owners(domain: str, besides: uuid.UUID) -> QuerySet[Any, Any]:
    found = _owners_of(CompanyDomain.objects.filter(domain=domain), domain, besides)
    return found.values_list(*_OWNER)[:2]


def _owners_of(
    domains: QuerySet[CompanyDomain], domain: str | OuterRef, besides: uuid.UUID = _NOBODY
) -> QuerySet[Any, Any]:
    """Who has a domain, and whether a contact of the domain is with somebody else.

    Two probes of the index instead of one walk over every contact of the domain.
    """
    colleagues = Contact.objects.filter(domain=domain, deleted_at=None).exclude(pk=besides).order_by()
    mapped = colleagues.filter(company__isnull=False)
    below = Exists(mapped.filter(company__lt=OuterRef("company")))
    above = Exists(mapped.filter(company__gt=OuterRef("company")))
    owners = domains.annotate(elsewhere=Q(below) | Q(above)).order_by()
    return owners.values_list("domain", *_OWNER)


_COMPANY = [field.attname for field in Company._meta.concrete_fields]
_OWNER = [*(f"company__{name}" for name in _COMPANY), "elsewhere"]
_OWNERS = Prepared(_owners, "a domain", _NOBODY)


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


def assign(draft: Draft, company: Company | None, source: Contact.CompanySource) -> None:
    """Have the drafted contact belong to `company`, and keep why."""
    contact = draft.contact
    new_id = company.pk if company else None
    if contact.company_id != new_id:
        old = contact.company.name if contact.company else None
        draft.mark("company", company)
        draft.changes["company"] = [old, company.name if company else None]
    keeps_reason = company is not None or source in (Source.AGENT, Source.ATTRIBUTE)
    draft.mark("company_source", source if keeps_reason else Source.NONE)
