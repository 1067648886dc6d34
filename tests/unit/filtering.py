"""Three contacts, and what a filter finds among them."""

from datetime import UTC, datetime

from contacts.models import Contact, ContactAddress
from contacts.normal import key
from deskscim.provisioning.scim import filters
from deskscim.provisioning.scim.schema import CustomField
from tests.factories import ConnectionFactory, ContactFactory

FIELDS = {
    "cf_country": CustomField("cf_country", "Country", "text"),
    "cf_vip": CustomField("cf_vip", "VIP", "checkbox"),
    "cf_seats": CustomField("cf_seats", "Seats", "number"),
    "cf_rate": CustomField("cf_rate", "Rate", "decimal"),
    "cf_since": CustomField("cf_since", "Since", "date"),
}
ANN_ID = "0198b2c4-0000-7000-8000-000000000001"
EVERYBODY = {"Ann", "Bob", "Cid"}


def address(contact: Contact, text: str, scim_type: str, *, primary: bool = False) -> None:
    ContactAddress.objects.create(
        contact=contact, address=text, address_key=key(text), scim_type=scim_type, is_primary=primary
    )


def make_people() -> None:
    """Ann has everything, Bob little, Cid is deleted and has next to nothing."""
    tenant = ConnectionFactory()
    ann = ContactFactory(
        id=ANN_ID,
        connection=tenant,
        name="Ann",
        external_id="Abc-1",
        user_name="Ann.Łęcka@Northwind.example",
        title="Service Manager",
        formatted_name="Dr. Ann O'Neil",
        given_name="Ann",
        family_name="O'Neil",
        phone="+1 425 555 0100",
        mobile="+1 425 555 0199",
        department="Support",
        employee_number="7001",
        organization="Northwind",
        custom_fields={
            "cf_country": "Malta",
            "cf_vip": True,
            "cf_seats": 25,
            "cf_rate": "5.50",
            "cf_since": "2024-05-01",
        },
        emails=[],
    )
    bob = ContactFactory(
        connection=tenant,
        name="Bob",
        external_id="abc-1",
        user_name="bob@x.example",
        title="clerk_1",
        phone="+1 425 555 0199",
        custom_fields={"cf_country": "Chad", "cf_vip": False, "cf_seats": 3, "cf_rate": "-12.25"},
        emails=[],
    )
    cid = ContactFactory(connection=tenant, name="Cid", user_name="cid@x.example", emails=[], deleted=True)
    address(ann, "Ann@Work.example", "work", primary=True)
    address(ann, "ann@home.example", "home")
    address(ann, "ann@own.example", "")
    address(bob, "bob@home.example", "home", primary=True)
    address(cid, "cid@own.example", "", primary=True)
    for row, day in ((ann, 1), (bob, 2), (cid, 3)):
        moment = datetime(2026, 5, day, 12, tzinfo=UTC)
        Contact.objects.filter(pk=row.pk).update(created_at=moment, updated_at=moment)


def found(text: str) -> set[str]:
    names = list(Contact.objects.filter(filters.parse(text, FIELDS)).values_list("name", flat=True))
    assert len(names) == len(set(names)), "a contact comes once"
    return set(names)
