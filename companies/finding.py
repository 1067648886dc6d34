"""Companies by what people call them: a name, or a domain."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from .domains import InvalidDomain, normalise_domain
from .models import Company, CompanyDomain, name_key


def find(texts: Collection[str]) -> Mapping[str, Company]:
    """The companies of these names (R39) or domains (R36: which one company has); unknown texts are left out.

    Two queries at most, whatever the number of texts.
    """
    named = _by_name({name_key(text) for text in texts})
    found = {text: named[name_key(text)] for text in texts if name_key(text) in named}
    domains = {text: domain for text in texts if text not in found and (domain := _domain(text))}
    owners = _by_domain(set(domains.values()))
    return found | {text: owners[domain] for text, domain in domains.items() if domain in owners}


def _by_name(keys: Collection[str]) -> dict[str, Company]:
    return {one.name_key: one for one in Company.objects.filter(name_key__in=keys)} if keys else {}


def _by_domain(domains: Collection[str]) -> dict[str, Company]:
    if not domains:
        return {}
    owners: dict[str, list[Company]] = defaultdict(list)
    for row in CompanyDomain.objects.filter(domain__in=domains).select_related("company"):
        owners[row.domain].append(row.company)
    return {domain: found[0] for domain, found in owners.items() if len(found) == 1}


def _domain(text: str) -> str:
    try:
        return normalise_domain(text)
    except InvalidDomain:
        return ""
