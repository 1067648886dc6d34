"""The contacts before and after one, in the order of the list from which an agent came."""

import uuid
from dataclasses import dataclass, replace

from contacts.models import Contact

from .matches import Matches
from .rows import Rows
from .state import Listing, Place


@dataclass(frozen=True)
class Neighbours:
    """Those on either side; None where the list ends."""

    previous: Contact | None = None
    next: Contact | None = None


def neighbours(listing: Listing, pk: uuid.UUID) -> Neighbours:
    """As the list's next page begins, and its previous one ends (keyset), wherever the contact is meanwhile.

    Nobody, where the list itself shows a sample, or is in another order than asked for.
    """
    listing = replace(listing, shown=())
    rows = Rows(listing, Matches.of(listing) if listing.is_narrowed else Matches({}))
    if not listing.order.is_indexed and rows.are_many():
        return Neighbours()
    before, after = rows.at(Place(pk, is_before=True)), rows.at(Place(pk))
    if rows.are_cut:
        return Neighbours()
    return Neighbours(before[-1] if before else None, after[0] if after else None)
