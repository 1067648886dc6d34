"""Which existing contact a newly pushed user is (R14, R15, R18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from . import errors
from .models import Contact, ContactAddress
from .normal import key
from .statements import HAS_EXTERNAL_ID, Prepared
from .values import Email, Sync
from .writes import Unless


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a connection pushes, by the names that tell them."""

    external_id: str
    user_name: str
    emails: Sequence[Email]

    @property
    def name_key(self) -> str:
        """The form in which the userName compares."""
        return key(self.user_name)

    @property
    def keys(self) -> set[str]:
        """The form in which addresses compare; a userName may be one (R16)."""
        return {key(email.address) for email in self.emails} | {self.name_key}


def unknown(person: Person, sync: Sync) -> Unless:
    """The condition that nobody holds one of the person's names: `match` would find nobody."""
    keys = person.keys
    return Unless(_holders(len(keys)), (sync.connection_id, person.external_id, person.name_key, *keys))


def match(person: Person, sync: Sync) -> Contact | None:
    """The contact to link, its row locked in a transaction; None when the person is unknown.

    Raises ExternalIdTaken, LinkedElsewhere, UserNameTaken, AddressTaken, OtherCompany, or Ambiguous when two
    contacts match.
    """
    external_id, name_key, keys = person.external_id, person.name_key, person.keys
    found = _candidates(external_id, name_key, keys, sync)
    held = [one for one in found if external_id and one.external_id == external_id and _is_ours(one, sync)]
    if held and held == found and held[0].pk == sync.chosen:
        return held[0]
    if held:
        raise errors.ExternalIdTaken
    certain = [one for one in found if one.pk == sync.chosen or not _is_remembered(one, keys)]
    found = certain or found
    for one in found:
        _refuse(one, name_key, sync)
    if len(found) > 1:
        raise errors.Ambiguous
    return found[0] if found else None


def _candidates(external_id: str, name_key: str, keys: set[str], sync: Sync) -> list[Contact]:
    """Everybody who holds one of the addresses, the user name (as name or address), or the externalId.

    Asked again when somebody no longer does: who waits for a row finds it changed.
    """
    while True:
        found = _locked(external_id, name_key, keys, sync)
        if all(one.pk == sync.chosen or _is_meant(one, external_id, name_key, keys) for one in found):
            return found


def _locked(external_id: str, name_key: str, keys: set[str], sync: Sync) -> list[Contact]:
    rows = _holders(len(keys)).rows(sync.connection_id, external_id, name_key, *keys)
    chosen = {sync.chosen} if sync.chosen else set()
    ids = ({row[0] for row in rows} | chosen) - set(sync.apart)
    if not ids:
        return []
    return list(Contact.objects.filter(pk__in=ids).locked_if_possible().prefetch_related("addresses"))


@lru_cache(maxsize=16)
def _holders(number: int) -> Prepared:
    """Their ids, by that many addresses: three look-ups by index, where an OR would read the whole table."""

    def build(connection: int, external_id: str, name: str, *keys: str) -> QuerySet[Any, Any]:
        by_id = Contact.objects.linked_to(connection).filter(HAS_EXTERNAL_ID, external_id=external_id)
        by_name = Contact.objects.filter(user_name_key=name)
        by_address = ContactAddress.objects.filter(address_key__in=keys)
        found = by_address.order_by().values_list("contact_id")
        return found.union(*(one.order_by().values_list("pk") for one in (by_name, by_id)), all=True)

    return Prepared(build, -1, "the externalId", "the userName", *(f"address {n}" for n in range(number)))


def _is_meant(contact: Contact, external_id: str, name_key: str, keys: set[str]) -> bool:
    """By the row as it is now that it is locked."""
    if contact.user_name_key == name_key or (external_id and contact.external_id == external_id):
        return True
    return not keys.isdisjoint(row.address_key for row in contact.addresses.all())


def _is_remembered(contact: Contact, keys: set[str]) -> bool:
    """R28: whom Entra deleted gave the userName back; it tells of them where nothing tells more (R14)."""
    if contact.is_linked or not contact.is_deleted:
        return False
    return keys.isdisjoint(row.address_key for row in contact.addresses.all())


def _is_ours(contact: Contact, sync: Sync) -> bool:
    return contact.connection_id == sync.connection_id


def _refuse(contact: Contact, name_key: str, sync: Sync) -> None:
    """Raise when this contact may not be linked by this connection. A deleted one of ours may (R18)."""
    if contact.is_linked and not _is_ours(contact, sync):
        raise errors.LinkedElsewhere
    if contact.is_linked and not contact.is_deleted:
        raise errors.UserNameTaken if contact.user_name_key == name_key else errors.AddressTaken
    if sync.company and contact.company_id not in (None, sync.company.pk) and contact.pk != sync.chosen:
        raise errors.OtherCompany
