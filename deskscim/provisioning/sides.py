"""A conflict as a page shows it: Entra's user on one side, each contact in its way on the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from contacts.labels import LABELS
from contacts.models import Contact
from contacts.normal import key
from contacts.values import JSON

REASONS = {
    "ambiguous_match": _("More than one contact could be this user"),
    "address_taken": _("An e-mail address belongs to another contact"),
    "user_name_taken": _("The userName belongs to another contact of this connection"),
    "external_id_taken": _("The externalId belongs to another contact of this connection"),
    "linked_elsewhere": _("The contact is linked by another connection"),
    "other_company": _("The contact belongs to another company than the connection"),
}
_ROWS = ("name", "addresses", "user_name", "external_id", "title", "department", "phone", "mobile")


class Mark(TextChoices):
    """How what a contact has compares with what Entra sent."""

    NONE = "", ""
    SAME = "same", _("Same")
    SAME_AS_USER_NAME = "same_as_user_name", _("Same as userName")
    SHARED = "shared", _("Shared")
    DIFFERS = "differs", _("Differs")
    MISSING = "missing", _("Missing")


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of one side. `mark` compares it with Entra's; NONE where Entra sent nothing."""

    label: str
    values: Sequence[str]
    mark: Mark = Mark.NONE


def reason(code: str) -> str:
    """Why Entra's user was refused, in words."""
    return str(REASONS.get(code, _("This user conflicts with an existing contact")))


def wanted(attempted: Mapping[str, JSON]) -> list[Fact]:
    """Entra's side: what it sent."""
    return [Fact(str(LABELS[row]), values) for row in _ROWS if (values := _wanted(attempted, row))]


def standing(contact: Contact, attempted: Mapping[str, JSON]) -> list[Fact]:
    """The other side: the same rows, each compared."""
    return list(_compared(contact, attempted))


def _compared(contact: Contact, attempted: Mapping[str, JSON]) -> Iterator[Fact]:
    for row in _ROWS:
        theirs, ours = _wanted(attempted, row), _held(contact, row)
        if theirs or ours:
            mark = _mark(row, theirs, ours)
            if row == "addresses" and mark != Mark.SAME and _holds_name(ours, attempted):
                mark = Mark.SAME_AS_USER_NAME
            yield Fact(str(LABELS[row]), ours, mark)


def _holds_name(addresses: Sequence[str], attempted: Mapping[str, JSON]) -> bool:
    """R14: a userName finds its contact among the addresses too."""
    return key(str(attempted.get("user_name", ""))) in map(key, addresses)


def _wanted(attempted: Mapping[str, JSON], row: str) -> list[str]:
    value = attempted.get(row) or []
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def _held(contact: Contact, row: str) -> list[str]:
    if row == "addresses":
        return [one.address for one in contact.addresses.all()]
    return [value] if (value := getattr(contact, row)) else []


def _mark(row: str, theirs: Sequence[str], ours: Sequence[str]) -> Mark:
    """externalId compares exactly, everything else as people read it (R8)."""
    if not theirs:
        return Mark.NONE
    if not ours:
        return Mark.MISSING
    form = str if row == "external_id" else key
    left, right = {form(one) for one in theirs}, {form(one) for one in ours}
    if left == right:
        return Mark.SAME
    return Mark.SHARED if left & right else Mark.DIFFERS
