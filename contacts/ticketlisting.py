"""The state of the ticket list, all of which stands in its address: tab, status, whose, search, order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from deskscim.web import as_id, as_number

from .models import Contact, Ticket
from .querysets import TicketQuerySet
from .ticketsearch import LOOKED_THROUGH, MOST_WORDS, Word, words


class Tab(TextChoices):
    """R27: spam has a tab of its own and stays, marked, among all."""

    ALL = "all", _("All")
    SPAM = "spam", _("Spam")


# What the list sorts by: the order of opening, which every index of tickets ends in.
NEWEST_FIRST = "-opened"
ORDERS = {"-opened": "-pk", "opened": "pk"}
CUT = _("Many contacts match, so only the first %(number)s tickets were searched. Filter, or write more.")
SHORTENED = _("Only the first %(number)d words are searched for.")


@dataclass(frozen=True, slots=True)
class TicketListing:
    """One view of the tickets. What the address does not say, or says wrongly, is the default."""

    tab: Tab = Tab.ALL
    status: str = ""
    contact: Contact | None = None
    company: Company | None = None
    search: str = ""
    sort: str = NEWEST_FIRST
    words: Sequence[Word] = ()

    @classmethod
    def from_query(cls, query: QueryDict) -> "TicketListing":
        """The state that an address holds."""
        status, sort = query.get("status", ""), query.get("sort", "")
        search = query.get("q", "").replace("\0", "").strip()[:200]
        return cls(
            tab=Tab.SPAM if query.get("tab") == Tab.SPAM else Tab.ALL,
            status=status if status in Ticket.Status.values else "",
            contact=_contact(query.get("contact", "")),
            company=_company(query.get("company", "")),
            search=search,
            sort=sort if sort in ORDERS else NEWEST_FIRST,
            words=words(search),
        )

    @property
    def query(self) -> str:
        """The address's query: what differs from the default."""
        state = {
            "tab": self.tab.value if self.tab != Tab.ALL else "",
            "status": self.status,
            "contact": self.contact and self.contact.pk,
            "company": self.company and self.company.pk,
            "q": self.search,
            "sort": self.sort if self.sort != NEWEST_FIRST else "",
        }
        return "?" + urlencode({name: value for name, value in state.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether more than the tab decides which tickets there are."""
        return bool(self.status or self.contact or self.company or self.search)

    def of(self, tab: Tab) -> "TicketListing":
        """The same in the other tab."""
        return replace(self, tab=tab)

    def with_status(self, status: str) -> "TicketListing":
        """The same with another status, "" for any."""
        return replace(self, status=status)

    @property
    def of_everybody(self) -> "TicketListing":
        """The same, whoever's tickets they are."""
        return replace(self, contact=None, company=None)

    @property
    def everything(self) -> "TicketListing":
        """The same tab, with all that is in it."""
        return TicketListing(tab=self.tab)

    @property
    def order(self) -> str:
        """The column to sort by."""
        return ORDERS[self.sort]

    @property
    def is_cut(self) -> bool:
        """Whether only the first of its tickets are searched, since so many contacts have a word."""
        return any(word.is_common for word in self.words)

    @property
    def note(self) -> str:
        """What the page must say of its search; "" for nothing."""
        said = []
        if self.is_cut:
            said.append(CUT % {"number": f"{LOOKED_THROUGH:,}"})
        if len(set(self.search.split())) > MOST_WORDS:
            said.append(SHORTENED % {"number": MOST_WORDS})
        return " ".join(said)

    def tickets(self) -> TicketQuerySet:
        """Its tickets, in no order yet."""
        found = self._all()
        if self.is_cut:
            found = Ticket.objects.filter(pk__in=found.order_by(self.order).values("pk")[:LOOKED_THROUGH])
        for word in self.words:
            found = found.filter(word.condition)
        return found

    def _all(self) -> TicketQuerySet:
        """Its tickets, whatever is searched for."""
        found = Ticket.objects.spam() if self.tab == Tab.SPAM else Ticket.objects.all()
        if self.status:
            found = found.filter(status=self.status)
        if self.contact:
            found = found.filter(contact=self.contact)
        return found.filter(contact__company=self.company) if self.company else found


def _contact(text: str) -> Contact | None:
    pk = as_id(text)
    return Contact.objects.filter(pk=pk).first() if pk else None


def _company(text: str) -> Company | None:
    pk = as_number(text)
    return Company.objects.filter(pk=pk).first() if pk else None
