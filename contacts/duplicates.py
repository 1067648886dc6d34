"""Contacts that may be the same person: suggested on a contact's page, for an agent to judge.

Each question is a look-up by an index that reads at most CANDIDATES rows, however many contacts there are.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import CompanyDomain

from .models import Contact, ContactAddress, NotDuplicate
from .normal import key

CANDIDATES = 200  # of one name
SHARED = 5  # more people than these have a number in common: it is a switchboard's
DOMAINS = 20
SHOWN = 5

NAME = _("Same name and company")
PHONE = _("Same phone number")
ADDRESS = _("Nearly the same address")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who may be the same person, and what speaks for it."""

    contact: Contact
    reasons: list[str]


def suggestions(contact: Contact) -> list[Suggestion]:
    """The likeliest first; without those whom an agent has told apart."""
    reasons: dict[uuid.UUID, list[str | Promise]] = {}
    for why, pks in _found(contact):
        for pk in pks:
            reasons.setdefault(pk, []).append(why)
    for pk in told_apart(contact) if reasons else ():
        reasons.pop(pk, None)
    likeliest = sorted(reasons, key=lambda pk: (-len(reasons[pk]), pk))[:SHOWN]
    people = Contact.objects.select_related("company").prefetch_related("addresses").in_bulk(likeliest)
    return [Suggestion(people[pk], [str(why) for why in reasons[pk]]) for pk in likeliest]


def tell_apart(one: uuid.UUID, other: uuid.UUID) -> None:
    """The two are two people, says an agent; nobody suggests them to each other again."""
    first, second = sorted((one, other))
    NotDuplicate.objects.get_or_create(first_id=first, second_id=second)


def tell_apart_no_more(one: uuid.UUID, other: uuid.UUID) -> None:
    """Take that back."""
    first, second = sorted((one, other))
    NotDuplicate.objects.filter(first_id=first, second_id=second).delete()


def told_apart(contact: Contact) -> set[uuid.UUID]:
    """Whom an agent has told apart from this contact."""
    pairs = NotDuplicate.objects.filter(Q(first=contact) | Q(second=contact))
    return {pk for pair in pairs.values_list("first_id", "second_id") for pk in pair} - {contact.pk}


def _found(contact: Contact) -> Iterator[tuple[str | Promise, set[uuid.UUID]]]:
    yield ADDRESS, _by_address(contact)
    yield NAME, set(_by_name(contact)[: SHOWN + 1])
    yield PHONE, _by_phone(contact)


def _by_name(contact: Contact) -> QuerySet[Contact, uuid.UUID]:
    """Of the first of that name those of the same company, or of none like this one."""
    named = Contact.objects.alias(lowered=Lower("name")).filter(lowered=Lower(Value(contact.name)))
    some = named.exclude(pk=contact.pk).order_by(Lower("name"), "pk").values("pk")[:CANDIDATES]
    alike = Contact.objects.filter(pk__in=some, company=contact.company_id)
    return alike.order_by("pk").values_list("pk", flat=True)


def _by_phone(contact: Contact) -> set[uuid.UUID]:
    """Either number, written alike (R20: a number is kept as it was sent)."""
    numbers = [number for number in (contact.phone, contact.mobile) if number]
    if not numbers:
        return set()
    found: set[uuid.UUID] = set()
    for column in ("phone", "mobile"):
        same = Contact.objects.filter(~Q(**{column: ""}), **{f"{column}__in": numbers})
        others = same.exclude(pk=contact.pk).order_by()
        found.update(others.values_list("pk", flat=True)[: SHARED + 1])
    return found if len(found) <= SHARED else set()


def _by_address(contact: Contact) -> set[uuid.UUID]:
    """The same person before the @ at another domain of the company, or without a +tag."""
    keys = set(_near(contact))
    rows = ContactAddress.objects.filter(address_key__in=keys).exclude(contact=contact).order_by()
    return set(rows.values_list("contact_id", flat=True)) if keys else set()


def _near(contact: Contact) -> Iterator[str]:
    domains = _domains(contact)
    for row in contact.addresses.all():
        local, _at, own = row.address_key.rpartition("@")
        for name in {local, local.partition("+")[0]} - {""}:
            yield from (f"{name}@{domain}" for domain in {own, *domains})


def _domains(contact: Contact) -> list[str]:
    """Those of the company, as addresses compare."""
    if contact.company_id is None or not contact.domain:
        return []
    rows = CompanyDomain.objects.filter(company=contact.company_id).exclude(domain=contact.domain)
    return [key(domain) for domain in rows.values_list("domain", flat=True)[:DOMAINS]]
