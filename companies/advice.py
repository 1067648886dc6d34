"""What to warn of about a company's domains (R36, R40)."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from .domains import above
from .models import Company, CompanyDomain

# Anyone can have an address there, so such a domain would map strangers to the company.
FREE_MAIL = frozenset({
    "126.com", "163.com", "aol.com", "fastmail.com", "free.fr", "gmail.com", "gmx.at", "gmx.ch", "gmx.com",
    "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de",
    "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.com", "mac.com", "mail.com", "mail.ru",
    "me.com", "msn.com", "orange.fr", "outlook.com", "outlook.de", "outlook.fr", "proton.me",
    "protonmail.com", "qq.com", "t-online.de", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr",
    "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
})  # fmt: skip


def domain_warnings(company: Company, domains: Collection[str]) -> dict[str, list[str]]:
    """Sentences for each of the company's domains, none for a domain that maps as one would expect."""
    others = _others(company, {*domains, *(whole for domain in domains for whole in above(domain))})
    return {
        domain: [*_shared(others[domain]), *_part_of(domain, others), *_free_mail(domain)]
        for domain in domains
    }


def _others(company: Company, domains: Collection[str]) -> defaultdict[str, list[str]]:
    others = CompanyDomain.objects.filter(domain__in=domains).exclude(company=company)
    names: defaultdict[str, list[str]] = defaultdict(list)
    for domain, name in others.order_by("company__name_key").values_list("domain", "company__name"):
        names[domain].append(name)
    return names


def _shared(names: list[str]) -> list[str]:
    sentence = _("Shared with %(names)s, so it maps nobody to a company.") % {"names": ", ".join(names)}
    return [sentence] if names else []


def _part_of(domain: str, others: Mapping[str, list[str]]) -> list[str]:
    """R38: the whole domain counts, which surprises whoever takes a subdomain for a part of a company."""
    sentence = _(
        "A part of %(whole)s, a domain of %(names)s. Whoever has such an address comes here all the same."
    )
    found = [(whole, others[whole]) for whole in above(domain) if others[whole]]
    return [sentence % {"whole": whole, "names": ", ".join(names)} for whole, names in found[:1]]


def _free_mail(domain: str) -> list[str]:
    return (
        [_("A free-mail domain: people of any company have such addresses.")] if domain in FREE_MAIL else []
    )
