"""The rows around a place in a list, found from the contact at its edge (keyset)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from contacts.models import Contact
from contacts.querysets import ContactQuerySet

from .matches import Matches
from .state import Listing, Place

# Of matches that are not all known, so many contacts are looked through in the order of the list.
WINDOW = 500
# In an order that no index serves so many contacts are sorted.
SORTED_AT_MOST = 2000


@dataclass(frozen=True)
class Edge:
    """The contact next to which a page begins: whether it has what the list sorts by, this, its id."""

    has: bool
    key: Any
    pk: uuid.UUID


class Rows:
    """The contacts of a listing around a place: those that have what it sorts by, then those that lack it.

    Of matches that are not all known, no database can know the quicker way to the first thirty: along the
    order until thirty match, or from all that match to the first of them; either may take seconds. So the one
    is gone for a while, and when that does not do, a sample of the matches is sorted.
    """

    def __init__(self, listing: Listing, matches: Matches) -> None:
        self._listing, self._matches = listing, matches
        self._wanted = listing.size + 1  # one more tells whether there is another page
        self.are_cut = False  # only a sample of the matches was sorted

    def are_many(self) -> bool:
        """More than are sorted."""
        if self._matches.are_all:
            return False
        bound = SORTED_AT_MOST + 1
        return self._listing.found().values("pk")[:bound].count() == bound

    def at(self, place: Place | None) -> list[Contact]:
        """Up to one page and a contact, in the order of the list. [] when the place is gone."""
        edge = self._edge(place.contact) if place and place.contact else None
        if place and place.contact and edge is None:
            return []
        backward = place is not None and place.is_before
        contacts = self._matching(edge, backward)
        return contacts[::-1] if backward else contacts

    def _matching(self, edge: Edge | None, backward: bool) -> list[Contact]:
        if self._matches.are_all:
            return self._walk(self._matches.contacts(self._listing), edge, backward)
        if not self._listing.is_narrowed or not self._listing.order.is_indexed:
            return self._walk(self._listing.found(), edge, backward)
        near = self._near(edge, backward)
        if near is not None:
            return near
        self.are_cut = True
        return self._walk(self._matches.contacts(self._listing), edge, backward)

    def _near(self, edge: Edge | None, backward: bool) -> list[Contact] | None:
        """Those that match of the next contacts of the tab; None when these do not fill the page."""
        near: list[Contact] = []
        tab, found = self._listing.everything().found(), self._listing.anywhere()
        both = (self._parts(contacts, edge, backward) for contacts in (tab, found))
        for ahead, rows in zip(*both, strict=True):
            window = ahead.values("pk")[:WINDOW]
            near += self._dressed(rows.filter(pk__in=window))[: self._wanted - len(near)]
            if len(near) == self._wanted:
                return near
            if window.count() == WINDOW:
                return None
        return near

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
