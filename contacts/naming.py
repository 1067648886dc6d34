"""The name of a contact that was given none (R7)."""

from django.utils.translation import gettext as _

from . import errors
from .draft import Draft
from .models import Contact


def made_name(contact: Contact) -> str:
    """What the parts of the name make together, else the userName."""
    made = f"{contact.given_name} {contact.family_name}".strip()
    return (made or contact.formatted_name or contact.user_name)[:255]


def derive_name(draft: Draft) -> None:
    """R7: a displayName that never comes is made from the name, else from the userName."""
    made = made_name(draft.contact)
    if not made:
        raise errors.InvalidValue(_("A contact needs a name."))
    draft.set("name", made)
