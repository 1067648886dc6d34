"""R7: the name of a contact for which no displayName ever comes."""

from django.utils.translation import gettext as _

from .draft import Draft
from .errors import InvalidValue
from .models import Contact


def made_name(contact: Contact) -> str:
    """From the given and the family name, else as Entra joins the two, else the userName."""
    made = f"{contact.given_name} {contact.family_name}".strip()
    return (made or contact.formatted_name or contact.user_name)[:255]


def derive_name(draft: Draft) -> None:
    """Give the drafted contact that name. Raises InvalidValue when it is empty."""
    made = made_name(draft.contact)
    if not made:
        raise InvalidValue(_("A contact needs a name."))
    draft.set("name", made)
