"""The point in time from which a page on screen asks for changes."""

from django import template

from contacts.changes import Mark
from contacts.models import Contact

register = template.Library()


@register.simple_tag
def mark(contact: Contact | None = None) -> Mark:
    """Where the page stands."""
    return Mark.now(contact.pk if contact else None)
