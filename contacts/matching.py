"""Which existing contact a newly pushed user is (R14, R15, R18)."""

from collections.abc import Sequence

from django.db.models import Q

from . import errors
from .models import Contact, ContactAddress
from .normal import key
from .values import Email, Sync


def match(*, external_id: str, user_name: str, emails: Sequence[Email], sync: Sync) -> Contact | None:
    """The contact to link, its row locked in a transaction; None when the person is unknown.

    Raises ExternalIdTaken, LinkedElsewhere, UserNameTaken, AddressTaken, OtherCompany, or Ambiguous when two
    contacts match.
    """
    name_key = key(user_name)
    keys = {key(email.address) for email in emails} | {name_key}
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
    """Everybody who holds one of the addresses, the user name (as name or address), or the externalId."""
    holders = ContactAddress.objects.filter(address_key__in=keys).values("contact")
    same = Q(pk__in=holders) | Q(user_name_key=name_key)
    if external_id:
        same |= Q(connection=sync.connection_id, external_id=external_id)
    if sync.chosen or sync.apart:
        same = (same | Q(pk=sync.chosen)) & ~Q(pk__in=sync.apart)
    return list(Contact.objects.filter(same).locked_if_possible().prefetch_related("addresses"))


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
