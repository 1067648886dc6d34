"""The Django admin of contacts, contact fields, timelines and tickets."""

from . import contact_fields, tickets, timeline

__all__ = ["contact_fields", "tickets", "timeline"]
