"""One row as wanted values, by the checks of the contact's form (R10, R17, R20). No database is asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from contacts import fields, limits
from contacts.columns import COMPANY, EMAIL, OTHER_EMAILS, PLAIN, Column
from contacts.errors import InvalidValue
from contacts.models import ContactField
from contacts.normal import key
from contacts.values import JSON, Email, Values

_BETWEEN = re.compile(r"[\s,;|]+")
_YES_NO: Mapping[str, bool] = {"yes": True, "ja": True, "1": True, "no": False, "nein": False, "0": False}
# An apostrophe before one of these is how an export keeps spreadsheets from computing a text.
_DEFUSED = re.compile(r"'(?=[=+\-@])")


class Refused(Exception):
    """What is wrong with a row, a sentence each, without its values: they may stand in a report."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))


@dataclass(slots=True)
class Wanted:
    """What a row says of a contact. An empty cell says nothing: it clears no value."""

    plain: dict[str, str] = field(default_factory=dict)
    custom: dict[str, JSON] = field(default_factory=dict)
    primary: str = ""
    others: list[str] = field(default_factory=list)
    company: str = ""

    @property
    def addresses(self) -> list[str]:
        """All of them, the primary first."""
        return [self.primary, *self.others] if self.primary else self.others

    @property
    def keys(self) -> list[str]:
        """The addresses as they compare (R17)."""
        return [key(address) for address in self.addresses]

    def values(self) -> Values:
        """For a new contact, without its company."""
        emails = [Email(address, primary=n == 0) for n, address in enumerate(self.addresses)]
        values: Values = {"emails": emails, "custom_fields": self.custom}
        values.update(self.plain)  # type: ignore[typeddict-item]
        return values


class Checks:
    """What the rows of one file are checked against: the column that each cell belongs to, "" for none."""

    def __init__(self, mapping: Sequence[str], columns: Sequence[Column]) -> None:
        known = {column.key: column for column in columns}
        self._columns = [known.get(one) for one in mapping]
        self._required = [column for column in columns if column.field and column.field.required]

    def wanted(self, cells: Sequence[str]) -> Wanted:
        """What the row says. Raises Refused with everything that is wrong."""
        wanted, reasons = Wanted(), list(self._too_many(cells))
        for column, cell in zip(self._columns, cells, strict=False):
            if column and cell:
                try:
                    _take(wanted, column, _DEFUSED.sub("", cell, count=1) if cell[0] == "'" else cell)
                except InvalidValue as refused:
                    reasons.append(f"{column.label}: {refused}")
        if reasons:
            raise Refused(*reasons)
        return wanted

    def complete(self, wanted: Wanted) -> None:
        """Whether it is enough for a new contact, as its form would ask. Raises Refused."""
        reasons = []
        if not any(wanted.plain.get(name) for name in ("name", "given_name", "family_name")):
            reasons.append(_("A new contact needs a name."))
        for column in self._required:
            if wanted.custom.get(column.key) in (None, False):
                reasons.append(_("%(field)s is required.") % {"field": column.label})
        if reasons:
            raise Refused(*reasons)

    def _too_many(self, cells: Sequence[str]) -> Iterator[str]:
        if len(cells) > len(self._columns):
            yield _("The row has more cells than there are headings.")


def _take(wanted: Wanted, column: Column, cell: str) -> None:
    """Raises InvalidValue, which never names the value."""
    if column.field:
        wanted.custom[column.key] = _custom(column.field, cell)
    elif column.key in PLAIN:
        limits.check_column(column.key, cell)
        wanted.plain[column.key] = cell
    elif column.key == EMAIL:
        wanted.primary = _address(cell)
    elif column.key == OTHER_EMAILS:
        wanted.others = [_address(one) for one in _BETWEEN.split(cell) if one]
    elif column.key == COMPANY:
        wanted.company = cell


def _custom(definition: ContactField, cell: str) -> JSON:
    raw: object = cell
    if definition.type == ContactField.Type.CHECKBOX:
        raw = _YES_NO.get(cell.casefold(), cell)
    return fields.clean(definition.type, definition.options, raw)


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise InvalidValue(_("This is not an e-mail address.")) from None
    limits.check_address(text)
    return text
