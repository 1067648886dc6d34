"""The state of the list: tab, search, filters, order, columns, page."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact, ContactField
from contacts.querysets import ContactQuerySet
from deskscim.web import as_id, as_number

from .available import filters
from .columns import DEFAULT, NAME, Column, columns
from .filters import Filter, On, Unreadable
from .orders import Order, orders

PER_PAGE = 30
SIZES = (30, 50, 100)
END = "end"


class Tab(TextChoices):
    """Where a contact is: each is in exactly one of them."""

    ALL = "all", gettext_lazy("All")
    SUSPENDED = "suspended", gettext_lazy("Suspended")
    DELETED = "deleted", gettext_lazy("Deleted")

    @classmethod
    def of(cls, deleted_at: datetime | None, suspended_at: datetime | None) -> "Tab":
        """That of a contact."""
        if deleted_at:
            return cls.DELETED
        return cls.SUSPENDED if suspended_at else cls.ALL


@dataclass(frozen=True)
class Place:
    """The page after a contact or before it (None: before the end); `first`: the number of its first row."""

    contact: uuid.UUID | None
    is_before: bool = False
    first: int | None = None

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """In the address. An id and no name, for addresses are logged."""
        where = ("before" if self.is_before else "after", str(self.contact or END))
        return [where, ("row", str(self.first))] if self.first else [where]


@dataclass(frozen=True)
class Listing:
    """One view of the contacts. What the address does not say, or says wrongly, is the default.

    `notes` tell what the address said wrongly; `leaves_out`, whether a filter was among it.
    """

    tab: Tab = Tab.ALL
    search: str = ""
    filters: tuple[On, ...] = ()
    sort: str = "name"
    shown: tuple[str, ...] = DEFAULT
    size: int = PER_PAGE
    view: int | None = None
    place: Place | None = None
    notes: tuple[str, ...] = ()
    leaves_out: bool = False
    definitions: Sequence[ContactField] = ()
    available: Sequence[Filter] = ()

    @classmethod
    def from_query(cls, query: QueryDict) -> "Listing":
        """The state that an address holds."""
        return _Reader(query).listing()

    @property
    def query(self) -> str:
        """The address's query, first page: always the tab, and what else differs from the default."""
        return self.page_query(None)

    def page_query(self, place: Place | None) -> str:
        """The query of the page at a place."""
        parameters = [("tab", self.tab.value)]
        parameters += [("q", self.search)] if self.search else []
        parameters += [parameter for one in self.filters for parameter in one.parameters]
        parameters += [("sort", self.sort)] if self.sort != "name" else []
        parameters += [("columns", ",".join(self.shown))] if self.shown != DEFAULT else []
        parameters += [("size", str(self.size))] if self.size != PER_PAGE else []
        parameters += [("view", str(self.view))] if self.view else []
        return "?" + urlencode(parameters + (place.parameters if place else []))

    def of(self, tab: Tab) -> "Listing":
        """The same search and filters in another tab."""
        return replace(self, tab=tab, place=None)

    def everything(self) -> "Listing":
        """The same tab without search and filters."""
        return replace(self, search="", filters=(), place=None)

    def unnamed(self) -> "Listing":
        """The same, not as a saved view."""
        return replace(self, view=None, place=None)

    def without(self, one: On) -> "Listing":
        """The same with one filter less."""
        return replace(self, filters=tuple(other for other in self.filters if other is not one))

    def sorted_by(self, sort: str) -> "Listing":
        """The same in another order, from its beginning."""
        return replace(self, sort=sort, place=None)

    def contacts(self) -> ContactQuerySet:
        """Its contacts, all of them, in an order that no two of them share.

        Nobody, when it leaves out a filter: what is done to all of them must reach no further than was asked.
        """
        if self.leaves_out:
            return Contact.objects.none()
        return self.order.everybody(self.found(), descending=self.is_descending)

    def found(self) -> ContactQuerySet:
        """Its contacts, in no order."""
        return self.in_tab(self.anywhere())

    def in_tab(self, contacts: ContactQuerySet) -> ContactQuerySet:
        """Those of them that are in its tab."""
        if self.tab == Tab.DELETED:
            return contacts.deleted()
        return contacts.suspended() if self.tab == Tab.SUSPENDED else contacts.active()

    @property
    def has_chosen_columns(self) -> bool:
        """Others than the usual ones."""
        return self.shown != DEFAULT

    def anywhere(self) -> ContactQuerySet:
        """What its search and filters find in all tabs, in no order."""
        found = Contact.objects.order_by().search(self.search)
        for one in self.filters:
            found = found.filter(one.condition)
        return found

    def some(self, most: int) -> ContactQuerySet:
        """At most so many of those that its search and filters find in all tabs, in no order."""
        if self.filters:
            return Contact.objects.order_by().filter(pk__in=self.anywhere().values("pk")[:most])
        return Contact.objects.order_by().search_some(self.search, most)

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves out some of its tab."""
        return bool(self.search or self.filters)

    @cached_property
    def order(self) -> Order:
        """What it sorts by."""
        return orders(self.definitions)[self.sort.removeprefix("-")]

    @property
    def is_descending(self) -> bool:
        """The other way round."""
        return self.sort.startswith("-")

    @cached_property
    def columns(self) -> list[Column]:
        """Those that are shown, the name first."""
        known = columns(self.definitions)
        return [NAME, *(known[name] for name in self.shown)]


class _Reader:
    """Reads an address, and notes what cannot be read."""

    def __init__(self, query: QueryDict) -> None:
        self._query = query
        self._notes: list[str] = []
        self._leaves_out = False
        self._definitions = list(ContactField.objects.filter(active=True))
        self._filters = filters(self._definitions)

    def listing(self) -> Listing:
        tab, sort, size = (self._query.get(name, "") for name in ("tab", "sort", "size"))
        self._note_unknown()
        return Listing(
            tab=Tab(tab) if tab in Tab.values else Tab.ALL,
            search=self._query.get("q", "").replace("\0", "").strip()[:200],
            filters=tuple(self._read_filters()),
            sort=sort if sort.removeprefix("-") in orders(self._definitions) else "name",
            shown=self._shown(),
            size=int(size) if size in map(str, SIZES) else PER_PAGE,
            view=as_number(self._query.get("view", "")),
            place=self._place(),
            definitions=self._definitions,
            available=self._filters,
            notes=tuple(self._notes),
            leaves_out=self._leaves_out,
        )

    def _read_filters(self) -> Iterator[On]:
        for one in self._filters:
            try:
                on = one.read(self._query)
            except Unreadable as reason:
                self._leave_out(str(reason))
            else:
                if on:
                    yield on

    def _note_unknown(self) -> None:
        """A contact field that was switched off, say, since somebody kept the address."""
        known = {parameter for one in self._filters for parameter in one.parameters}
        for name in self._query:
            if name.startswith("cf_") and name not in known and self._query.get(name):
                self._leave_out(_("There is no contact field “%(name)s”.") % {"name": name[:60]})

    def _leave_out(self, reason: str) -> None:
        self._leaves_out = True
        self._notes.append(_("A filter is left out. %(reason)s") % {"reason": reason})

    def _shown(self) -> tuple[str, ...]:
        """The form of the chooser names each column for itself, an address all of them in one value."""
        names = ",".join(self._query.getlist("columns")).split(",")
        known = columns(self._definitions)
        shown = tuple(dict.fromkeys(name for name in names if name in known))
        return shown or DEFAULT

    def _place(self) -> Place | None:
        first = as_number(self._query.get("row", ""))
        for name in ("after", "before"):
            text = self._query.get(name, "")
            if text == END and name == "before":
                return Place(None, is_before=True, first=first)
            if text and (contact := as_id(text)):
                return Place(contact, name == "before", first)
            if text:
                self._notes.append(_("The page of this address is gone. This is the first one."))
        return None
