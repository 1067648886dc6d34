"""Bodies of POST and PUT in canonical form."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from deskscim.provisioning.scim.errors import InvalidValue
from deskscim.provisioning.scim.resource import normalise
from deskscim.provisioning.scim.schema import CORE_USER, CUSTOM_FIELDS, ENTERPRISE_USER, CustomField

FIELDS = {
    "cf_country": CustomField("cf_country", "Country", "text"),
    "cf_vip": CustomField("cf_vip", "VIP", "checkbox"),
    "cf_seats": CustomField("cf_seats", "Seats", "number"),
}


def resource(body: dict[str, Any]) -> dict[str, Any]:
    return normalise(body, FIELDS).resource


def test_entra_s_whole_post() -> None:
    """REPORT 1.3: what is kept, what is ignored (R9), what was sent."""
    body = {
        "schemas": [CORE_USER, ENTERPRISE_USER],
        "externalId": "0a21f0f2",
        "userName": "ana@northwind.example",
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": "ana@northwind.example"}],
        "phoneNumbers": [
            {"type": "work", "value": "+351 21 555 0140"},
            {"type": "mobile", "value": "+351 91 555 0141"},
            {"type": "fax", "value": "+351 21 555 0142"},
        ],
        "displayName": "Ana Ferreira",
        "name": {"formatted": "Ana Ferreira", "givenName": "Ana", "familyName": "Ferreira"},
        "meta": {"resourceType": "User"},
        "title": "Service Manager",
        "preferredLanguage": "pt-PT",
        "addresses": [{"type": "work", "locality": "Lisboa"}],
        "roles": [],
        ENTERPRISE_USER: {"department": "Support", "employeeNumber": "7001", "manager": {"value": "1"}},
        CUSTOM_FIELDS: {"cf_country": "Portugal", "cf_vip": True},
    }
    before = copy.deepcopy(body)

    written = normalise(body, FIELDS)

    assert written.resource == {
        "externalId": "0a21f0f2",
        "userName": "ana@northwind.example",
        "active": True,
        "emails": [{"value": "ana@northwind.example", "type": "work", "primary": True}],
        "phoneNumbers": [
            {"value": "+351 21 555 0140", "type": "work"},
            {"value": "+351 91 555 0141", "type": "mobile"},
        ],
        "displayName": "Ana Ferreira",
        "name": {"formatted": "Ana Ferreira", "givenName": "Ana", "familyName": "Ferreira"},
        "title": "Service Manager",
        ENTERPRISE_USER: {"department": "Support", "employeeNumber": "7001"},
        CUSTOM_FIELDS: {"cf_country": "Portugal", "cf_vip": True},
    }
    assert written.ignored == 5  # fax, preferredLanguage, addresses, roles, manager
    assert written.sent == {
        "externalId",
        "userName",
        "active",
        "emails",
        "phoneNumbers[work]",
        "phoneNumbers[mobile]",
        "displayName",
        "name.formatted",
        "name.givenName",
        "name.familyName",
        "title",
        f"{ENTERPRISE_USER}:department",
        f"{ENTERPRISE_USER}:employeeNumber",
        f"{CUSTOM_FIELDS}:cf_country",
        f"{CUSTOM_FIELDS}:cf_vip",
    }
    assert body == before


@pytest.mark.parametrize(
    ("body", "canonical"),
    [
        ({"USERNAME": "a"}, {"userName": "a"}),
        ({"Active": False}, {"active": False}),
        ({"Emails": [{"TYPE": "Work", "Value": "a@x"}]}, {"emails": [{"value": "a@x", "type": "work"}]}),
        ({"Name": {"GIVENNAME": "Ann"}}, {"name": {"givenName": "Ann"}}),
        (
            {"name.givenName": "Ann", "name.familyName": "Lee"},
            {"name": {"givenName": "Ann", "familyName": "Lee"}},
        ),
        ({f"{CORE_USER}:title": "Clerk"}, {"title": "Clerk"}),
        (
            {CORE_USER: {"title": "Clerk", "name.givenName": "A"}},
            {"title": "Clerk", "name": {"givenName": "A"}},
        ),
        ({f"{ENTERPRISE_USER}:department": "IT"}, {ENTERPRISE_USER: {"department": "IT"}}),
        ({ENTERPRISE_USER.lower(): {"DEPARTMENT": "IT"}}, {ENTERPRISE_USER: {"department": "IT"}}),
        ({f"{CUSTOM_FIELDS}:cf_country": "Malta"}, {CUSTOM_FIELDS: {"cf_country": "Malta"}}),
        ({CUSTOM_FIELDS.upper(): {"CF_COUNTRY": "Malta"}}, {CUSTOM_FIELDS: {"cf_country": "Malta"}}),
        ({CUSTOM_FIELDS: {"company": "Fabrikam"}}, {CUSTOM_FIELDS: {"companyName": "Fabrikam"}}),
        ({'emails[type eq "work"].value': "a@x"}, {"emails": [{"value": "a@x", "type": "work"}]}),
    ],
)
def test_names_come_in_any_case_and_form(body: dict[str, Any], canonical: dict[str, Any]) -> None:
    """R8, R10, R21, R39."""
    assert normalise(body, FIELDS).resource == canonical
    assert normalise(body, FIELDS).ignored == 0


@pytest.mark.parametrize(
    ("body", "canonical"),
    [
        ({"displayName": ["Ann"]}, {"displayName": "Ann"}),
        ({"displayName": [{"$ref": None, "value": "Ann"}]}, {"displayName": "Ann"}),
        ({"active": [{"value": "False"}]}, {"active": False}),
        ({"name": {"givenName": [{"Value": "Ann"}]}}, {"name": {"givenName": "Ann"}}),
        ({CUSTOM_FIELDS: {"cf_seats": [{"value": 25}]}}, {CUSTOM_FIELDS: {"cf_seats": 25}}),
        (
            {"emails": {"value": "a@x.example", "type": "work"}},
            {"emails": [{"value": "a@x.example", "type": "work"}]},
        ),
        ({"emails": ["a@x.example"]}, {"emails": [{"value": "a@x.example", "type": "work"}]}),
    ],
)
def test_a_wrapped_value_is_unwrapped(body: dict[str, Any], canonical: dict[str, Any]) -> None:
    """R21."""
    assert resource(body) == canonical


@pytest.mark.parametrize("empty", [None, "", []])
def test_what_is_sent_empty_can_be_told_from_what_is_absent(empty: object) -> None:
    """R14: absent stays; B09: null, "" and [] are the same (RFC 7643 2.5)."""
    written = normalise(
        {"title": empty, "name": {"givenName": empty}, CUSTOM_FIELDS: {"cf_vip": empty}}, FIELDS
    )
    assert written.resource == {"title": None, "name": {"givenName": None}, CUSTOM_FIELDS: {"cf_vip": None}}
    assert written.sent == {"title", "name.givenName", f"{CUSTOM_FIELDS}:cf_vip"}


@pytest.mark.parametrize("empty", [None, []])
def test_a_list_that_is_sent_empty_is_an_empty_list(empty: object) -> None:
    """B09."""
    assert resource({"emails": empty, "phoneNumbers": empty}) == {"emails": [], "phoneNumbers": []}


def test_an_emptied_extension_empties_what_is_in_it() -> None:
    """B09: the enterprise URN with null."""
    body = {ENTERPRISE_USER: None, "name": None, CUSTOM_FIELDS: None}
    assert resource(body) == {
        ENTERPRISE_USER: {"department": None, "employeeNumber": None, "organization": None},
        "name": {"formatted": None, "givenName": None, "familyName": None},
        CUSTOM_FIELDS: {"cf_country": None, "cf_vip": None, "cf_seats": None, "companyName": None},
    }


def test_a_post_speaks_only_of_the_numbers_it_brings() -> None:
    """R14: the work number that an agent entered stays."""
    mobile = {"type": "mobile", "value": "+49 170 5550110"}
    fax = {"type": "fax", "value": "+49 89 5550110"}
    assert normalise({"phoneNumbers": [fax, mobile]}, FIELDS).sent == {"phoneNumbers[mobile]"}
    assert normalise({"phoneNumbers": [fax]}, FIELDS).sent == frozenset()


@pytest.mark.parametrize("word", ["True", "true", "TRUE", True])
def test_active_may_be_a_word(word: object) -> None:
    """R8, B10."""
    assert resource({"active": word}) == {"active": True}
    assert resource({"active": str(word).lower().replace("true", "False")}) == {"active": False}


@pytest.mark.parametrize("empty", [None, "", []])
def test_an_empty_active_says_nothing(empty: object) -> None:
    """A contact is active or not; null must not deactivate anybody."""
    assert normalise({"active": empty}, FIELDS).resource == {}
    assert normalise({"active": empty}, FIELDS).sent == frozenset()


@pytest.mark.parametrize(
    "body",
    [
        {"favouriteColour": "green"},
        {"shoes": [{"size": 38}]},
        {"pet": {"name": "Rex"}},
        {"password": "Not-Stored-1"},
        {"costCentre": None},
        {"department": "IT"},
        {"manager": "5"},
        {"urn:example:Other:2.0:User": {"tag": "t"}},
        {"name": {"middleName": "Q"}},
        {ENTERPRISE_USER: {"costCenter": "5"}},
        {CUSTOM_FIELDS: {"cf_unknown": "x"}},
        {"phoneNumbers": [{"type": "fax", "value": "1"}]},
        {"phoneNumbers": [{"type": "fax", "value": "1"}], "title": "Clerk"},
        {"emails": [{"type": "alumni", "value": "a@x.example"}]},
        {"emails[type eq": "a@x.example"},
        {"favourite colour": 1},
        {"": 1},
    ],
)
def test_unknown_attributes_are_counted_and_never_an_error(body: dict[str, Any]) -> None:
    """R9."""
    assert normalise(body, FIELDS).ignored == 1


@pytest.mark.parametrize(
    "body",
    [
        {"id": "5"},
        {"schemas": ["urn:example:unknown"]},
        {"meta": {"resourceType": "User", "version": "W/1"}},
        {"meta": None},
    ],
)
def test_read_only_attributes_are_passed_over(body: dict[str, Any]) -> None:
    """RFC 7644 3.3, 3.5.1: they SHALL be ignored."""
    written = normalise(body, FIELDS)
    assert (written.resource, written.ignored, written.sent) == ({}, 0, frozenset())


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"name": 5}, "name"),
        ({"name": "Ann"}, "name"),
        ({"title": 5}, "title"),
        ({"title": {"value": "x"}}, "title"),
        ({"title": ["a", "b"]}, "title"),
        ({"title": [5]}, "title"),
        ({"userName": True}, "userName"),
        ({"name": {"givenName": 5}}, "name.givenName"),
        ({"active": "yes"}, "active"),
        ({"active": 1}, "active"),
        ({"emails": "a@x.example"}, "emails"),
        ({"emails": 5}, "emails"),
        ({"emails": [5]}, "emails"),
        ({"emails": [None]}, "emails"),
        ({"emails": [{"value": 5}]}, "emails.value"),
        ({"emails": [{"value": "a@x.example", "type": 5}]}, "emails.type"),
        ({"emails": [{"value": "a@x.example", "primary": "maybe"}]}, "emails.primary"),
        ({"emails": [{"value": "a@x.example"}] * 101}, "emails"),
        ({"phoneNumbers": [{"type": "work", "value": {}}]}, "phoneNumbers.value"),
        ({ENTERPRISE_USER: "IT"}, ENTERPRISE_USER),
        ({ENTERPRISE_USER: {"department": 5}}, f"{ENTERPRISE_USER}:department"),
        ({CUSTOM_FIELDS: "x"}, CUSTOM_FIELDS),
        ({CUSTOM_FIELDS: {"company": 5}}, "companyName"),
    ],
)
def test_a_wrong_type_is_refused_by_name(body: dict[str, Any], named: str) -> None:
    """RFC 7644 3.12 invalidValue; the server answers 400, never 500."""
    with pytest.raises(InvalidValue, match=named):
        normalise(body, FIELDS)


@pytest.mark.parametrize(
    "address",
    ["", " ", "ann", "@x.example", "ann@", "ann@@x.example", "a@b@c", "a nn@x.example", "ann@x.example\n"],
)
def test_what_is_no_address_is_not_kept_as_one(address: str) -> None:
    """An address has one @ with something on both sides; an empty one is no address at all."""
    body = {"emails": [{"type": "work", "value": address}]}
    if not address.strip():
        assert resource(body) == {"emails": []}
        return
    with pytest.raises(InvalidValue, match=r"emails\.value"):
        normalise(body, FIELDS)


@pytest.mark.parametrize(
    "address", ["o'neil@x.example", "ann+tag@x", "ann_x.example#EXT#@y.example", "ż@例え.example"]
)
def test_unusual_addresses_are_kept(address: str) -> None:
    """R20."""
    assert resource({"emails": [{"type": "work", "value": address}]})["emails"][0]["value"] == address


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        (lambda text: {"displayName": text}, 255),
        (lambda text: {"externalId": text}, 255),
        (lambda text: {"name.givenName": text}, 255),
        (lambda text: {ENTERPRISE_USER: {"department": text}}, 255),
        (lambda text: {"emails": [{"value": text[:9] + "@" + text[10:]}]}, 254),
        (lambda text: {"phoneNumbers": [{"value": text}]}, 100),
    ],
)
def test_nothing_is_cut(body: Callable[[str], dict[str, Any]], limit: int) -> None:
    """R20: too long is refused, with the limit."""
    assert normalise(body("x" * limit), FIELDS).sent
    with pytest.raises(InvalidValue, match=str(limit)):
        normalise(body("x" * (limit + 1)), FIELDS)


@pytest.mark.parametrize("character", [0, 0xD800, 0xDFFF])
@pytest.mark.parametrize(
    "body",
    [
        {"title": "a{}"},
        {"userName": "{}"},
        {"phoneNumbers": [{"value": "1{}"}]},
        {CUSTOM_FIELDS: {"companyName": "{}"}},
    ],
)
def test_a_string_that_no_database_holds_is_refused(body: dict[str, Any], character: int) -> None:
    """NUL (PostgreSQL) and lone surrogates (UTF-8)."""
    spoiled = json.loads(json.dumps(body).replace("{}", f"\\u{character:04x}"))
    with pytest.raises(InvalidValue):
        normalise(spoiled, FIELDS)


@pytest.mark.parametrize(
    "value", ["+48 (22) 555-01-23 ext. 7", " padded ", "Żółć O'Brien 李", 'R&D "Lead" <EMEA>; 50%', "e\u0301"]
)
def test_values_stay_as_they_came(value: str) -> None:
    """R20, B17: nothing is trimmed, folded or composed."""
    written = resource({"title": value, "phoneNumbers": [{"type": "work", "value": value}]})
    assert (written["title"], written["phoneNumbers"][0]["value"]) == (value, value)


def test_blanks_are_no_user_name() -> None:
    """R16."""
    assert resource({"userName": "  ", "displayName": "\t"}) == {"userName": None, "displayName": None}


def test_custom_values_are_left_to_their_fields() -> None:
    """R11: what does not fit is not the message's fault; every JSON value is handed on."""
    body = {CUSTOM_FIELDS: {"cf_seats": "many", "cf_vip": 5, "cf_country": {"a": 1}}}
    assert resource(body) == body


@pytest.mark.parametrize(
    ("entries", "kept"),
    [
        ([("", "a@x")], [("work", "a@x")]),
        ([("", "a@x"), ("", "b@x")], [("work", "a@x"), ("other", "b@x")]),
        ([("", "a@x"), ("work", "b@x")], [("other", "a@x"), ("work", "b@x")]),
        ([("home", "a@x"), ("home", "b@x")], [("home", "a@x"), ("home", "b@x")]),
        ([("WORK", "a@x")], [("work", "a@x")]),
    ],
)
def test_an_address_without_a_type_is_the_work_one_if_no_other_is(
    entries: list[tuple[str, str]], kept: list[tuple[str, str]]
) -> None:
    """R8; RFC 7643 4.1.2 does not demand a type."""
    body = {"emails": [{"type": kind, "value": value} for kind, value in entries]}
    assert [(one["type"], one["value"]) for one in resource(body)["emails"]] == kept


def test_of_two_numbers_of_a_type_the_first_is_kept() -> None:
    """R7: there is one work number; R9: the other is counted."""
    written = normalise(
        {"phoneNumbers": [{"value": "1", "type": "work"}, {"value": "2", "type": "WORK"}]}, FIELDS
    )
    assert (written.resource["phoneNumbers"], written.ignored) == ([{"value": "1", "type": "work"}], 1)


def test_one_address_at_most_is_primary() -> None:
    """RFC 7643 2.4."""
    entries = [
        {"value": "a@x", "type": "work", "primary": True},
        {"value": "b@x", "type": "home", "primary": "True"},
    ]
    assert [one["primary"] for one in resource({"emails": entries})["emails"]] == [True, False]
