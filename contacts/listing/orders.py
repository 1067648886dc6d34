"""By what the list can be sorted; contacts without the value come last, whichever way round.

Indexes serve the orders by name, company, e-mail and creation. The rest sorts what is found, and is offered
while that are few: an index on a title, or on what every sync touches (updated_at, last_synced_at), would end
PostgreSQL's updates in place (HOT), so that each sync paid for a question that few agents ask.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OrderBy, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from contacts.models import ContactAddress
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
    has: Q = EVERYBODY
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
_number = Coalesce(NullIf("phone", Value("")), NullIf("mobile", Value("")))

ORDERS: Mapping[str, Order] = {
    "name": Order(Lower("name"), Lower("name")),
    "title": Order(
        NullIf(Lower("title"), Value("")), Lower("title"), ~Q(title=""), Q(title=""), is_indexed=False
    ),
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
    "phone": Order(_number, _number, ~Q(phone="", mobile=""), Q(phone="", mobile=""), is_indexed=False),
    "synced": Order(
        F("last_synced_at"),
        F("last_synced_at"),
        Q(last_synced_at__isnull=False),
        Q(last_synced_at=None),
        is_indexed=False,
    ),
    "created": Order(F("created_at"), F("created_at")),
    "updated": Order(F("updated_at"), F("updated_at"), is_indexed=False),
}
