"""The rows around a place in a list, found from the contact at its edge (keyset)."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from contacts.models import Contact
from contacts.querysets import ContactQuerySet

from .state import Listing, Place

# Of more matches than can be named, so many contacts are looked through in the order of the list;
WINDOW = 2000
# and when these hold too few matches, so many matches are sorted.
MATCHES_SORTED = 2000
# In an order that no index serves so many contacts are sorted.
SORTED_AT_MOST = 5000


@dataclass(frozen=True)
class Edge:
    """The contact next to which a page begins: whether it has what the list sorts by, this, its id."""

    has: bool
    key: Any
    pk: uuid.UUID


class Rows:
    """The contacts of a listing around a place: those that have what it sorts by, then those that lack it.

    `ids` are its matches, when they are so few that they are known. Of many, no database can know the quicker
    way to the first thirty: along the order until thirty match, or from all that match to the first of them;
    either may take seconds. So the one is gone for a while, then the other, each within a bound.
    """

    def __init__(self, listing: Listing, ids: Sequence[uuid.UUID] | None) -> None:
        self._listing = listing
        self._found = listing.found() if ids is None else Contact.objects.filter(pk__in=ids)
        self._are_unknown = ids is None and listing.is_narrowed
        self._wanted = listing.size + 1  # one more tells whether there is another page
        self.are_cut = False  # only so many of the matches were sorted

    def are_many(self) -> bool:
        """More than are sorted."""
        bound = SORTED_AT_MOST + 1
        return self._found.values("pk")[:bound].count() == bound

    def at(self, place: Place | None) -> list[Contact]:
        """Up to one page and a contact, in the order of the list. [] when the place is gone."""
        edge = self._edge(place.contact) if place and place.contact else None
        if place and place.contact and edge is None:
            return []
        backward = place is not None and place.is_before
        walk = self._walk_near if self._are_unknown else self._walk
        contacts = walk(self._found, edge, backward)
        return contacts[::-1] if backward else contacts

    def _walk_near(self, found: ContactQuerySet, edge: Edge | None, backward: bool) -> list[Contact]:
        if self._listing.order.is_indexed:
            tab = self._listing.everything().found()
            ahead, rows = (next(self._parts(one, edge, backward)) for one in (tab, found))
            window = ahead.values("pk")[:WINDOW]
            contacts = list(self._dressed(rows.filter(pk__in=window))[: self._wanted])
            if len(contacts) == self._wanted:
                return contacts
            self.are_cut = True
        matches = found.values("pk")[: MATCHES_SORTED if self.are_cut else SORTED_AT_MOST]
        return self._walk(Contact.objects.filter(pk__in=matches), edge, backward)

    def _walk(self, contacts: ContactQuerySet, edge: Edge | None, backward: bool) -> list[Contact]:
        rows: list[Contact] = []
        for part in self._parts(contacts, edge, backward):
            if missing := self._wanted - len(rows):
                rows += self._dressed(part)[:missing]
        return rows

    def _parts(
        self, contacts: ContactQuerySet, edge: Edge | None, backward: bool
    ) -> Iterator[ContactQuerySet]:
        """What lies beyond the edge, sorted: those with the value, and those without."""
        order, sign = self._listing.order, "-" if self._is_falling(backward) else ""
        parts = [(True, order.having(contacts).order_by(f"{sign}sort_key", f"{sign}pk"))]
        if order.lacks is not None:
            parts.append((False, contacts.filter(order.lacks).order_by(f"{sign}pk")))
        for has, part in parts[::-1] if backward else parts:
            if edge is None or edge.has == has:
                yield part.filter(self._beyond(edge, backward)) if edge else part
                edge = None

    def _dressed(self, rows: ContactQuerySet) -> ContactQuerySet:
        """With what the columns show."""
        related = {"company", "connection"}.intersection(self._listing.shown)
        rows = rows.select_related(*related) if related else rows
        return rows.prefetch_related("addresses") if "email" in self._listing.shown else rows

    def _edge(self, pk: uuid.UUID) -> Edge | None:
        one = Contact.objects.filter(pk=pk)
        having: Any = self._listing.order.having(one)
        for key in having.values_list("sort_key", flat=True):
            return Edge(True, key, pk)
        return Edge(False, None, pk) if one.exists() else None

    def _beyond(self, edge: Edge, backward: bool) -> Q:
        way = "lt" if self._is_falling(backward) else "gt"
        behind = Q(**{f"pk__{way}": edge.pk})
        if not edge.has:
            return behind
        # The first condition is the one by which an index is entered.
        return Q(**{f"sort_key__{way}e": edge.key}) & (Q(**{f"sort_key__{way}": edge.key}) | behind)

    def _is_falling(self, backward: bool) -> bool:
        return self._listing.is_descending != backward
