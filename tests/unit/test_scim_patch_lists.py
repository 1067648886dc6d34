"""PATCH of addresses and numbers, and removals (R21, RFC 7644 3.5.2). Bnn: the Entra case corpus."""

from typing import Any

import pytest

from deskscim.provisioning.scim.errors import Mutability, NoTarget
from deskscim.provisioning.scim.patch import apply
from deskscim.provisioning.scim.schema import CORE_USER, CUSTOM_FIELDS, ENTERPRISE_USER
from tests.unit.patching import (
    FIELDS,
    HOME,
    MOBILE,
    OFFICE,
    WORK,
    add,
    changes,
    patched,
    remove,
    replace,
    user,
)


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
        """RFC 7644 3.5.2.2."""
        assert patched(remove("name")).resource["name"] == dict.fromkeys(
            ("formatted", "givenName", "familyName")
        )

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
