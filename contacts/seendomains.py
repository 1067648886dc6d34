"""The e-mail domains that contacts have, and what each maps to (R36 to R40).

However many contacts and domains there are, a page of them costs the same: domains are found by jumping from
one to the next in an index, and what is counted is counted to a cap.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection as database

from companies.advice import FREE_MAIL
from companies.domains import above
from companies.models import Company, CompanyDomain
from companies.paging import CAP

from .models import Contact
from .querysets import ContactQuerySet

# The conditions of the indexes contact_blank and contact_by_domain, word for word.
_BLANK = "deleted_at IS NULL AND company_id IS NULL AND company_source = '' AND NOT (domain = '')"
_MAPPED = "deleted_at IS NULL AND company_id IS NOT NULL"

_LOOKED_AT = 100  # of a company's contacts that have more domains than this the rest are not looked at

# The table's name is that of Django's model, the conditions are those above.
_CONTACTS = f'"{Contact._meta.db_table}"'
_WALK = f"""
WITH RECURSIVE walk(domain) AS (
  SELECT MIN(domain) FROM {_CONTACTS} WHERE {{0}} AND domain > %s
  UNION ALL
  SELECT (SELECT MIN(domain) FROM {_CONTACTS} WHERE {{0}} AND domain > walk.domain)
  FROM walk WHERE walk.domain IS NOT NULL
)
SELECT domain FROM walk WHERE domain IS NOT NULL LIMIT %s
"""  # noqa: S608  # nosec B608
_SOME = f"SELECT 1 FROM {_CONTACTS} WHERE {{}} AND domain = column1 LIMIT {CAP + 1}"  # noqa: S608  # nosec B608
_COUNT = f"(SELECT COUNT(*) FROM ({_SOME}) counted)"  # noqa: S608  # nosec B608
_END = f"(SELECT {{}}(company_id) FROM {_CONTACTS} WHERE {_MAPPED} AND domain = column1)"  # noqa: S608  # nosec B608
_FACTS = (
    f"SELECT column1, {_COUNT.format(_BLANK)}, {_COUNT.format(_MAPPED)}, {_END.format('MIN')},"  # noqa: S608  # nosec B608
    f" {_END.format('MAX')} FROM (VALUES {{}}) listed ORDER BY column1"
)


@dataclass(frozen=True, slots=True)
class SeenDomain:
    """One domain: how many of its contacts are blank and mapped (capped), and who lays claim to it.

    `others` are companies, two at most, that contacts of the domain belong to though it is not theirs (R37).
    `above` is the domain of one company of which this one is a part.
    """

    domain: str
    blank: int
    mapped: int
    owners: Sequence[Company]
    others: Sequence[Company]
    above: CompanyDomain | None

    @property
    def owner(self) -> Company | None:
        """The one company that has the domain (R36)."""
        return self.owners[0] if len(self.owners) == 1 else None

    @property
    def is_shared(self) -> bool:
        """R36: two have it, so it maps nobody."""
        return len(self.owners) > 1

    @property
    def is_ready(self) -> bool:
        """Whether it would map its blank contacts: one company has it, and nobody is elsewhere."""
        return self.owner is not None and not self.others

    @property
    def is_free_mail(self) -> bool:
        """Anyone can have an address there."""
        return self.domain in FREE_MAIL


def seen(*, mapped: bool, after: str, limit: int) -> list[SeenDomain]:
    """The next domains, by alphabet, that have a blank contact, or one with a company."""
    return facts(_walk(_MAPPED if mapped else _BLANK, after, limit))


def missing(company: Company, most: int = 5) -> list[SeenDomain]:
    """Domains of a company's contacts that the company does not have, free mail left out."""
    domains = _walk(f"{_MAPPED} AND company_id = {company.pk:d}", "", _LOOKED_AT)
    known = FREE_MAIL.union(company.domains.values_list("domain", flat=True))
    return facts([domain for domain in domains if domain not in known][:most])


def blank(domain: str) -> ContactQuerySet:
    """R40: the contacts that the domain would map; not those whom an agent or an attribute left blank."""
    rows = Contact.objects.filter(domain=domain, deleted_at=None, company=None, company_source="")
    return rows.exclude(domain="")  # the index says so too


def facts(domains: Sequence[str]) -> list[SeenDomain]:
    """What there is to say of each of these domains, in a fixed number of statements."""
    if not domains:
        return []
    rows = _rows(_FACTS.format(", ".join(["(%s)"] * len(domains))), domains)
    claims = _claims({*domains, *(one for domain in domains for one in above(domain))})
    companies = Company.objects.in_bulk({pk for row in rows for pk in row[3:] if pk})
    return [_fact(row, claims, companies) for row in rows]


def _fact(
    row: Sequence[Any], claims: Mapping[str, list[CompanyDomain]], companies: Mapping[int, Company]
) -> SeenDomain:
    domain, blank, mapped, *ends = row
    owners = [claim.company for claim in claims[domain]]
    others = dict.fromkeys(pk for pk in ends if pk and pk not in {one.pk for one in owners})
    whole = next((claims[one][0] for one in above(domain) if len(claims[one]) == 1), None)
    return SeenDomain(domain, blank, mapped, owners, [companies[pk] for pk in others], whole)


def _claims(domains: Collection[str]) -> Mapping[str, list[CompanyDomain]]:
    found: defaultdict[str, list[CompanyDomain]] = defaultdict(list)
    rows = CompanyDomain.objects.filter(domain__in=domains).select_related("company")
    for claim in rows.order_by("company__name_key"):
        found[claim.domain].append(claim)
    return found


def _walk(condition: str, after: str, limit: int) -> list[str]:
    """Domains by alphabet: the first one after `after`, then each time the least that is greater."""
    return [row[0] for row in _rows(_WALK.format(condition), [after, limit])]


def _rows(sql: str, values: Sequence[Any]) -> list[Sequence[Any]]:
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
