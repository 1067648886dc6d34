"""The attribute table and how attributes are found in it (R7 to R10)."""

import pytest
from django.db.models import CharField, Model

from contacts.models import Contact, ContactAddress
from deskscim.provisioning.scim.schema import (
    CORE_USER,
    CUSTOM_FIELDS,
    ENTERPRISE_USER,
    PHONE_COLUMNS,
    PLACES,
    TEXT_PLACES,
    CustomField,
    find,
    is_known_but_not_stored,
)

FIELDS = {"cf_country": CustomField("cf_country", "Country", "text")}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("userName", "userName"),
        ("USERNAME", "userName"),
        ("name.givenName", "name.givenName"),
        ("NAME.GIVENNAME", "name.givenName"),
        (f"{CORE_USER}:displayName", "displayName"),
        (f"{CORE_USER}:name.familyName", "name.familyName"),
        (f"{CORE_USER.upper()}:TITLE", "title"),
        (f"{ENTERPRISE_USER}:department", f"{ENTERPRISE_USER}:department"),
        (f"{ENTERPRISE_USER.lower()}:EMPLOYEENUMBER", f"{ENTERPRISE_USER}:employeeNumber"),
        (ENTERPRISE_USER, ENTERPRISE_USER),
        (CUSTOM_FIELDS.lower(), CUSTOM_FIELDS),
        (f"{CUSTOM_FIELDS}:cf_country", f"{CUSTOM_FIELDS}:cf_country"),
        (f"{CUSTOM_FIELDS.upper()}:CF_Country", f"{CUSTOM_FIELDS}:cf_country"),
        (f"{CUSTOM_FIELDS}:company", f"{CUSTOM_FIELDS}:companyName"),
        (f"{CUSTOM_FIELDS}:companyName", f"{CUSTOM_FIELDS}:companyName"),
        (f"{CUSTOM_FIELDS}:company_name", f"{CUSTOM_FIELDS}:companyName"),
        ("emails.value", "emails.value"),
        ("meta.lastModified", "meta.lastModified"),
    ],
)
def test_an_attribute_is_found_in_any_case_and_behind_its_urn(path: str, found: str) -> None:
    """R8, R21: the URN is taken off before its dot could be taken for a path's; R39: three spellings."""
    place = find(path, FIELDS)
    assert place is not None
    assert place.path == found


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nickName",
        "department",
        "cf_country",
        "name.middleName",
        "displayName.value",
        f"{ENTERPRISE_USER}:manager",
        f"{ENTERPRISE_USER}:userName",
        f"{CUSTOM_FIELDS}:cf_inactive",
        f"{CORE_USER}:cf_country",
        CORE_USER,
        "urn:ietf:params:scim:schemas:extension:enterprise:2",
        "urn:example:other:2.0:User:title",
    ],
)
def test_what_a_contact_does_not_keep_is_not_found(path: str) -> None:
    """R9; R11: inactive contact fields are not among the given ones."""
    assert find(path, FIELDS) is None


@pytest.mark.parametrize(
    "path",
    [
        "manager",
        "manager.value",
        "nickName",
        "ADDRESSES.country",
        "name.middleName",
        f"{ENTERPRISE_USER}:manager",
        f"{CORE_USER}:locale",
    ],
)
def test_the_rfc_s_other_attributes_are_known(path: str) -> None:
    """RFC 7643 4.1, 4.3."""
    assert is_known_but_not_stored(path)


@pytest.mark.parametrize(
    "path", ["favouriteColour", "userName", f"{CUSTOM_FIELDS}:manager", "managers", "x.manager"]
)
def test_other_names_are_not(path: str) -> None:
    """R13: an unknown name is no known one."""
    assert not is_known_but_not_stored(path)


def test_every_column_of_the_table_exists() -> None:
    """The one attribute table speaks of the contact that there is."""
    contact = {field.name for field in Contact._meta.get_fields()}
    address = {field.name for field in ContactAddress._meta.get_fields()}
    for place in PLACES.values():
        columns = {place.attribute.column, place.attribute.key_column} - {""}
        assert columns <= (address if place.container == "emails" else contact), place.path
    assert set(PHONE_COLUMNS.values()) <= contact


def room(model: type[Model], column: str) -> int:
    """The length of a text column."""
    field = model._meta.get_field(column)
    assert isinstance(field, CharField)
    return field.max_length or 0


def test_every_text_has_room_in_its_column() -> None:
    """R20: what the table lets in is not cut by the database."""
    for place in TEXT_PLACES:
        assert place.attribute.max_length == room(Contact, place.attribute.column), place.path
    assert PLACES["emails.value"].attribute.max_length == room(ContactAddress, "address")
    for column in PHONE_COLUMNS.values():
        assert PLACES["phonenumbers.value"].attribute.max_length == room(Contact, column)


def test_the_text_columns_are_those_of_the_mapping() -> None:
    """R7."""
    assert {place.attribute.column for place in TEXT_PLACES} == {
        "external_id",
        "user_name",
        "name",
        "formatted_name",
        "given_name",
        "family_name",
        "title",
        "department",
        "employee_number",
        "organization",
    }
