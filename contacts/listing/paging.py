"""One page of the list, found from the contact at its edge (keyset): no OFFSET, no COUNT without a bound."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from contacts.models import Contact
from contacts.querysets import ContactQuerySet

from .orders import SORTED_AT_MOST, Order
from .state import Listing, Place

COUNTED_AT_MOST = 1000


@dataclass(frozen=True)
class Number:
    """How many there are, as far as they were counted."""

    value: int

    @property
    def is_exact(self) -> bool:
        """Or else there are more."""
        return self.value <= COUNTED_AT_MOST

    def __str__(self) -> str:
        return f"{self.value:,}" if self.is_exact else f"{COUNTED_AT_MOST:,}+"


@dataclass(frozen=True)
class Page:
    """The rows of one screen. `listing` is what they are of, which may be asked for in another order."""

    listing: Listing
    contacts: list[Contact]
    number: Number
    first: int | None = None
    previous: Place | None = None
    next: Place | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def last(self) -> int | None:
        """The number of its last row, where that of the first is known."""
        return self.first and self.first + len(self.contacts) - 1


def number(contacts: ContactQuerySet) -> Number:
    """How many they are, counting no further than needed to say "1,000+"."""
    return Number(contacts.order_by().values("pk")[: COUNTED_AT_MOST + 1].count())


def page(listing: Listing) -> Page:
    """The page of a listing; the first one where its place is gone, which a note says."""
    notes = list(listing.notes)
    ids = list(listing.found().values_list("pk", flat=True)[: COUNTED_AT_MOST + 1])
    counted = Number(len(ids))
    found = Contact.objects.filter(pk__in=ids) if counted.is_exact else listing.found()
    if not listing.order.is_indexed and not counted.is_exact and _are_many(listing):
        notes.append(
            _("Sorted by name: this column sorts at most %(number)s contacts. Search or filter first.")
            % {"number": f"{SORTED_AT_MOST:,}"}
        )
        listing = replace(listing, sort="name", place=None)
    rows = _Rows(listing, found)
    contacts = rows.at(listing.place)
    if listing.place and not contacts:
        notes.append(_("The page of this address is gone. This is the first one."))
        listing = replace(listing, place=None)
        contacts = rows.at(None)
    return _page(listing, contacts, counted, notes)


def _are_many(listing: Listing) -> bool:
    bound = SORTED_AT_MOST + 1
    return listing.found().values("pk")[:bound].count() == bound


def _page(listing: Listing, contacts: list[Contact], counted: Number, notes: list[str]) -> Page:
    place, size = listing.place, listing.size
    has_more = len(contacts) > size
    is_before = place is not None and place.is_before
    shown = contacts[-size:] if is_before else contacts[:size]
    first = 1 if place is None or (is_before and not has_more) else place.first
    if place and place.contact is None and counted.is_exact:
        first = counted.value - len(shown) + 1
    has_previous = has_more if is_before else place is not None
    has_next = place.contact is not None if place and is_before else has_more
    before = max(first - size, 1) if first else None
    return Page(
        listing,
        shown,
        counted,
        first,
        Place(shown[0].pk, is_before=True, first=before) if has_previous and shown else None,
        Place(shown[-1].pk, first=first and first + len(shown)) if has_next and shown else None,
        notes,
    )


class _Rows:
    """The contacts of a listing around a place: those that have what it sorts by, then those that lack it."""

    def __init__(self, listing: Listing, found: ContactQuerySet) -> None:
        self._order: Order = listing.order
        related = {"company", "connection"}.intersection(listing.shown)
        self._found = found.select_related(*related) if related else found
        if "email" in listing.shown:
            self._found = self._found.prefetch_related("addresses")
        self._descending = listing.is_descending
        self._wanted = listing.size + 1  # one more tells whether there is another page

    def at(self, place: Place | None) -> list[Contact]:
        """Up to one page and a contact, in the order of the list. [] when the place is gone."""
        is_before = place is not None and place.is_before
        edge = self._edge(place)
        if place and place.contact and edge is None:
            return []
        contacts: list[Contact] = []
        is_reached = edge is None
        for has, rows in self._parts(backward=is_before):
            if not is_reached and edge:
                if edge[0] != has:
                    continue
                is_reached, rows = True, rows.filter(self._beyond(edge, backward=is_before))
            if missing := self._wanted - len(contacts):
                contacts += self._sorted(rows, has=has, backward=is_before)[:missing]
        return contacts[::-1] if is_before else contacts

    def _parts(self, *, backward: bool) -> Sequence[tuple[bool, ContactQuerySet]]:
        parts = [(True, self._order.having(self._found))]
        if self._order.lacks is not None:
            parts.append((False, self._found.filter(self._order.lacks)))
        return parts[::-1] if backward else parts

    def _edge(self, place: Place | None) -> tuple[bool, Any, Any] | None:
        """Whether the contact at the place has the value, the value, its id."""
        if place is None or place.contact is None:
            return None
        one = Contact.objects.filter(pk=place.contact)
        keys = list(self._order.having(one).values_list("sort_key", flat=True))
        if keys:
            return True, keys[0], place.contact
        return (False, None, place.contact) if one.exists() else None

    def _beyond(self, edge: tuple[bool, Any, Any], *, backward: bool) -> Q:
        has, key, pk = edge
        way = "lt" if self._descending != backward else "gt"
        behind = Q(**{f"pk__{way}": pk})
        if not has:
            return behind
        # The first condition is the one by which an index is entered.
        return Q(**{f"sort_key__{way}e": key}) & (Q(**{f"sort_key__{way}": key}) | behind)

    def _sorted(self, rows: ContactQuerySet, *, has: bool, backward: bool) -> ContactQuerySet:
        sign = "-" if self._descending != backward else ""
        return rows.order_by(*([f"{sign}sort_key"] if has else []), f"{sign}pk")
