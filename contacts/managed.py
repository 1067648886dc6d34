"""Which fields of a contact Entra ID manages (R25): the names that forms and files have for them."""

from .columns import COMPANY, EMAIL, OTHER_EMAILS
from .models import Contact

_BY_ENTRA = (Contact.CompanySource.ATTRIBUTE, Contact.CompanySource.CONNECTION)


def managed(contact: Contact) -> set[str]:
    """Their names; none when no connection holds the contact."""
    if not contact.is_linked:
        return set()
    names = set(contact.entra_fields)
    if "emails" in names:
        names |= {EMAIL, OTHER_EMAILS}
    if contact.company_source in _BY_ENTRA:
        names.add(COMPANY)
    return names
