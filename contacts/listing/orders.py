"""By what the list can be sorted; contacts without the value come last, whichever way round.

Indexes serve the orders by name, title, company, e-mail, phone and creation. The rest sorts what is found,
and is offered while that are few: an index on what every sync touches (updated_at, last_synced_at) would end
PostgreSQL's updates in place (HOT), so that each sync paid for a question that few agents ask.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    FloatField,
    OrderBy,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Lower, NullIf
from django.db.models.lookups import Exact, GreaterThan, IsNull

from contacts.models import ContactAddress, ContactField
from contacts.models.contact import NUMBER
from contacts.querysets import ContactQuerySet

EVERYBODY = Q()


@dataclass(frozen=True)
class Order:
    """What a column sorts by.

    `expression` is null for a contact without the value. `key` is the same of those who have it (`has`), put
    so that an index serves it; `lacks` are the others, if there can be any.
    """

    expression: Any
    key: Any
    has: Any = EVERYBODY
    lacks: Any = None
    relation: Callable[[], FilteredRelation] | None = None
    is_indexed: bool = True

    def everybody(self, contacts: ContactQuerySet, *, descending: bool) -> ContactQuerySet:
        """All of them, in an order that no two share."""
        key = OrderBy(self.expression, descending=descending, nulls_last=self.lacks is not None or None)
        return contacts.order_by(key, "-id" if descending else "id")

    def having(self, contacts: ContactQuerySet) -> ContactQuerySet:
        """Those with the value, which is their `sort_key`."""
        if self.relation:
            contacts = contacts.annotate(sort_relation=self.relation())
        return contacts.filter(self.has).annotate(sort_key=self.key)


_primary = ContactAddress.objects.filter(contact=OuterRef("pk"), is_primary=True)


def orders(definitions: Sequence[ContactField]) -> Mapping[str, Order]:
    """By the names of their columns, those of the contact fields included."""
    return {**_BUILT_IN, **{one.api_name: _few(_of_field(one)) for one in definitions}}


def _indexed(text: Any) -> Order:
    """By an expression that is never null; those without have an empty text, which the same index finds."""
    empty = Value("")
    return Order(NullIf(text, empty), text, GreaterThan(text, empty), Exact(text, empty))


def _few(value: Any) -> Order:
    """By an expression that no index serves."""
    return Order(value, value, IsNull(value, False), IsNull(value, True), is_indexed=False)


def _text(column: str) -> NullIf:
    return NullIf(Lower(column), Value(""))


def _of_field(definition: ContactField) -> Any:
    text = KeyTextTransform(definition.api_name, "custom_fields")
    if definition.type in (ContactField.Type.NUMBER, ContactField.Type.DECIMAL):
        return Cast(text, FloatField())
    return NullIf(Lower(text), Value("", TextField()))


_FEW = ("mobile", "department", "employee_number", "organization", "user_name", "domain", "source")
_BUILT_IN: Mapping[str, Order] = {
    "name": Order(Lower("name"), Lower("name")),
    "title": _indexed(Lower("title")),
    "company": Order(
        F("company__name_key"), F("company__name_key"), Q(company__isnull=False), Q(company=None)
    ),
    "email": Order(
        Subquery(_primary.values("address_key")),
        F("sort_relation__address_key"),
        Q(sort_relation__isnull=False),
        Q(domain="") & ~Exists(_primary),  # the domain is that of the primary address: an index finds them
        lambda: FilteredRelation("addresses", condition=Q(addresses__is_primary=True)),
    ),
    "phone": _indexed(NUMBER),
    "created": Order(F("created_at"), F("created_at")),
    "synced": _few(F("last_synced_at")),
    "updated": _few(F("updated_at")),
    **{column: _few(_text(column)) for column in _FEW},
    "connection": _few(_text("connection__name")),
}
