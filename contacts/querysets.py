"""Questions to the contacts and tickets tables, by name. Default managers hide nothing."""

import unicodedata
import uuid
from typing import TYPE_CHECKING, Any

from django.db import connection, connections, models
from django.db.models import Q

from . import words
from .normal import is_storable
from .words import TRIGRAM

if TYPE_CHECKING:
    from .models import Contact, SavedView, Ticket
else:
    Contact = SavedView = Ticket = Any


class ContactQuerySet(models.QuerySet["Contact"]):
    """The tabs of the portal, and what a connection may see."""

    def active(self) -> "ContactQuerySet":
        """All Contacts: neither deleted nor suspended."""
        return self.filter(deleted_at=None, suspended_at=None)

    def suspended(self) -> "ContactQuerySet":
        """R35: suspended and not deleted."""
        return self.filter(deleted_at=None, suspended_at__isnull=False)

    def deleted(self) -> "ContactQuerySet":
        """R26: in Deleted Contacts, whoever put them there."""
        return self.filter(deleted_at__isnull=False)

    def linked(self) -> "ContactQuerySet":
        """Held by some connection."""
        return self.filter(connection__isnull=False)

    def linked_to(self, connection_id: int) -> "ContactQuerySet":
        """R4: what one connection may see, and no more."""
        return self.filter(connection_id=connection_id)

    def search(self, text: str) -> "ContactQuerySet":
        """Every word must be found in the name, an address, a phone, company, title, userName or custom text.

        One or two characters must begin a word, so that an index of trigrams serves them too.
        """
        if not is_storable(text):
            return self.none()
        if connections[self.db].vendor == "sqlite":
            return self.filter(words.has(text)) if text.strip() else self
        found = self
        for word in text.split():
            found = found.filter(has_word(word))
        return found

    def search_some(self, text: str, most: int) -> "ContactQuerySet":
        """At most so many of all that a search finds; only words of contacts are read for that."""
        if not is_storable(text):
            return self.none()
        if connections[self.db].vendor == "sqlite":
            return self.filter(words.has(text, most))
        texts = self.model._meta.get_field("search_text").related_model._default_manager.all()
        for word in text.split():
            texts = texts.filter(text__contains=_in_text(word))
        return self.filter(pk__in=texts.values("pk")[:most])

    def locked_if_possible(self) -> "ContactQuerySet":
        """Rows locked in a transaction; outside one their version guards them (lifecycle.guarded)."""
        return self.select_for_update(of=("self",)) if connections[self.db].in_atomic_block else self

    def lock(self, pk: uuid.UUID) -> "Contact":
        """The row, locked until the transaction ends. Raises Contact.DoesNotExist."""
        return self.select_for_update(of=("self",)).get(pk=pk)


def custom_value(name: str, value: object) -> Q:
    """Contacts whose contact field has this value."""
    if connection.vendor == "postgresql":
        return Q(search_text__custom_fields__contains={name: value})
    return Q(**{f"custom_fields__{name}": value})


def custom_text(name: str, text: str) -> Q:
    """Contacts whose contact field has this text in it; fewer than three characters are the whole value."""
    if len(text) < TRIGRAM:
        return custom_value(name, text)
    if connection.vendor == "postgresql":
        return has_word(text) & Q(**{f"search_text__custom_fields__{name}__icontains": text})
    return Q(**{f"custom_fields__{name}__icontains": text})


def has_word(word: str, *, of: str = "") -> Q:
    """What somebody with a word fulfils, asked of contacts, or of what leads to them by `of`."""
    if connection.vendor == "sqlite":
        return words.has(word, of=of)
    return Q(**{f"{of}search_text__text__contains": _in_text(word)})


def _in_text(word: str) -> str:
    wanted = unicodedata.normalize("NFC", word).lower()
    return f" {wanted}" if len(wanted) < TRIGRAM else wanted


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Who sees which view."""

    def visible_to(self, agent_id: int) -> "SavedViewQuerySet":
        """The agent's own, and those that others share."""
        return self.filter(Q(owner_id=agent_id) | Q(is_shared=True))


class TicketQuerySet(models.QuerySet["Ticket"]):
    """R27: spam leaves the working views and stays in All Tickets."""

    def working(self) -> "TicketQuerySet":
        """Tickets that are no spam."""
        return self.filter(spam_cause="")

    def spam(self) -> "TicketQuerySet":
        """Spam, whatever made it so."""
        return self.exclude(spam_cause="")
