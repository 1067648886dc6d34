"""The Django admin of contacts, contact fields, timelines and tickets."""

from . import contact_fields, contacts, tickets, timeline

__all__ = ["contact_fields", "contacts", "tickets", "timeline"]
