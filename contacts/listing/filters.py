"""The kinds of filters, and what one of them that is on says and asks for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Protocol, TypeAlias

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# A text, or one that is translated when it is shown.
Words: TypeAlias = "str | _StrPromise"


class Unreadable(ValueError):
    """The address holds a value that the filter does not have; the message is a sentence for people."""


@dataclass(frozen=True)
class On:
    """A filter that is on: in words, in the address, and as a condition on contacts."""

    name: str
    label: Words
    words: str
    parameters: tuple[tuple[str, str], ...]
    condition: Q
    typed: str = ""  # what somebody would type for it


@dataclass(frozen=True)
class Found:
    """What a typed text means: a condition, in words, and as the address keeps it."""

    condition: Q
    words: str
    value: str
    typed: str


class Filter(Protocol):
    """One thing that the list can be filtered by."""

    @property
    def name(self) -> str:
        """The parameter of the address."""
        ...

    @property
    def label(self) -> Words:
        """What people call it."""
        ...

    @property
    def parameters(self) -> tuple[str, ...]:
        """All parameters of the address that it reads."""
        ...

    def read(self, query: QueryDict) -> On | None:
        """The filter as an address sets it; None when it does not. Raises Unreadable."""
        ...


@dataclass(frozen=True)
class Choices:
    """Any of several values, each with its words and its condition."""

    name: str
    label: Words
    options: Mapping[str, tuple[Words, Q]]

    @property
    def parameters(self) -> tuple[str, ...]:
        """One, which may come several times."""
        return (self.name,)

    def read(self, query: QueryDict) -> On | None:
        """Contacts that have one of the values."""
        wanted = list(dict.fromkeys(filter(None, query.getlist(self.name))))
        if unknown := [value for value in wanted if value not in self.options]:
            raise Unreadable(
                _("“%(value)s” is not one of the choices of %(filter)s.")
                % {"value": unknown[0][:60], "filter": self.label}
            )
        if not wanted:
            return None
        words, conditions = zip(*(self.options[value] for value in wanted), strict=True)
        parameters = tuple((self.name, value) for value in wanted)
        return On(self.name, self.label, _either(words), parameters, reduce(or_, conditions))


@dataclass(frozen=True)
class Text:
    """A text that somebody types. `find` says what it means, and raises Unreadable."""

    name: str
    label: Words
    help: Words
    find: Callable[[str], Found]

    @property
    def parameters(self) -> tuple[str, ...]:
        """One."""
        return (self.name,)

    def read(self, query: QueryDict) -> On | None:
        """Contacts for which the text holds."""
        text = query.get(self.name, "").replace("\0", "").strip()
        if not text:
            return None
        found = self.find(text)
        parameters = ((self.name, found.value),)
        return On(self.name, self.label, found.words, parameters, found.condition, found.typed)


@dataclass(frozen=True)
class Picked(Text):
    """A row that a picker finds (companies.pickers), which sends its key and the words beside it."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The key, and the words."""
        return (self.name, f"{self.name}_text")

    def read(self, query: QueryDict) -> On | None:
        """Without script the key of before comes along with whatever was typed over its words."""
        on, words = super().read(query), query.get(self.parameters[1])
        if words is None or (on and on.typed == words.strip()):
            return on
        typed = QueryDict(mutable=True)
        typed[self.name] = words
        return super().read(typed)


@dataclass(frozen=True)
class Between:
    """A moment within days, the first and the last included; either may be left out."""

    name: str
    label: Words
    column: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The two ends."""
        return (f"{self.name}_from", f"{self.name}_to")

    def read(self, query: QueryDict) -> On | None:
        """Days in the reader's time zone, in a job in that of whoever asked for it."""
        first, last = (self._day(query.get(parameter, "").strip()) for parameter in self.parameters)
        if first is None and last is None:
            return None
        if first and last and first > last:
            raise Unreadable(_("%(filter)s: the last day is before the first.") % {"filter": self.label})
        condition, parameters = Q(), []
        for parameter, lookup, day in zip(self.parameters, ("gte", "lt"), (first, last), strict=True):
            if day:
                parameters.append((parameter, day.isoformat()))
                end = day + timedelta(days=1) if lookup == "lt" else day
                moment = timezone.make_aware(datetime.combine(end, time()))
                condition &= Q(**{f"{self.column}__{lookup}": moment})
        return On(self.name, self.label, _days(first, last), tuple(parameters), condition)

    def _day(self, text: str) -> date | None:
        try:
            day = date.fromisoformat(text) if text else None
            return day and min(max(day, date(1900, 1, 1)), date(9000, 1, 1))
        except ValueError:
            raise Unreadable(
                _("“%(value)s” is not a day such as 2026-05-31.") % {"value": text[:60]}
            ) from None


def _either(words: Iterable[Words]) -> str:
    *others, last = map(str, words)
    if not others:
        return last
    return _("%(first)s or %(last)s") % {"first": ", ".join(others), "last": last}


def _days(first: date | None, last: date | None) -> str:
    days = {"first": first and date_format(first), "last": last and date_format(last)}
    if first is None:
        return _("until %(last)s") % days
    return _("from %(first)s") % days if last is None else _("%(first)s to %(last)s") % days
