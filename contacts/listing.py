"""The state of the contact list, all of which stands in its address: tab, search, order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import F, OrderBy, OuterRef, Subquery, TextChoices, Value
from django.db.models.functions import Lower, NullIf
from django.http import QueryDict

from .models import Contact, ContactAddress
from .querysets import ContactQuerySet

PER_PAGE = 30


class Tab(TextChoices):
    """Where a contact is: each is in exactly one of them."""

    ALL = "all", "All"
    SUSPENDED = "suspended", "Suspended"
    DELETED = "deleted", "Deleted"


_primary_address = ContactAddress.objects.filter(contact=OuterRef("pk"), is_primary=True).values(
    "address_key"
)

# What each column sorts by; an empty value comes last in either direction.
ORDERS: Mapping[str, F | Lower | NullIf | Subquery] = {
    "name": Lower("name"),
    "title": NullIf(Lower("title"), Value("")),
    "company": Lower("company__name"),
    "email": Subquery(_primary_address),
    "synced": F("last_synced_at"),
    "created": F("created_at"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One view of the contacts. What the address does not say, or says wrongly, is the default."""

    tab: Tab = Tab.ALL
    search: str = ""
    sort: str = "name"

    @classmethod
    def from_query(cls, query: QueryDict) -> "Listing":
        """The state that an address holds."""
        tab, sort = query.get("tab", ""), query.get("sort", "")
        return cls(
            tab=Tab(tab) if tab in Tab.values else Tab.ALL,
            search=query.get("q", "").replace("\0", "").strip(),
            sort=sort if sort.removeprefix("-") in ORDERS else "name",
        )

    @property
    def query(self) -> str:
        """The address's query: what differs from the default."""
        state = {"tab": self.tab.value, "q": self.search, "sort": self.sort}
        default = {"tab": Tab.ALL.value, "q": "", "sort": "name"}
        return "?" + urlencode({key: value for key, value in state.items() if value != default[key]})

    def of(self, tab: Tab) -> "Listing":
        """The same search in another tab."""
        return replace(self, tab=tab)

    def everything(self) -> "Listing":
        """The same tab without the search."""
        return replace(self, search="")

    def contacts(self) -> ContactQuerySet:
        """Its contacts, in an order that no two of them share."""
        return self._found().order_by(self._order(), "-id" if self.sort.startswith("-") else "id")

    def count(self) -> int:
        """How many contacts it has."""
        return self._found().count()

    def _found(self) -> ContactQuerySet:
        everybody = Contact.objects.search(self.search)
        if self.tab == Tab.DELETED:
            return everybody.deleted()
        return everybody.suspended() if self.tab == Tab.SUSPENDED else everybody.active()

    def _order(self) -> OrderBy:
        expression = ORDERS[self.sort.removeprefix("-")]
        # The name is never empty: without NULLS LAST its index serves the order.
        nulls_last = None if self.sort.endswith("name") else True
        descending = self.sort.startswith("-")
        return expression.desc(nulls_last=nulls_last) if descending else expression.asc(nulls_last=nulls_last)
