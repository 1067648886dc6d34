"""The order of a list (RFC 7644 3.4.2.3), from the first row to the last and from each row to the next."""

import itertools

import pytest

from contacts.models import Contact
from deskscim.provisioning.scim.errors import InvalidPath
from deskscim.provisioning.scim.schema import CORE_USER, CUSTOM_FIELDS, ENTERPRISE_USER
from deskscim.provisioning.scim.shown import Shown, shown
from deskscim.provisioning.scim.sorting import Order
from tests.factories import ConnectionFactory, ContactFactory
from tests.unit.filtering import FIELDS, address, make_people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people() -> None:
    """Ann, Bob and Cid of the filters, and two of whom little is known, the later with small letters."""
    make_people()
    tenant = ConnectionFactory()
    dot = ContactFactory(
        connection=tenant,
        name="dot",
        user_name="DOT@x.example",
        title="Baker",
        mobile="+1 30",
        custom_fields={
            "cf_rate": "-10.00",
            "cf_seats": 100,
            "cf_country": "malawi",
            "cf_since": "2023-12-31",
        },
        emails=[],
    )
    ContactFactory(
        connection=tenant,
        name="Eve",
        user_name="eve@x.example",
        title="baker",
        custom_fields={"cf_rate": "10.00", "cf_seats": -3, "cf_country": "Zambia"},
        emails=[],
    )
    address(dot, "first@x.example", "other")
    address(dot, "zz@x.example", "home")


def in_order(sort_by: str, *, descending: bool = False) -> list[str]:
    order = Order.of(sort_by, FIELDS, descending=descending)
    return [contact.name for contact in order.sort(Contact.objects.all())]


def walked(sort_by: str, *, descending: bool) -> list[str]:
    """From each row to the next, by its position alone."""
    order = Order.of(sort_by, FIELDS, descending=descending)
    found: list[str] = []
    rows = order.sort(order.positioned(Contact.objects.all()))
    more = ("_sorted_by",) if order.key else ()
    ahead = shown(rows, *more).first()
    while ahead and len(found) < 10:
        row = Shown(*ahead)
        found.append(row.name)
        ahead = shown(rows.filter(order.after(order.position(row), row.pk)), *more).first()
    return found


ORDERS = [
    ("userName", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("USERNAME", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    (f"{CORE_USER}:userName", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("displayName", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("title", ["dot", "Eve", "Bob", "Ann", "Cid"]),
    ("externalId", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("name.familyName", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("name.GivenName", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    (f"{ENTERPRISE_USER}:department", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("id", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("schemas", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("meta.resourceType", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("meta.location", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("meta.created", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("meta.lastModified", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("meta.version", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("active", ["Cid", "Ann", "Bob", "dot", "Eve"]),
    ("emails", ["Ann", "Bob", "dot", "Cid", "Eve"]),
    ("emails.value", ["Ann", "Bob", "dot", "Cid", "Eve"]),
    ("emails.type", ["Bob", "dot", "Ann", "Cid", "Eve"]),
    ("emails.primary", ["dot", "Ann", "Bob", "Cid", "Eve"]),
    ("phoneNumbers", ["dot", "Ann", "Bob", "Cid", "Eve"]),
    ("phoneNumbers.value", ["dot", "Ann", "Bob", "Cid", "Eve"]),
    ("phoneNumbers.type", ["dot", "Ann", "Bob", "Cid", "Eve"]),
    (f"{CUSTOM_FIELDS}:cf_country", ["Bob", "dot", "Ann", "Eve", "Cid"]),
    (f"{CUSTOM_FIELDS}:cf_vip", ["Bob", "Ann", "Cid", "dot", "Eve"]),
    (f"{CUSTOM_FIELDS}:cf_seats", ["Eve", "Bob", "Ann", "dot", "Cid"]),
    (f"{CUSTOM_FIELDS}:cf_rate", ["Bob", "dot", "Ann", "Eve", "Cid"]),
    (f"{CUSTOM_FIELDS.upper()}:CF_SINCE", ["dot", "Ann", "Bob", "Cid", "Eve"]),
    ("nickName", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    ("manager", ["Ann", "Bob", "Cid", "dot", "Eve"]),
    (f"{CUSTOM_FIELDS}:companyName", ["Ann", "Bob", "Cid", "dot", "Eve"]),
]


@pytest.mark.parametrize(("sort_by", "names"), ORDERS)
def test_ascending_and_descending(sort_by: str, names: list[str]) -> None:
    """Without regard to case unless the attribute has it; who has no value is last, first when descending."""
    assert in_order(sort_by) == names
    assert in_order(sort_by, descending=True) == names[::-1]


@pytest.mark.parametrize(
    ("sort_by", "descending"), list(itertools.product([sort_by for sort_by, _ in ORDERS], [False, True]))
)
def test_from_each_row_to_the_next(sort_by: str, descending: bool) -> None:
    """What a cursor does (RFC 9865): the same order, without missing or repeating anybody."""
    assert walked(sort_by, descending=descending) == in_order(sort_by, descending=descending)


def test_without_sort_by_the_id_decides() -> None:
    """sortOrder alone says nothing (RFC 7644 3.4.2.3)."""
    assert in_order("", descending=True) == ["Ann", "Bob", "Cid", "dot", "Eve"]


def test_what_is_no_number_has_no_place_among_numbers() -> None:
    """The database makes no number of it, and does not fail."""
    Contact.objects.filter(name="Ann").update(custom_fields={"cf_rate": "much", "cf_seats": "many"})
    assert in_order(f"{CUSTOM_FIELDS}:cf_rate") == ["Bob", "dot", "Eve", "Ann", "Cid"]
    assert in_order(f"{CUSTOM_FIELDS}:cf_seats") == ["Eve", "Bob", "dot", "Ann", "Cid"]


@pytest.mark.parametrize(
    "sort_by",
    [
        "name",
        "meta",
        ENTERPRISE_USER,
        CUSTOM_FIELDS,
        "favourite",
        "title desc",
        'emails[type eq "work"].value',
        f"{CUSTOM_FIELDS}:cf_unknown",
        "-id",
        "id;drop",
        " ",
    ],
)
def test_what_is_no_attribute_is_refused(sort_by: str) -> None:
    """RFC 7644 3.4.2.3: of a complex attribute, a part."""
    with pytest.raises(InvalidPath):
        Order.of(sort_by, FIELDS)
