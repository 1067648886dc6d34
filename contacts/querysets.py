"""Questions to the contacts and tickets tables, by name. Default managers hide nothing."""

import uuid
from typing import TYPE_CHECKING, Any

from django.db import connections, models
from django.db.models import Q

from .normal import key

if TYPE_CHECKING:
    from .models import Contact, Ticket
else:
    Contact = Ticket = Any


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
        """Every word must be found in the name, user name, title, phones, company or an address."""
        found = self
        for word in text.split():
            found = found.filter(self._has(word))
        return found

    def _has(self, word: str) -> Q:
        holders = self.model.objects.filter(addresses__address_key__contains=key(word))
        condition = Q(pk__in=holders.values("pk"))
        for column in ("name", "user_name", "title", "phone", "mobile", "company__name"):
            condition |= Q(**{f"{column}__icontains": word})
        return condition

    def locked_if_possible(self) -> "ContactQuerySet":
        """Rows locked in a transaction; outside one their version guards them (lifecycle.guarded)."""
        return self.select_for_update(of=("self",)) if connections[self.db].in_atomic_block else self

    def lock(self, pk: uuid.UUID) -> "Contact":
        """The row, locked until the transaction ends. Raises Contact.DoesNotExist."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class TicketQuerySet(models.QuerySet["Ticket"]):
    """R27: spam leaves the working views and stays in All Tickets."""

    def working(self) -> "TicketQuerySet":
        """Tickets that are no spam."""
        return self.filter(spam_cause="")

    def spam(self) -> "TicketQuerySet":
        """Spam, whatever made it so."""
        return self.exclude(spam_cause="")

    def search(self, text: str) -> "TicketQuerySet":
        """Every word must be found in the subject, or by the search for contacts."""
        contacts: Any = self.model._meta.get_field("contact").related_model._default_manager
        found = self
        for word in text.split():
            found = found.filter(Q(subject__icontains=word) | Q(contact__in=contacts.search(word)))
        return found
