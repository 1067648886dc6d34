"""The columns that the list can show, and what a row has in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, ContactField


@dataclass(frozen=True)
class Column:
    """A column; `kind` says how a cell of it is drawn (contacts/_cell.html), `of` is what it shows."""

    name: str
    label: str | Promise
    kind: str = "text"

    def of(self, contact: Contact) -> Any:
        """The contact's value, "" or None when it has none."""
        if self.name.startswith("cf_"):
            return contact.custom_fields.get(self.name)
        if self.name == "email":
            return contact.primary_address
        if self.name == "phone":
            return contact.phone or contact.mobile
        if self.name == "source":
            return contact.get_source_display()
        return getattr(contact, _ATTRIBUTES.get(self.name, self.name))


_ATTRIBUTES = {"created": "created_at", "updated": "updated_at", "synced": "sync_status"}

NAME = Column("name", _("Name"), "name")

# The name comes first always; these follow as the agent likes.
BUILT_IN = [
    Column("title", _("Title")),
    Column("company", _("Company")),
    Column("email", _("E-mail")),
    Column("phone", _("Phone"), "phone"),
    Column("synced", _("Entra Sync"), "synced"),
    Column("created", _("Created"), "moment"),
    Column("updated", _("Updated"), "moment"),
    Column("mobile", _("Mobile"), "phone"),
    Column("department", _("Department")),
    Column("employee_number", _("Employee number")),
    Column("organization", _("Organization")),
    Column("user_name", _("userName")),
    Column("domain", _("E-mail domain")),
    Column("source", _("Source")),
    Column("connection", _("Connection")),
]
DEFAULT = ("title", "company", "email", "phone", "synced", "created")

_KINDS = {"checkbox": "yesno", "number": "number", "decimal": "number"}


def columns(definitions: Sequence[ContactField]) -> dict[str, Column]:
    """All but the name, those of the contact fields included."""
    custom = [Column(one.api_name, one.label, _KINDS.get(one.type, "text")) for one in definitions]
    return {column.name: column for column in [*BUILT_IN, *custom]}
