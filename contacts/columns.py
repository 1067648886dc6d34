"""The columns that a contact has in a file: what can be imported, and what an export holds as well."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .labels import LABELS
from .models import ContactField

PLAIN = (
    "name",
    "given_name",
    "family_name",
    "title",
    "department",
    "phone",
    "mobile",
    "employee_number",
    "note",
)
EMAIL, OTHER_EMAILS, COMPANY = "email", "other_emails", "company"

_WORDS: Mapping[str, str | Promise] = {
    EMAIL: _("Primary e-mail address"),
    OTHER_EMAILS: _("Other e-mail addresses"),
}
_ORDER = (*PLAIN[:3], EMAIL, OTHER_EMAILS, COMPANY, *PLAIN[3:])


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file; `field` is the contact field that it holds, None for a built-in column."""

    key: str
    label: str
    field: ContactField | None = None


def built_in() -> list[Column]:
    """The columns that every contact has, in the reader's language."""
    return [Column(key, str(_WORDS.get(key) or LABELS[key])) for key in _ORDER]


def all_columns() -> list[Column]:
    """The built-in columns and the active contact fields."""
    fields = ContactField.objects.filter(active=True)
    return [*built_in(), *(Column(one.api_name, one.label, one) for one in fields)]
