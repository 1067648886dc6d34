"""What a listing finds: how many contacts in each tab, as far as they are counted, and which."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from companies import paging as lists
from contacts.models import Contact
from contacts.querysets import ContactQuerySet

from .state import Listing, Tab

# Of a search and filters, so many matches are fetched at once: a sample, or all of them.
SAMPLE = 1000


@dataclass(frozen=True)
class Number:
    """How many there are, as far as they were counted: at least `value`."""

    value: int
    is_exact: bool = True

    def __str__(self) -> str:
        return f"{min(self.value, lists.CAP):,}" + ("" if self.is_exact else "+")


@dataclass(frozen=True)
class Matches:
    """How many there are in each tab. `ids`: who, in the listing's own, all of them or a sample."""

    numbers: Mapping[Tab, Number]
    ids: Sequence[uuid.UUID] = ()
    are_all: bool = False

    @classmethod
    def of(cls, listing: Listing) -> "Matches":
        """In one query for a search or filters; a whole tab is counted as far as its number is told."""
        if not listing.is_narrowed:
            return cls({tab: _count(listing.of(tab).found()) for tab in Tab})
        sample = list(listing.some(SAMPLE + 1).values_list("pk", "deleted_at", "suspended_at"))
        tabs: dict[Tab, list[uuid.UUID]] = {tab: [] for tab in Tab}
        for pk, deleted_at, suspended_at in sample:
            tabs[Tab.of(deleted_at, suspended_at)].append(pk)
        are_all = len(sample) <= SAMPLE
        numbers = {
            tab: Number(len(ids), is_exact=are_all and len(ids) <= lists.CAP) for tab, ids in tabs.items()
        }
        return cls(numbers, tabs[listing.tab], are_all)

    def contacts(self, listing: Listing) -> ContactQuerySet:
        """All of them, or as many as a sample holds: this one, unless most of it lies in other tabs."""
        if self.are_all:
            return Contact.objects.filter(pk__in=self.ids)
        if len(self.ids) > SAMPLE // 2:
            return listing.in_tab(listing.some(SAMPLE))
        return Contact.objects.filter(pk__in=listing.found().values("pk")[:SAMPLE])


def _count(contacts: ContactQuerySet) -> Number:
    counted = lists.count_capped(contacts)
    return Number(counted, is_exact=counted <= lists.CAP)
