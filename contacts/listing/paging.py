"""One page of the list, found from the contact at its edge (keyset): no OFFSET, no COUNT without a bound."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from companies import paging as lists
from contacts.models import Contact
from contacts.querysets import ContactQuerySet

from .rows import MATCHES_SORTED, SORTED_AT_MOST, Rows
from .state import Listing, Place, Tab

BOUND = {"number": f"{SORTED_AT_MOST:,}"}
# Of a search and filters, so many matches are fetched at once: a sample, or all of them.
SAMPLE = 2000


@dataclass(frozen=True)
class Number:
    """How many there are, as far as they were counted: at least `value`."""

    value: int
    is_exact: bool = True

    def __str__(self) -> str:
        return f"{min(self.value, lists.CAP):,}" + ("" if self.is_exact else "+")


@dataclass(frozen=True)
class Page:
    """The rows of one screen. `listing` is what they are of, which may be asked for in another order."""

    listing: Listing
    contacts: list[Contact]
    numbers: Mapping[Tab, Number]
    first: int | None = None
    previous: Place | None = None
    next: Place | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def number(self) -> Number:
        """How many there are in its tab."""
        return self.numbers[self.listing.tab]

    @property
    def last(self) -> int | None:
        """The number of its last row, where that of the first is known."""
        return self.first and self.first + len(self.contacts) - 1


@dataclass(frozen=True)
class Matches:
    """What a listing finds in all tabs: how many in each, and in its own tab who, unless they are many."""

    numbers: Mapping[Tab, Number]
    ids: Sequence[uuid.UUID] | None = None

    @classmethod
    def of(cls, listing: Listing) -> "Matches":
        """In one query for a search or filters; a whole tab is counted as far as its number is told."""
        if not listing.is_narrowed:
            return cls({tab: _count(listing.of(tab).found()) for tab in Tab})
        sample = list(listing.anywhere().values_list("pk", "deleted_at", "suspended_at")[: SAMPLE + 1])
        tabs: dict[Tab, list[uuid.UUID]] = {tab: [] for tab in Tab}
        for pk, deleted_at, suspended_at in sample:
            tabs[Tab.of(deleted_at, suspended_at)].append(pk)
        are_all = len(sample) <= SAMPLE
        numbers = {
            tab: Number(len(ids), is_exact=are_all and len(ids) <= lists.CAP) for tab, ids in tabs.items()
        }
        return cls(numbers, tabs[listing.tab] if are_all else None)


def _count(contacts: ContactQuerySet) -> Number:
    counted = lists.count_capped(contacts)
    return Number(counted, is_exact=counted <= lists.CAP)


def page(listing: Listing) -> Page:
    """The page of a listing; what had to be shown otherwise than asked for stands in its notes."""
    matches, notes = Matches.of(listing), list(listing.notes)
    rows = Rows(listing, matches.ids)
    if not listing.order.is_indexed and matches.ids is None and rows.are_many():
        notes.append(_("Sorted by name: this column sorts at most %(number)s contacts.") % BOUND)
        listing = replace(listing, sort="name", place=None)
        rows = Rows(listing, None)
    contacts = rows.at(listing.place)
    if listing.place and not contacts:
        notes.append(_("The page of this address is gone. This is the first one."))
        listing = replace(listing, place=None)
        contacts = rows.at(None)
    if rows.are_cut:
        notes.append(
            _("Many match, and are sorted among the first %(number)s found. Search or filter for less.")
            % {"number": f"{MATCHES_SORTED:,}"}
        )
    return _page(listing, contacts, matches, notes)


def _page(listing: Listing, contacts: list[Contact], matches: Matches, notes: list[str]) -> Page:
    place, size, counted = listing.place, listing.size, matches.numbers[listing.tab]
    has_more = len(contacts) > size
    if place is None and not has_more:
        counted = Number(len(contacts))
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
        {**matches.numbers, listing.tab: counted},
        first,
        Place(shown[0].pk, is_before=True, first=before) if has_previous and shown else None,
        Place(shown[-1].pk, first=first and first + len(shown)) if has_next and shown else None,
        notes,
    )
