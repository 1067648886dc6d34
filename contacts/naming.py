"""The name of a contact to which nobody gives one (R7)."""

from django.utils.translation import gettext as _

from .draft import Draft
from .errors import InvalidValue
from .models import Contact


def made(contact: Contact) -> str:
    """From its given and family name, else from its userName; "" when it has neither."""
    parts = f"{contact.given_name} {contact.family_name}".strip()
    return (parts or contact.formatted_name or contact.user_name)[:255]


def derive(draft: Draft) -> None:
    """Give the drafted contact that name. Raises InvalidValue when there is none."""
    name = made(draft.contact)
    if not name:
        raise InvalidValue(_("A contact needs a name."))
    draft.set("name", name)
