"""The contact list: its state, all of which stands in its address, and the rows that follow from it.

`Listing.from_query(QueryDict(text))` reads a state, `listing.query` writes it, `listing.contacts()` asks for
its contacts, all of them and in order; `paging.page(listing)` cuts out the rows that one screen shows.
"""

from .state import PER_PAGE, SIZES, Listing, Tab

__all__ = ["PER_PAGE", "SIZES", "Listing", "Tab"]
