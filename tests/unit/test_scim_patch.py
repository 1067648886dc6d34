"""PATCH of single values, in both of Entra's dialects (R21, RFC 7644 3.5.2).

Bnn are behaviours of the Entra case corpus.
"""

import copy

import pytest

from deskscim.provisioning.scim.errors import Mutability, ScimError
from deskscim.provisioning.scim.patch import apply
from deskscim.provisioning.scim.resource import Written
from deskscim.provisioning.scim.schema import CORE_USER, CUSTOM_FIELDS, ENTERPRISE_USER
from tests.unit.patching import (
    FIELDS,
    HOME,
    MOBILE,
    OFFICE,
    WORK,
    Op,
    add,
    changes,
    patched,
    remove,
    replace,
    user,
)


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
            "title": "Boss",
        }
        assert changes({"op": "replace", "value": value}) == {"title": "Boss"}

    def test_unknown_keys_are_counted(self) -> None:
        """R9."""
        result = patched(
            {"op": "add", "value": {"nickName": "C", "shoe size": 42, "emails[": "x", "title": "Boss"}}
        )
        assert (result.ignored, set(result.sent)) == (3, {"title"})


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

    @pytest.mark.parametrize("path", ["meta", "meta.created", "schemas"])
    def test_read_only_paths_are_passed_over(self, path: str) -> None:
        """RFC 7643 2.2."""
        assert patched(replace(path, "x"), add(path, "x")) == Written(user(), 0, frozenset())

    @pytest.mark.parametrize("path", ["meta", "META.created", "schemas", f"{CORE_USER}:meta.version"])
    def test_read_only_paths_are_not_removed(self, path: str) -> None:
        """RFC 7644 3.5.2.2: mutability, with or without a value."""
        for operation in (remove(path), {**remove(path), "value": [{"value": "x"}]}):
            with pytest.raises(Mutability):
                patched(operation)

    @pytest.mark.parametrize("op", [replace("id", "2"), add("ID", "2"), remove(f"{CORE_USER}:id")])
    def test_the_id_never_changes(self, op: Op) -> None:
        """RFC 7644 3.5.2: mutability."""
        with pytest.raises(Mutability):
            patched(op)


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
