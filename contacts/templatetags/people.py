"""What pages say about several people."""

from collections.abc import Iterable

from django import template

from contacts.models import Contact

register = template.Library()


@register.filter
def names(contacts: Iterable[Contact]) -> str:
    """Their names, one after the other."""
    return ", ".join(contact.name for contact in contacts)
