"""The order of a list (RFC 7644 3.4.2.3) as an expression of the database, and the rows behind a given one.

Every attribute that is kept can be sorted by; a multi-valued one goes by its primary element or else its
first. Text is put in order as it compares (R8): by its key, exactly, or without regard to case, for which
SQLite knows the case of ASCII only. A user without the value comes last, first when descending, and of two
that are equal the id decides. The long text of a contact field counts by its beginning.

Indexes serve the order by id (none asked for), userName and displayName. Any other order sorts what the
filter leaves: an index on every attribute would cost each sync more than a rare question gains, and one on
meta.lastModified most of all, for it would end PostgreSQL's updates in place (HOT).
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    Expression,
    F,
    Field,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Left, Lower, NullIf
from django.db.models.lookups import Exact, GreaterThan, IsNull, LessThan

from contacts.models import Contact, ContactAddress

from . import fieldvalues, lookups
from .cursors import SortValue
from .errors import InvalidPath
from .schema import Attribute, CustomField, Place, find, is_known_but_not_stored
from .shown import Shown

TEXT_LENGTH = (
    200  # of a contact field's value; two texts with the same beginning are in the order of their ids
)

Rows = QuerySet[Contact, Contact]


@dataclass(frozen=True)
class Key:
    """What rows are compared by, and the type in which the database says it."""

    expression: Any
    field: "Field[Any, Any]"
    always: bool = False  # every contact has a value


@dataclass(frozen=True)
class Order:
    """An order of contacts; `path` is its attribute's name, "" for the order by id alone."""

    path: str = ""
    key: Key | None = None
    descending: bool = False

    @classmethod
    def of(cls, sort_by: str, fields: Mapping[str, CustomField], *, descending: bool = False) -> "Order":
        """The order that `sortBy` names; by id without one, and by an attribute that no contact has.

        Raises InvalidPath for what is no attribute, and for a complex one, of which RFC 7644 3.4.2.3 wants a
        part: the value of sortBy is a path, and the path is at fault.
        """
        if not sort_by:
            return cls()
        place = find(sort_by, fields)
        if place is None and is_known_but_not_stored(sort_by):
            return cls(descending=descending)
        if place is None or place.is_complex:
            raise InvalidPath(
                "sortBy must name an attribute, such as name.familyName.", reason="invalid_sort"
            )
        return cls(place.path, _key(place), descending)

    def sort(self, rows: Rows) -> Rows:
        """The rows in this order. Those of one key are in the order of their ids, the same way round."""
        last = "-id" if self.descending else "id"
        if self.key is None:
            return rows.order_by(last)
        nulls: dict[str, bool] = {}
        if not self.key.always:
            nulls = {"nulls_first": True} if self.descending else {"nulls_last": True}
        direction = self.key.expression.desc if self.descending else self.key.expression.asc
        return rows.order_by(direction(**nulls), last)

    def positioned(self, rows: Rows) -> Rows:
        """The rows with what `position` reads."""
        return rows.annotate(_sorted_by=self.key.expression) if self.key else rows

    def position(self, contact: Shown) -> SortValue:
        """The value by which a row of `positioned` stands where it does."""
        value: SortValue = contact.sorted_by
        return value

    def after(self, value: SortValue, last: uuid.UUID) -> Q:
        """The rows behind the one with this value and id: compared, not counted, so that an index helps."""
        beyond = Q(**{"id__lt" if self.descending else "id__gt": last})
        if self.key is None:
            return beyond
        missing = Q(IsNull(self.key.expression, True))
        if value is None:
            return (missing & beyond) | ~missing if self.descending else missing & beyond
        behind = Q(self._compared(self.key, value, last))
        return behind if self.key.always or self.descending else behind | missing

    def _compared(self, key: Key, value: SortValue, last: uuid.UUID) -> LessThan | GreaterThan:
        compare = LessThan if self.descending else GreaterThan
        row = _Row(key.expression, F("id"))
        return compare(row, _Row(Value(key.field.to_python(value), key.field), Value(last, UUIDField())))


class _Row(Func):
    """Two values that compare as one (SQL's row values)."""

    template = "(%(expressions)s)"
    output_field = CharField()


def _key(place: Place) -> Key | None:
    attribute = place.attribute
    if attribute.column == "custom_fields":
        return _OF_FIELDS.get(attribute.type, _of_text)(attribute.name)
    if special := _SPECIAL.get(place.path):
        return special()
    if attribute.type == "dateTime":
        return Key(F(attribute.column), DateTimeField(), always=True)
    return _of_column(attribute) if attribute.type == "string" and attribute.column else None


def _of_column(attribute: Attribute) -> Key:
    if attribute.key_column or attribute.case_exact:
        compared: Any = F(attribute.key_column or attribute.column)
    else:
        compared = Lower(attribute.column)
    if attribute.required:
        return Key(compared, CharField(), always=True)
    return Key(NullIf(compared, Value("")), CharField())


def _active() -> Key:
    return Key(_as_number(Q(deleted_at=None)), BigIntegerField())


def _as_number(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=BigIntegerField())


def _address(value: Expression | F, field: "Field[Any, Any]") -> Key:
    """Of Entra's addresses only (R23)."""
    sent = ContactAddress.objects.filter(contact=OuterRef("pk"), scim_type__gt="")
    first = (
        sent.order_by(lookups.PRIMARY.desc(), "-is_primary", "id").annotate(_shown=value).values("_shown")[:1]
    )
    return Key(Subquery(first, output_field=field), field)


def _address_value() -> Key:
    return _address(F("address_key"), CharField())


def _number() -> Key:
    work, mobile = (NullIf(Lower(column), Value("")) for column in ("phone", "mobile"))
    return Key(Coalesce(work, mobile), CharField())


def _number_type() -> Key:
    kinds = (When(~Q(phone=""), then=Value("work")), When(~Q(mobile=""), then=Value("mobile")))
    return Key(Case(*kinds, default=None, output_field=CharField()), CharField())


# schemas, meta.resourceType and meta.location need no entry: nobody's differs but by the id.
_SPECIAL: Mapping[str, Callable[[], Key | None]] = {
    "id": lambda: None,
    "active": _active,
    "meta.version": lambda: Key(F("version"), BigIntegerField(), always=True),
    "emails": _address_value,
    "emails.value": _address_value,
    "emails.type": lambda: _address(F("scim_type"), CharField()),
    "emails.primary": lambda: _address(_as_number(Q(Exact(lookups.PRIMARY, True))), BigIntegerField()),
    "phoneNumbers": _number,
    "phoneNumbers.value": _number,
    "phoneNumbers.type": _number_type,
}


def _of_text(api_name: str) -> Key:
    return Key(Left(Lower(fieldvalues.text(api_name)), TEXT_LENGTH), CharField())


_OF_FIELDS: Mapping[str, Callable[[str], Key]] = {
    "boolean": lambda api_name: Key(fieldvalues.text(api_name), CharField()),
    "integer": lambda api_name: Key(fieldvalues.whole(api_name), BigIntegerField()),
    "decimal": lambda api_name: Key(fieldvalues.hundredths(api_name), BigIntegerField()),
}
