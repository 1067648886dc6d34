"""One page of the list, found from the contact at its edge (keyset): no OFFSET, no COUNT without a bound."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from contacts.models import Contact

from .matches import SAMPLE, Matches, Number
from .rows import SORTED_AT_MOST, Rows
from .state import Listing, Place, Tab

BOUND = {"number": f"{SORTED_AT_MOST:,}"}


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


def page(listing: Listing) -> Page:
    """The page of a listing; what had to be shown otherwise than asked for stands in its notes."""
    matches, notes = Matches.of(listing), list(listing.notes)
    rows = Rows(listing, matches)
    if not listing.order.is_indexed and rows.are_many():
        notes.append(_("Sorted by name: this column sorts at most %(number)s contacts.") % BOUND)
        listing = replace(listing, sort="name", place=None)
        rows = Rows(listing, matches)
    contacts = rows.at(listing.place)
    if listing.place and not contacts:
        notes.append(_("The page of this address is gone. This is the first one."))
        listing = replace(listing, place=None)
        contacts = rows.at(None)
    if rows.are_cut:
        notes.append(
            _("Many match, and are sorted among the first %(number)s found. Search or filter for less.")
            % {"number": f"{SAMPLE:,}"}
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
