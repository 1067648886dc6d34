"""What the page of a contact shows of it, one value at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from .labels import LABELS
from .managed import managed
from .models import Contact, ContactField
from .values import JSON

EDITABLE = ("name", "given_name", "family_name", "title", "department", "phone", "mobile")
_FROM_ENTRA = ("employee_number", "organization")  # shown where there is one; no form has them


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with its label. `kind` says how it is shown, `is_managed` that Entra ID sends it (R25)."""

    name: str
    label: str
    value: JSON
    kind: str = "text"
    is_managed: bool = False
    is_editable: bool = True


def details(contact: Contact) -> list[Fact]:
    """The columns that people read."""
    known = [column for column in _FROM_ENTRA if getattr(contact, column)]
    return [
        Fact(
            column,
            str(LABELS[column]),
            getattr(contact, column),
            is_managed=column in managed(contact),
            is_editable=column in EDITABLE,
        )
        for column in (*EDITABLE, *known)
    ]


def note(contact: Contact) -> Fact:
    """The helpdesk's own words."""
    return Fact("note", str(LABELS["note"]), contact.note or None, kind="paragraph")


def custom_fields(contact: Contact, fields: Sequence[ContactField]) -> list[Fact]:
    """R12: the active ones in their order, each as its type."""
    return [
        Fact(
            one.api_name,
            one.label,
            contact.custom_fields.get(one.api_name),
            kind=one.type,
            is_managed=one.api_name in managed(contact),
        )
        for one in fields
        if one.active
    ]


def can_follow_domain(contact: Contact) -> bool:
    """R38: an agent's choice, or a name that Entra sent, can give way to the domain again."""
    source = Contact.CompanySource
    return contact.company_source in (source.AGENT, source.ATTRIBUTE) and bool(contact.domain)
