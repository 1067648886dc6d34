"""The tables of the contacts directory.

Rows change only through `contacts.lifecycle` and `contacts.tickets`.
"""

from .address import ContactAddress
from .contact import Contact, SyncStatus, new_id
from .duplicate import NotDuplicate
from .field import ContactField
from .imported import ContactImport, headings_key
from .saved_view import ListPreference, SavedView
from .search import SearchText
from .ticket import Ticket
from .timeline import Action, ActorKind, TimelineEntry

__all__ = [
    "Action",
    "ActorKind",
    "Contact",
    "ContactAddress",
    "ContactField",
    "ContactImport",
    "ListPreference",
    "NotDuplicate",
    "SavedView",
    "SearchText",
    "SyncStatus",
    "Ticket",
    "TimelineEntry",
    "headings_key",
    "new_id",
]
