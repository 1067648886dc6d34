"""What is to become of each row: the same judgement for the dry run and for the import itself."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.finding import find
from companies.models import Company
from contacts.columns import Column
from contacts.models import Contact, ContactAddress
from contacts.values import Values

from .checking import Checks, Refused, Wanted
from .differing import difference
from .reading import Row
from .seen import Seen


class Outcome(TextChoices):
    """What becomes of a row."""

    CREATE = "create", gettext_lazy("New contact")
    UPDATE = "update", gettext_lazy("Updated")
    SKIP = "skip", gettext_lazy("Left as it is")
    REFUSED = "refused", gettext_lazy("Refused")


@dataclass(slots=True)
class Verdict:
    """One row: what becomes of it, in words, and what is to be written."""

    row: int
    outcome: Outcome
    reason: str = ""
    values: Values = field(default_factory=Values)
    contact: Contact | None = None  # the one to update
    before: dict[str, Any] | None = None  # once it is written: what undoing it needs


@dataclass(frozen=True, slots=True)
class Choices:
    """What the agent wants done with rows that match a contact, and with those that do not."""

    update: bool = True
    create: bool = True


# The contacts of these ids with their addresses, locked or not.
Fetch: TypeAlias = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, Contact]]


class Judge:
    """Judges the rows of one file from its beginning to its end: it minds which addresses it has seen."""

    def __init__(self, mapping: Sequence[str], columns: Sequence[Column], choices: Choices) -> None:
        self._checks = Checks(mapping, columns)
        self._labels = {column.key: column.label for column in columns} | {"emails": _("E-mail addresses")}
        self._choices = choices
        self._seen = Seen()

    def judge(self, rows: Sequence[Row], fetch: Fetch) -> list[Verdict]:
        """A verdict for each row, by four queries at most whatever their number."""
        read = [(row, self._read(row)) for row in rows]
        wanted = [one for _row, one in read if isinstance(one, Wanted)]
        people = _People([address for one in wanted for address in one.keys], fetch)
        companies = find({one.company for one in wanted if one.company})
        return [
            Verdict(row.number, Outcome.REFUSED, str(one))
            if isinstance(one, Refused)
            else self._judge(row, one, people, companies)
            for row, one in read
        ]

    def pass_over(self, rows: Sequence[Row]) -> None:
        """Mind the addresses of rows that were judged before an interruption."""
        for row in rows:
            self._read(row)

    def _read(self, row: Row) -> Wanted | Refused:
        try:
            wanted = self._checks.wanted(row.cells)
            self._mind(wanted)
        except Refused as refused:
            return refused
        return wanted

    def _mind(self, wanted: Wanted) -> None:
        """Raises Refused when an earlier row has one of the addresses."""
        if not self._seen.is_first(wanted.keys):
            raise Refused(_("An earlier row of the file has one of these e-mail addresses."))

    def _judge(
        self, row: Row, wanted: Wanted, people: "_People", companies: Mapping[str, Company]
    ) -> Verdict:
        company = companies.get(wanted.company)
        try:
            if wanted.company and company is None:
                raise Refused(_("No company has this name or domain. Create it first, or correct the cell."))
            contact = people.holding(wanted.keys)
            if contact:
                return self._existing(row, contact, wanted, company)
            return self._new(row, wanted, company)
        except Refused as refused:
            return Verdict(row.number, Outcome.REFUSED, str(refused))

    def _new(self, row: Row, wanted: Wanted, company: Company | None) -> Verdict:
        if not self._choices.create:
            return Verdict(row.number, Outcome.SKIP, _("No contact has these e-mail addresses."))
        self._checks.complete(wanted)
        values = wanted.values()
        if company:
            values["company"] = company
        return Verdict(row.number, Outcome.CREATE, values=values)

    def _existing(self, row: Row, contact: Contact, wanted: Wanted, company: Company | None) -> Verdict:
        """Raises Refused for a contact in Deleted Contacts."""
        if not self._choices.update:
            return Verdict(row.number, Outcome.SKIP, _("The contact exists already."))
        if contact.is_deleted:
            raise Refused(_("The contact is in Deleted Contacts. Restore it first."))
        values, left = difference(contact, wanted, company)
        managed = _("Left as Entra ID manages them: %(fields)s.") % {"fields": self._named(left)}
        if not values:
            same = _("The contact has these values already.")
            return Verdict(row.number, Outcome.SKIP, managed if left else same)
        names = [*(name for name in values if name != "custom_fields"), *values.get("custom_fields", {})]
        changes = _("Changes: %(fields)s.") % {"fields": self._named(names)}
        told = f"{changes} {managed}" if left else changes
        return Verdict(row.number, Outcome.UPDATE, told, values, contact)

    def _named(self, names: Iterable[str]) -> str:
        return ", ".join(self._labels[name] for name in names)


class _People:
    """The contacts that hold these addresses, deleted ones included (R17)."""

    def __init__(self, keys: Collection[str], fetch: Fetch) -> None:
        rows = ContactAddress.objects.filter(address_key__in=keys).values_list("address_key", "contact_id")
        self._holders = dict(rows) if keys else {}
        self._contacts = fetch(set(self._holders.values())) if self._holders else {}

    def holding(self, keys: Collection[str]) -> Contact | None:
        """Whoever holds one of them. Raises Refused when two do."""
        found = {self._holders[one] for one in keys if one in self._holders}
        if len(found) > 1:
            raise Refused(_("The e-mail addresses of this row belong to different contacts."))
        return self._contacts.get(found.pop()) if found else None
