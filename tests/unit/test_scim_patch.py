"""PATCH as a pure function, in both of Entra's dialects (R21, RFC 7644 3.5.2).

Bnn are behaviours of the Entra case corpus.
"""

import copy
from typing import Any

import pytest

from deskscim.provisioning.scim.errors import (
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    Mutability,
    NoTarget,
    PayloadTooLarge,
    ScimError,
)
from deskscim.provisioning.scim.patch import MAX_OPERATIONS, apply, operations_of
from deskscim.provisioning.scim.resource import Written
from deskscim.provisioning.scim.schema import CORE_USER, CUSTOM_FIELDS, ENTERPRISE_USER, CustomField

FIELDS = {
    "cf_country": CustomField("cf_country", "Country", "text"),
    "cf_vip": CustomField("cf_vip", "VIP", "checkbox"),
}
WORK = {"value": "cy@x.example", "type": "work", "primary": True}
HOME = {"value": "cy@home.example", "type": "home", "primary": False}
OFFICE = {"value": "+1 425 555 0100", "type": "work"}
MOBILE = {"value": "+1 425 555 0101", "type": "mobile"}

Op = dict[str, Any]


def user(**changed: Any) -> dict[str, Any]:
    """A user as the adapter hands it in; an argument None leaves the attribute out."""
    whole = {
        "schemas": [CORE_USER],
        "id": "1",
        "externalId": "g",
        "userName": "cy@x.example",
        "active": True,
        "displayName": "Cy Brand",
        "title": "Clerk",
        "name": {"givenName": "Cy", "familyName": "Brand", "formatted": "Cy Brand"},
        "emails": [dict(WORK)],
        "phoneNumbers": [dict(OFFICE)],
        "meta": {"resourceType": "User"},
    } | changed
    return {name: value for name, value in whole.items() if value is not None}


def patched(*operations: Op, **changed: Any) -> Written:
    return apply(user(**changed), list(operations), FIELDS)


def changes(*operations: Op, **before: Any) -> dict[str, Any]:
    """What the operations changed: the attributes that are other than before."""
    start = user(**before)
    after = apply(start, list(operations), FIELDS).resource
    assert after.keys() >= start.keys()
    return {name: value for name, value in after.items() if start.get(name, "absent") != value}


def replace(path: str, value: object) -> Op:
    return {"op": "Replace", "path": path, "value": value}


def add(path: str, value: object) -> Op:
    return {"op": "Add", "path": path, "value": value}


def remove(path: str) -> Op:
    return {"op": "Remove", "path": path}


class TestSingleValues:
    @pytest.mark.parametrize("op", ["Replace", "replace", "REPLACE", "rePlace", "Add", "add"])
    def test_add_and_replace_set(self, op: str) -> None:
        """B55, R21: the op comes in any case; `add` on a single value replaces."""
        assert changes({"op": op, "path": "title", "value": "Chemist"}) == {"title": "Chemist"}

    @pytest.mark.parametrize("path", ["displayName", "DISPLAYNAME", f"{CORE_USER}:displayName"])
    def test_the_path_comes_in_any_case_and_behind_its_urn(self, path: str) -> None:
        """B55, R8."""
        assert changes(replace(path, "Mia")) == {"displayName": "Mia"}

    def test_the_members_of_an_operation_come_in_any_case(self) -> None:
        """R8."""
        assert changes({"Op": "add", "PATH": "title", "Value": "x"}) == {"title": "x"}

    @pytest.mark.parametrize(
        ("value", "active"),
        [("False", False), ("false", False), ("FALSE", False), (False, False), ([{"value": "False"}], False)],
    )
    def test_disable(self, value: object, active: bool) -> None:
        """B43."""
        assert changes(replace("active", value)) == {"active": active}

    def test_enable(self) -> None:
        """B44."""
        assert changes(replace("active", "True"), active=False) == {"active": True}

    def test_a_part_of_the_name(self) -> None:
        """B45: the other parts stay."""
        name = patched(replace("name.familyName", "Brand-New")).resource["name"]
        assert name == {"givenName": "Cy", "familyName": "Brand-New", "formatted": "Cy Brand"}

    def test_the_name_as_an_object_leaves_its_other_parts(self) -> None:
        """RFC 7644 3.5.2.3: unspecified sub-attributes are unchanged."""
        assert patched(replace("name", {"familyName": "New"})).resource["name"]["givenName"] == "Cy"

    def test_a_name_where_there_was_none(self) -> None:
        """RFC 7644 3.5.2.1."""
        assert changes(add("name.givenName", "Cy"), name=None) == {"name": {"givenName": "Cy"}}

    @pytest.mark.parametrize("value", [["Gil"], [{"$ref": None, "value": "Gil"}]])
    def test_a_value_wrapped_in_an_array(self, value: object) -> None:
        """B49."""
        assert changes(replace("displayName", value)) == {"displayName": "Gil"}

    @pytest.mark.parametrize("value", ["", None, []])
    def test_an_empty_value_clears(self, value: object) -> None:
        """B58."""
        result = patched(replace("title", value))
        assert result.resource["title"] is None
        assert result.sent == {"title"}

    @pytest.mark.parametrize("urn", [ENTERPRISE_USER, ENTERPRISE_USER.upper()])
    def test_an_enterprise_attribute(self, urn: str) -> None:
        """B45: the URN holds a dot, which splits nothing."""
        assert changes(replace(f"{urn}:department", "Field")) == {ENTERPRISE_USER: {"department": "Field"}}

    def test_a_whole_extension(self) -> None:
        """RFC 7644 3.5.2.3: the path is a schema's URN."""
        before = {ENTERPRISE_USER: {"department": "IT", "organization": "Northwind"}}
        result = apply(
            user() | before, [replace(ENTERPRISE_USER, {"department": "HR", "manager": "5"})], FIELDS
        )
        assert result.resource[ENTERPRISE_USER] == {"department": "HR", "organization": "Northwind"}
        assert result.ignored == 1

    def test_custom_fields(self) -> None:
        """B51: the value is the field's own business (R11)."""
        paths = [f"{CUSTOM_FIELDS}:cf_country", f"{CUSTOM_FIELDS}:cf_vip"]
        result = patched(replace(paths[0], "Canada"), add(paths[1], "False"))
        assert result.resource[CUSTOM_FIELDS] == {"cf_country": "Canada", "cf_vip": "False"}
        assert result.sent == set(paths)

    def test_the_operations_run_in_order(self) -> None:
        """B57."""
        assert changes(remove("title"), add("title", "Second"), replace("title", "Third")) == {
            "title": "Third"
        }

    def test_the_validator_s_order_on_external_id(self) -> None:
        """REPORT 2.1 18: remove, add, replace; the last wins."""
        assert changes(remove("externalId"), add("externalId", "a"), replace("externalId", "b")) == {
            "externalId": "b"
        }


class TestWithoutPath:
    def test_disable(self) -> None:
        """B43P."""
        assert changes({"op": "replace", "value": {"active": False}}) == {"active": False}

    def test_flat_keys_are_paths(self) -> None:
        """B46."""
        value = {
            "displayName": "Di Marsh-Fox",
            "name.givenName": "Diana",
            f"{ENTERPRISE_USER}:department": "Claims",
            f"{ENTERPRISE_USER}:employeeNumber": "77",
            f"{CUSTOM_FIELDS}:cf_country": "Malta",
            'phoneNumbers[type eq "mobile"].value': "+9",
        }
        result = patched({"op": "replace", "value": value})
        assert result.resource == user() | {
            "displayName": "Di Marsh-Fox",
            "name": {"givenName": "Diana", "familyName": "Brand", "formatted": "Cy Brand"},
            ENTERPRISE_USER: {"department": "Claims", "employeeNumber": "77"},
            CUSTOM_FIELDS: {"cf_country": "Malta"},
            "phoneNumbers": [OFFICE, {"value": "+9", "type": "mobile"}],
        }
        assert result.sent == {
            "displayName",
            "name.givenName",
            f"{ENTERPRISE_USER}:department",
            f"{ENTERPRISE_USER}:employeeNumber",
            f"{CUSTOM_FIELDS}:cf_country",
            "phoneNumbers[mobile]",
        }

    @pytest.mark.parametrize("op", ["add", "replace"])
    def test_nested_objects(self, op: str) -> None:
        """The same attributes as a resource holds them."""
        value = {
            "name": {"familyName": "Fox"},
            ENTERPRISE_USER: {"department": "IT"},
            CORE_USER: {"title": "Boss"},
        }
        result = patched({"op": op, "value": value})
        assert result.resource["name"]["familyName"] == "Fox"
        assert result.resource[ENTERPRISE_USER] == {"department": "IT"}
        assert result.resource["title"] == "Boss"

    def test_the_core_urn_as_path(self) -> None:
        """The schema's URN names the resource itself."""
        assert changes(replace(CORE_USER, {"title": "Boss"})) == {"title": "Boss"}

    def test_an_empty_path_is_none(self) -> None:
        """Some clients send it."""
        assert changes(replace("", {"title": "Boss"})) == {"title": "Boss"}

    def test_what_is_read_only_is_passed_over(self) -> None:
        """RFC 7644 3.5.2: a whole resource may be sent."""
        value = {
            "id": "2",
            "schemas": [],
            "meta": {"resourceType": "x"},
            "name": {"formatted": "x"},
            "title": "Boss",
        }
        assert changes({"op": "replace", "value": value}) == {"title": "Boss"}

    def test_unknown_keys_are_counted(self) -> None:
        """R9."""
        result = patched(
            {"op": "add", "value": {"nickName": "C", "shoe size": 42, "emails[": "x", "title": "Boss"}}
        )
        assert (result.ignored, set(result.sent)) == (3, {"title"})


class TestTypedValues:
    @pytest.mark.parametrize("write", [add, replace])
    def test_a_missing_number_is_created(self, write: Any) -> None:
        """B47, B48: for add and replace alike."""
        result = patched(write('phoneNumbers[type eq "mobile"].value', "+46 70 555 0101"))
        assert result.resource["phoneNumbers"] == [OFFICE, {"value": "+46 70 555 0101", "type": "mobile"}]
        assert result.sent == {"phoneNumbers[mobile]"}

    @pytest.mark.parametrize("write", [add, replace])
    def test_a_missing_address_is_created(self, write: Any) -> None:
        """B19."""
        result = patched(write('emails[type eq "work"].value', "jo@x.example"), emails=None)
        assert result.resource["emails"] == [{"value": "jo@x.example", "type": "work"}]

    @pytest.mark.parametrize("write", [add, replace])
    def test_an_existing_one_is_changed(self, write: Any) -> None:
        """B45, B99: one work address; its other sub-attributes stay."""
        result = patched(write('emails[type eq "work"].value', "new@x.example"), emails=[WORK, HOME])
        assert result.resource["emails"] == [{**WORK, "value": "new@x.example"}, HOME]
        assert result.sent == {"emails"}

    def test_add_twice_keeps_one(self) -> None:
        """B99."""
        path = 'emails[type eq "work"].value'
        result = patched(add(path, "a@x.example"), add(path, "b@x.example"), emails=None)
        assert result.resource["emails"] == [{"value": "b@x.example", "type": "work"}]

    @pytest.mark.parametrize(
        "path",
        [
            'phonenumbers[TYPE EQ "mobile"].VALUE',
            'PhoneNumbers[type eq "Mobile"].value',
            f'{CORE_USER}:phoneNumbers[type eq "mobile"].value',
            'phoneNumbers[type  eq  "mobile"].value',
            'phoneNumbers[(type eq "mobile")].value',
        ],
    )
    def test_the_path_in_other_forms(self, path: str) -> None:
        """B55."""
        assert changes(replace(path, "+9"), phoneNumbers=[MOBILE]) == {
            "phoneNumbers": [{**MOBILE, "value": "+9"}]
        }

    @pytest.mark.parametrize("literal", ["true", '"True"', '"true"'])
    def test_the_primary_address(self, literal: str) -> None:
        """B65, REPORT 1.4: both spellings."""
        path = f"emails[primary eq {literal}].value"
        assert changes(replace(path, "new@x.example"), emails=[HOME, WORK]) == {
            "emails": [HOME, {**WORK, "value": "new@x.example"}]
        }

    def test_a_missing_primary_address_becomes_the_work_one(self) -> None:
        """It takes the place of the work address; there is one (B99)."""
        before = [{"value": "old@x.example", "type": "work", "primary": False}]
        after = patched(replace("emails[primary eq true].value", "new@x.example"), emails=before).resource
        assert after["emails"] == [{"value": "new@x.example", "type": "work", "primary": True}]

    def test_several_conditions(self) -> None:
        """RFC 7644 3.5.2: the filter is a whole filter."""
        path = 'emails[type eq "work" and primary eq true].value'
        assert patched(replace(path, "n@x.example")).resource["emails"] == [{**WORK, "value": "n@x.example"}]
        assert patched(replace(path, "n@x.example"), emails=None).resource["emails"] == [
            {"value": "n@x.example", "type": "work", "primary": True}
        ]

    @pytest.mark.parametrize(
        "condition",
        [
            'value eq "CY@X.example"',
            'value co "@x."',
            'value sw "cy@x"',
            'value ew "x.example"',
            'type ne "home"',
            'not (type eq "home")',
            'type eq "other" or type eq "work"',
            "type pr and primary pr",
            "primary ne false",
        ],
    )
    def test_conditions_compare_as_people_read(self, condition: str) -> None:
        """R8: without regard to case."""
        after = patched(replace(f"emails[{condition}].value", "n@x.example"), emails=[WORK, HOME]).resource
        assert after["emails"] == [{**WORK, "value": "n@x.example"}, HOME]

    def test_an_element_as_an_object(self) -> None:
        """RFC 7644 3.5.2.3: a filter without a sub-attribute."""
        after = patched(replace('emails[type eq "work"]', {"Value": "n@x.example"})).resource
        assert after["emails"] == [{**WORK, "value": "n@x.example"}]

    def test_an_element_as_a_string(self) -> None:
        """The value is what is meant."""
        after = patched(replace('phoneNumbers[type eq "mobile"]', "+9")).resource
        assert after["phoneNumbers"] == [OFFICE, {"value": "+9", "type": "mobile"}]

    def test_another_type(self) -> None:
        """The number moves: both columns are touched."""
        result = patched(replace('phoneNumbers[type eq "work"].type', "Mobile"))
        assert result.resource["phoneNumbers"] == [{**OFFICE, "type": "mobile"}]
        assert result.sent == {"phoneNumbers[work]", "phoneNumbers[mobile]"}

    def test_one_address_is_primary(self) -> None:
        """RFC 7644 3.5.2: the server clears the others."""
        after = patched(replace('emails[type eq "home"].primary', "True"), emails=[WORK, HOME]).resource
        assert [one["primary"] for one in after["emails"]] == [False, True]

    @pytest.mark.parametrize(
        ("path", "value", "expected"),
        [
            ("emails.value", "n@x.example", {"emails": [{**WORK, "value": "n@x.example"}]}),
            ("phoneNumbers.value", "+9", {"phoneNumbers": [{**OFFICE, "value": "+9"}]}),
        ],
    )
    def test_a_dotted_path_means_the_main_one(self, path: str, value: str, expected: dict[str, Any]) -> None:
        """There is no element to point at; it is the primary address, and the work number."""
        assert changes(replace(path, value)) == expected

    @pytest.mark.parametrize("value", [None, "", []])
    def test_an_empty_value_takes_the_element_away(self, value: object) -> None:
        """B58."""
        result = patched(
            replace('phoneNumbers[type eq "mobile"].value', value), phoneNumbers=[OFFICE, MOBILE]
        )
        assert result.resource["phoneNumbers"] == [OFFICE]
        assert result.sent == {"phoneNumbers[mobile]"}

    def test_emptying_what_is_not_there(self) -> None:
        """B58: it creates nothing."""
        result = patched(replace('phoneNumbers[type eq "mobile"].value', None))
        assert result.resource["phoneNumbers"] == [OFFICE]

    @pytest.mark.parametrize(
        "path",
        [
            'phoneNumbers[type eq "fax"].value',
            'emails[type eq "alumni"].value',
            'emails[type eq "work"].display',
            'emails[display eq "x"].value',
            'addresses[type eq "work"].country',
            'roles[primary eq "True"].value',
            f'{ENTERPRISE_USER}:offices[type eq "work"].value',
        ],
    )
    def test_what_a_contact_has_no_room_for_is_ignored(self, path: str) -> None:
        """R9, B54."""
        result = patched(replace(path, "x"), remove(path))
        assert (result.resource, result.ignored, result.sent) == (user(), 2, frozenset())

    def test_a_filter_that_describes_nothing_cannot_create(self) -> None:
        """RFC 7644 3.5.2.3: noTarget."""
        with pytest.raises(NoTarget):
            patched(replace('emails[not (type eq "work")].value', "n@x.example"))


class TestWholeLists:
    @pytest.mark.parametrize("form", ["path", "pathless"])
    def test_replace(self, form: str) -> None:
        """B56."""
        value = [{"type": "Mobile", "value": "+2"}, {"type": "work", "value": "+3"}]
        op = (
            replace("phoneNumbers", value)
            if form == "path"
            else {"op": "replace", "value": {"phoneNumbers": value}}
        )
        result = patched(op)
        assert result.resource["phoneNumbers"] == [
            {"value": "+2", "type": "mobile"},
            {"value": "+3", "type": "work"},
        ]
        assert result.sent == {"phoneNumbers[work]", "phoneNumbers[mobile]"}

    def test_replace_leaves_no_other(self) -> None:
        """RFC 7644 3.5.2.3; the number that went was touched as well."""
        result = patched(replace("phoneNumbers", [MOBILE]))
        assert result.resource["phoneNumbers"] == [MOBILE]
        assert result.sent == {"phoneNumbers[work]", "phoneNumbers[mobile]"}

    @pytest.mark.parametrize("value", [[], None, ""])
    def test_replace_by_nothing_empties(self, value: object) -> None:
        """REPORT 3, 8."""
        assert changes(replace("emails", value)) == {"emails": []}

    def test_add_keeps_the_other_types(self) -> None:
        """RFC 7644 3.5.2.1."""
        result = patched(add("phoneNumbers", [MOBILE]))
        assert result.resource["phoneNumbers"] == [OFFICE, MOBILE]
        assert result.sent == {"phoneNumbers[mobile]"}

    def test_add_takes_the_place_of_its_type(self) -> None:
        """B99: one work address."""
        after = patched(
            add("emails", [{"type": "work", "value": "n@x.example"}]), emails=[WORK, HOME]
        ).resource
        assert after["emails"] == [HOME, {"value": "n@x.example", "type": "work"}]

    def test_add_of_a_primary_one_ends_the_other(self) -> None:
        """RFC 7644 3.5.2."""
        new = {"value": "n@x.example", "type": "other", "primary": True}
        assert patched(add("emails", new)).resource["emails"] == [{**WORK, "primary": False}, new]

    def test_add_of_nothing_changes_nothing(self) -> None:
        """RFC 7644 3.5.2.1."""
        assert changes(add("emails", [])) == {}


class TestRemove:
    @pytest.mark.parametrize("path", ["title", "TITLE", f"{CORE_USER}:title"])
    def test_an_attribute(self, path: str) -> None:
        """B52."""
        result = patched(remove(path))
        assert result.resource["title"] is None
        assert result.sent == {"title"}

    def test_an_absent_one(self) -> None:
        """B52: again, and no error."""
        assert patched(remove("title"), remove("title"), title=None).resource["title"] is None

    def test_a_value_makes_no_difference(self) -> None:
        """B52V."""
        assert changes({"op": "Remove", "path": "title", "value": "other"}) == {"title": None}

    def test_a_whole_name(self) -> None:
        """RFC 7644 3.5.2.2; the composed form follows by itself."""
        assert patched(remove("name")).resource["name"] == {
            "givenName": None,
            "familyName": None,
            "formatted": "Cy Brand",
        }

    def test_a_whole_extension(self) -> None:
        """RFC 7644 3.5.2.2."""
        before = user() | {CUSTOM_FIELDS: {"cf_country": "Malta"}}
        after = apply(before, [remove(CUSTOM_FIELDS)], FIELDS).resource[CUSTOM_FIELDS]
        assert after == {"cf_country": None, "cf_vip": None, "companyName": None}

    @pytest.mark.parametrize(
        "path",
        [
            'phoneNumbers[type eq "mobile"].value',
            'phoneNumbers[type eq "mobile"]',
            'phoneNumbers[value ew "1"]',
        ],
    )
    def test_one_number(self, path: str) -> None:
        """B53."""
        result = patched(remove(path), phoneNumbers=[OFFICE, MOBILE])
        assert result.resource["phoneNumbers"] == [OFFICE]
        assert result.sent == {"phoneNumbers[mobile]"}

    @pytest.mark.parametrize(
        "path", ['emails[type eq "home"]', 'emails[not (type eq "work")]', 'emails[value eq "nobody"]']
    )
    def test_an_element_that_is_not_there(self, path: str) -> None:
        """R21: no error."""
        assert changes(remove(path)) == {}

    def test_a_list(self) -> None:
        """RFC 7644 3.5.2.2."""
        result = patched(remove("phoneNumbers"), remove("emails"))
        assert (result.resource["phoneNumbers"], result.resource["emails"]) == ([], [])
        assert result.sent == {"phoneNumbers[work]", "phoneNumbers[mobile]", "emails"}

    @pytest.mark.parametrize(
        "value",
        [
            [{"value": "cy@home.example"}],
            [{"Value": "cy@home.example", "type": "HOME"}],
            {"type": "home"},
            ["cy@home.example"],
            "cy@home.example",
        ],
    )
    def test_some_of_a_list_by_value(self, value: object) -> None:
        """REPORT 1.4: the older dialect removes elements so."""
        op = {"op": "Remove", "path": "emails", "value": value}
        assert changes(op, emails=[WORK, HOME]) == {"emails": [WORK]}

    def test_a_sub_attribute(self) -> None:
        """RFC 7644 3.5.2.2: the element stays."""
        after = patched(remove('emails[type eq "work"].primary')).resource
        assert after["emails"] == [{"value": "cy@x.example", "type": "work"}]

    @pytest.mark.parametrize("path", ["userName", "active", "USERNAME"])
    def test_a_required_attribute(self, path: str) -> None:
        """RFC 7644 3.5.2.2: mutability."""
        with pytest.raises(Mutability):
            patched(remove(path))

    def test_a_display_name_can_go(self) -> None:
        """R7: one is made of what is left."""
        assert changes(remove("displayName")) == {"displayName": None}

    @pytest.mark.parametrize("path", [{}, {"path": None}, {"path": ""}])
    def test_without_a_path(self, path: dict[str, Any]) -> None:
        """B59, RFC 7644 3.5.2.2."""
        with pytest.raises(NoTarget):
            patched({"op": "Remove", **path})


class TestIgnored:
    def test_unknown_paths(self) -> None:
        """B54: the rest is applied."""
        result = patched(
            add("nickName", "Liv"),
            replace('addresses[type eq "work"].streetAddress', "Storgata 1"),
            add("preferredLanguage", "nb-NO"),
            add("roles", [{"value": '{"id":"1"}'}]),
            remove("locale"),
            replace("department", "bare names of extensions are unknown"),
            replace("urn:example:other:2.0:User:tag", "x"),
            replace("displayName", "Liv"),
        )
        assert result.resource == user(displayName="Liv")
        assert (result.ignored, set(result.sent)) == (7, {"displayName"})

    @pytest.mark.parametrize(
        "path", ["manager", f"{ENTERPRISE_USER}:manager", f"{ENTERPRISE_USER}:manager.value"]
    )
    @pytest.mark.parametrize("value", ["id", "", [{"$ref": "http://x.example/Users/1", "value": "1"}]])
    def test_manager(self, path: str, value: object) -> None:
        """B50, REPORT 2.1 13 to 15."""
        result = patched(add(path, value), replace(path, value), remove(path))
        assert (result.resource, result.ignored, result.sent) == (user(), 3, frozenset())

    @pytest.mark.parametrize("path", ["name.formatted", "meta", "meta.created", "schemas"])
    def test_read_only_paths_are_passed_over(self, path: str) -> None:
        """Entra's default mapping sends name.formatted."""
        assert patched(replace(path, "x"), remove(path)) == Written(user(), 0, frozenset())

    @pytest.mark.parametrize("op", [replace("id", "2"), add("ID", "2"), remove(f"{CORE_USER}:id")])
    def test_the_id_never_changes(self, op: Op) -> None:
        """RFC 7644 3.5.2: mutability."""
        with pytest.raises(Mutability):
            patched(op)


class TestRefused:
    @pytest.mark.parametrize("body", [None, [], "x", 5, {}, {"schemas": []}, {"operation": []}])
    def test_a_body_without_operations(self, body: object) -> None:
        """B59."""
        with pytest.raises(InvalidSyntax):
            operations_of(body)

    @pytest.mark.parametrize("name", ["Operations", "operations", "OPERATIONS"])
    def test_operations_in_any_case(self, name: str) -> None:
        """R8; `schemas` may be missing."""
        assert operations_of({name: [1]}) == [1]

    @pytest.mark.parametrize("operations", [None, {}, "x", 5, []])
    def test_operations_that_are_no_list(self, operations: object) -> None:
        """RFC 7644 3.5.2: one or more."""
        with pytest.raises(InvalidSyntax):
            apply(user(), operations, FIELDS)

    @pytest.mark.parametrize(
        "operation",
        [
            None,
            "replace",
            [],
            {},
            {"path": "title", "value": "x"},
            {"op": None, "path": "title", "value": "x"},
            {"op": 5, "path": "title", "value": "x"},
            {"op": "move", "path": "title", "value": "x"},
            {"op": "", "path": "title", "value": "x"},
            {"op": "replace ", "path": "title", "value": "x"},
            {"op": "replace", "path": 5, "value": "x"},
            {"op": "replace", "path": ["title"], "value": "x"},
            {"op": "replace", "path": "title"},
            {"op": "add", "path": "title"},
            {"op": "replace", "value": "x"},
            {"op": "add", "value": [{"title": "x"}]},
            {"op": "add", "value": None},
        ],
    )
    def test_a_malformed_operation(self, operation: object) -> None:
        """B59: 400, whatever stands beside it."""
        with pytest.raises(InvalidSyntax):
            apply(user(), [replace("title", "x"), operation], FIELDS)

    @pytest.mark.parametrize(
        "path",
        [
            "no such",
            "name.",
            ".name",
            "name..givenName",
            "a.b.c",
            "1st",
            "title[",
            "title]",
            "emails[].value",
            'emails[type eq "work"',
            'emails[type eq "work"]value',
            'emails[type eq "work"].value.x',
            "emails[type eq work].value",
            'emails[type like "work"].value',
            'emails[value gt "a"].value',
            'displayName[value eq "x"]',
            'name[givenName eq "x"].familyName',
            "urn:",
            ":title",
            "title\x00",
            "x" * 2000,
            "[" * 500,
        ],
    )
    @pytest.mark.parametrize("op", ["replace", "remove"])
    def test_a_malformed_path(self, path: str, op: str) -> None:
        """RFC 7644 3.12 invalidPath."""
        with pytest.raises(InvalidPath):
            patched({"op": op, "path": path, "value": "x"})

    @pytest.mark.parametrize(
        "operation",
        [
            replace("title", 5),
            replace("title", {"value": "x"}),
            replace("title", ["a", "b"]),
            replace("title", "x" * 256),
            replace("name", "x"),
            replace("active", "maybe"),
            replace("active", None),
            replace("userName", ""),
            replace("userName", None),
            replace("userName", " "),
            replace("emails", "x"),
            replace('emails[type eq "work"].value', "no address"),
            replace('emails[type eq "work"].value', {"value": "n@x.example"}),
            replace('emails[type eq "work"].primary', "maybe"),
            add("phoneNumbers", [5]),
            {"op": "add", "value": {"displayName": 5}},
        ],
    )
    def test_a_value_of_the_wrong_kind(self, operation: Op) -> None:
        """RFC 7644 3.12 invalidValue; R16."""
        with pytest.raises(InvalidValue):
            patched(operation)

    def test_a_required_value_may_be_empty_in_between(self) -> None:
        """Only the outcome counts (R21: all or nothing)."""
        assert changes(replace("userName", ""), replace("userName", "n@x.example")) == {
            "userName": "n@x.example"
        }

    def test_too_many_operations(self) -> None:
        """A request is bounded."""
        assert patched(*[replace("title", "x")] * MAX_OPERATIONS).sent == {"title"}
        with pytest.raises(PayloadTooLarge):
            patched(*[replace("title", "x")] * (MAX_OPERATIONS + 1))


class TestPurity:
    OPERATIONS = (
        replace("title", "x"),
        replace("name.givenName", "x"),
        replace('emails[type eq "work"].value', "n@x.example"),
        replace('emails[type eq "home"].primary', True),
        add("phoneNumbers", [MOBILE]),
        remove("phoneNumbers"),
    )

    def test_what_comes_in_stays_as_it_is(self) -> None:
        """Dict in, new dict out."""
        before = user(emails=[dict(WORK), dict(HOME)])
        copied, operations = copy.deepcopy(before), copy.deepcopy(self.OPERATIONS)
        apply(before, list(operations), FIELDS)
        assert (before, operations) == (copied, self.OPERATIONS)

    def test_a_refused_patch_leaves_nothing_behind(self) -> None:
        """B59: the first operation of a refused request is not applied."""
        before = user()
        with pytest.raises(ScimError):
            apply(before, [*self.OPERATIONS, {"op": "move"}], FIELDS)
        assert before == user()

    def test_the_same_patch_twice(self) -> None:
        """B66."""
        operations = [
            replace("title", "Cook"),
            replace("active", "True"),
            add('emails[type eq "home"].value', "h@x"),
        ]
        once = apply(user(), operations, FIELDS)
        assert apply(once.resource, operations, FIELDS).resource == once.resource
