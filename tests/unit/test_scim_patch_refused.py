"""PATCH requests that are refused, each with its scimType (RFC 7644 3.5.2, 3.12)."""

import pytest

from deskscim.provisioning.scim import limits
from deskscim.provisioning.scim.errors import InvalidPath, InvalidSyntax, InvalidValue, PayloadTooLarge
from deskscim.provisioning.scim.patch import apply, operations_of
from tests.unit.patching import FIELDS, Op, add, changes, patched, replace, user


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
            'title eq "x"',
            "title pr",
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
        assert patched(*[replace("title", "x")] * limits.PATCH_OPERATIONS).sent == {"title"}
        with pytest.raises(PayloadTooLarge):
            patched(*[replace("title", "x")] * (limits.PATCH_OPERATIONS + 1))
