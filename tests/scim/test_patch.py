"""PATCH over HTTP: both of Entra's dialects, all or nothing (R8, R9, R21)."""

from typing import Any

import pytest

from contacts.models import Contact, TimelineEntry
from tests.domain import addresses_of

from .conftest import CORE, ENTERPRISE, MOBILE, WORK, Operation, Scim, fresh, patched, refusal, values_of

pytestmark = pytest.mark.django_db


class TestDialects:
    def test_one_operation_for_each_attribute(self, scim: Scim, ann: Contact) -> None:
        """Without the flag: capital ops, strings for booleans."""
        resource = patched(
            scim,
            ann,
            {"op": "Replace", "path": WORK, "value": "new@x.example"},
            {"op": "Replace", "path": "displayName", "value": "Ann New"},
            {"op": "Add", "path": "title", "value": "Chef"},
            {"op": "Replace", "path": "name.familyName", "value": "New"},
            {"op": "Add", "path": MOBILE, "value": "2"},
            {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Fire"},
            {"op": "Replace", "path": "active", "value": "True"},
        )
        assert (resource["displayName"], resource["title"], resource["name"]["familyName"]) == (
            "Ann New",
            "Chef",
            "New",
        )
        assert values_of(resource, "emails") == {"work": "new@x.example"}
        assert values_of(resource, "phoneNumbers") == {"work": "1", "mobile": "2"}
        assert resource[ENTERPRISE] == {"department": "Fire"}
        assert resource["userName"] == "ann@northwind.example"

    def test_flat_keys_in_one_operation(self, scim: Scim, ann: Contact) -> None:
        """With the flag: typed values by path, everything else in one value."""
        flat = {
            "displayName": "Ann New",
            "name.givenName": "Anna",
            f"{ENTERPRISE}:employeeNumber": "77",
            f"{CORE}:title": "Chef",
            "active": True,
        }
        resource = patched(
            scim,
            ann,
            {"op": "replace", "path": WORK, "value": "new@x.example"},
            {"op": "replace", "value": flat},
        )
        assert (resource["displayName"], resource["title"]) == ("Ann New", "Chef")
        assert resource["name"] == {"givenName": "Anna", "familyName": "Example"}
        assert resource[ENTERPRISE] == {"department": "Ice", "employeeNumber": "77"}

    def test_nested_objects_in_one_operation(self, scim: Scim, ann: Contact) -> None:
        """RFC 7644 3.5.2.3: sub-attributes that are not named stay."""
        nested = {"name": {"givenName": "Anna"}, ENTERPRISE: {"employeeNumber": "77"}, MOBILE: "2"}
        resource = patched(scim, ann, {"op": "add", "value": nested})
        assert resource["name"]["familyName"] == "Example"
        assert resource[ENTERPRISE] == {"department": "Ice", "employeeNumber": "77"}
        assert values_of(resource, "phoneNumbers") == {"work": "1", "mobile": "2"}

    @pytest.mark.parametrize("op", ["Add", "add", "ADD", "Replace", "replace", "rEPLACE"])
    @pytest.mark.parametrize("path", ["title", "TITLE", f"{CORE}:title", f"{CORE.upper()}:Title", None])
    def test_any_case_of_op_and_path(self, scim: Scim, ann: Contact, op: str, path: str | None) -> None:
        """R8, R21."""
        operation = (
            {"op": op, "path": path, "value": "Chef"} if path else {"op": op, "value": {"Title": "Chef"}}
        )
        assert patched(scim, ann, operation)["title"] == "Chef"

    @pytest.mark.parametrize("value", [["Chef"], [{"value": "Chef"}], [{"$ref": None, "value": "Chef"}]])
    def test_a_value_in_an_array(self, scim: Scim, ann: Contact, value: object) -> None:
        """R21."""
        assert patched(scim, ann, {"op": "Replace", "path": "title", "value": value})["title"] == "Chef"

    @pytest.mark.parametrize("query", ["?aadOptscim062020", "?aadOptscim062020=", "?attributes=title", "/"])
    def test_a_query_changes_nothing(self, scim: Scim, ann: Contact, query: str) -> None:
        """R1."""
        body = {"Operations": [{"op": "Add", "path": "title", "value": "Chef"}]}
        assert scim.send("PATCH", f"/Users/{ann.pk}{query}", body).json()["title"] == "Chef"

    @pytest.mark.parametrize(
        "content_type", ["application/json", "application/scim+json; charset=utf-8", "APPLICATION/JSON"]
    )
    def test_content_types(self, scim: Scim, ann: Contact, content_type: str) -> None:
        """REPORT 1.1."""
        body = {"operations": [{"OP": "Add", "Path": "title", "VALUE": "Chef"}]}
        assert scim.send("PATCH", f"/Users/{ann.pk}", body, content_type=content_type).status_code == 200


class TestLists:
    @pytest.mark.parametrize("op", ["Add", "Replace"])
    @pytest.mark.parametrize(
        ("path", "name", "after"),
        [
            (MOBILE, "phoneNumbers", {"work": "1", "mobile": "9"}),
            ('phoneNumbers[type eq "work"].value', "phoneNumbers", {"work": "9"}),
            ('PhoneNumbers[TYPE EQ "Mobile"].VALUE', "phoneNumbers", {"work": "1", "mobile": "9"}),
            ('phoneNumbers[type eq "fax"].value', "phoneNumbers", {"work": "1"}),
        ],
    )
    def test_a_typed_number(
        self, scim: Scim, ann: Contact, op: str, path: str, name: str, after: dict[str, str]
    ) -> None:
        """R21: what is missing is created, for add and replace alike; a fax has no place."""
        assert values_of(patched(scim, ann, {"op": op, "path": path, "value": "9"}), name) == after

    @pytest.mark.parametrize(
        "path", [WORK, "emails[primary eq true].value", 'emails[primary eq "True"].value', "emails.value"]
    )
    @pytest.mark.parametrize("emails", [None, [{"type": "work", "value": "old@x.example", "primary": True}]])
    def test_the_work_address_in_all_spellings(self, scim: Scim, path: str, emails: Any) -> None:
        """R21: replaced, or created where there was none."""
        contact = scim.created(login="ann", emails=emails)
        resource = patched(scim, contact, {"op": "Replace", "path": path, "value": "new@x.example"})
        assert values_of(resource, "emails") == {"work": "new@x.example"}
        assert fresh(contact).primary_address == "new@x.example"

    def test_a_whole_list(self, scim: Scim, ann: Contact) -> None:
        value = {
            "phoneNumbers": [{"type": "mobile", "value": "2"}],
            "emails": [{"type": "work", "value": "n@x.example"}],
        }
        resource = patched(scim, ann, {"op": "replace", "value": value})
        assert values_of(resource, "phoneNumbers") == {"mobile": "2"}
        assert values_of(resource, "emails") == {"work": "n@x.example"}

    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "Remove", "path": "phoneNumbers"},
            {"op": "Remove", "path": 'phoneNumbers[type eq "work"]'},
            {"op": "Remove", "path": 'phoneNumbers[type eq "work"].value'},
            {"op": "Remove", "path": "phoneNumbers", "value": [{"value": "1"}]},
            {"op": "Replace", "path": "phoneNumbers", "value": []},
            {"op": "Replace", "path": 'phoneNumbers[type eq "work"].value', "value": ""},
            {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": None},
            {"op": "replace", "value": {"phoneNumbers": None}},
        ],
    )
    def test_a_number_removed(self, scim: Scim, ann: Contact, operation: Operation) -> None:
        """R21: and once more, which is no error."""
        for _ in range(2):
            assert "phoneNumbers" not in patched(scim, ann, operation)
        assert fresh(ann).phone == ""

    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "Remove", "path": "emails"},
            {"op": "Remove", "path": WORK},
            {"op": "Replace", "path": WORK, "value": ""},
            {"op": "Replace", "path": "emails", "value": []},
        ],
    )
    def test_an_address_removed_stays_the_helpdesks(
        self, scim: Scim, ann: Contact, operation: Operation
    ) -> None:
        """R17: the helpdesk still writes to it; SCIM shows it no more, and nobody else may have it."""
        assert "emails" not in patched(scim, ann, operation)
        assert addresses_of(ann) == ["ann@northwind.example"]
        assert fresh(ann).primary_address == "ann@northwind.example"
        assert refusal(scim.post(login="bea", emails=[{"value": "ann@northwind.example"}])) == (
            409,
            "uniqueness",
        )
        again = patched(scim, ann, {"op": "Add", "path": WORK, "value": "ann@northwind.example"})
        assert values_of(again, "emails") == {"work": "ann@northwind.example"}


class TestRemove:
    @pytest.mark.parametrize(
        "operation", [{"op": "Remove"}, {"op": "remove", "value": "Cook"}, {"op": "replace", "value": ""}]
    )
    @pytest.mark.parametrize("value", ["", None, []])
    def test_empty_values_clear(self, scim: Scim, ann: Contact, operation: Operation, value: object) -> None:
        """R21: so do remove, with or without a value, and "" and null."""
        if operation["op"] == "replace":
            operation = operation | {"value": value}
        for _ in range(2):
            assert "title" not in patched(scim, ann, {"path": "title", **operation})

    def test_whole_names_and_extensions(self, scim: Scim, ann: Contact) -> None:
        resource = patched(scim, ann, {"op": "Remove", "path": "name"}, {"op": "Remove", "path": ENTERPRISE})
        assert {"name", ENTERPRISE} & resource.keys() == set()
        assert resource["schemas"] == [CORE]

    def test_a_display_name_that_goes_is_made_anew(self, scim: Scim, ann: Contact) -> None:
        """R7."""
        patched(scim, ann, {"op": "Replace", "path": "displayName", "value": "Boss"})
        assert patched(scim, ann, {"op": "Remove", "path": "displayName"})["displayName"] == "Uma Example"

    def test_an_external_id_can_go_and_come(self, scim: Scim, ann: Contact) -> None:
        """REPORT 2.1, 17 and 18: the last operation wins."""
        resource = patched(
            scim,
            ann,
            {"op": "remove", "path": "externalId"},
            {"op": "add", "path": "externalId", "value": "e2"},
            {"op": "replace", "path": "externalId", "value": "e3"},
        )
        assert (resource["externalId"], resource["id"]) == ("e3", str(ann.pk))
        assert (len(scim.find('externalId eq "e3"')), scim.find('externalId eq "e1"')) == (1, [])


class TestRefused:
    """R21: all or nothing, and the contact is marked (R42)."""

    GOOD = {"op": "Replace", "path": "displayName", "value": "Changed"}

    @pytest.mark.parametrize(
        ("operation", "scim_type"),
        [
            ({"op": "Remove"}, "noTarget"),
            ({"op": "move", "path": "title", "value": "x"}, "invalidSyntax"),
            ({"op": None, "path": "title", "value": "x"}, "invalidSyntax"),
            ({"path": "title", "value": "x"}, "invalidSyntax"),
            ({"op": "Replace", "path": "title"}, "invalidSyntax"),
            ({"op": "Replace", "value": "x"}, "invalidSyntax"),
            ({"op": "Replace", "path": 7, "value": "x"}, "invalidSyntax"),
            ({"op": "Replace", "path": "emails[type eq", "value": "x"}, "invalidPath"),
            ({"op": "Replace", "path": "a b", "value": "x"}, "invalidPath"),
            ({"op": "Replace", "path": "active", "value": "maybe"}, "invalidValue"),
            ({"op": "Replace", "path": "active", "value": 1}, "invalidValue"),
            ({"op": "Replace", "path": "active", "value": None}, "invalidValue"),
            ({"op": "Replace", "path": "userName", "value": ""}, "invalidValue"),
            ({"op": "Replace", "path": "userName", "value": "  "}, "invalidValue"),
            ({"op": "Replace", "path": "title", "value": {"a": 1}}, "invalidValue"),
            ({"op": "Replace", "path": "title", "value": "x" * 256}, "invalidValue"),
            ({"op": "Replace", "path": "title", "value": "a\x00b"}, "invalidValue"),
            ({"op": "Replace", "path": WORK, "value": "no address"}, "invalidValue"),
            ({"op": "Replace", "path": "emails", "value": 7}, "invalidValue"),
            ({"op": "Remove", "path": "userName"}, "mutability"),
            ({"op": "Remove", "path": "active"}, "mutability"),
            ({"op": "Replace", "path": "id", "value": "x"}, "mutability"),
            ("title", "invalidSyntax"),
            (None, "invalidSyntax"),
        ],
    )
    def test_one_bad_operation_stops_all(
        self, scim: Scim, ann: Contact, operation: Any, scim_type: str
    ) -> None:
        before, lines = scim.read(ann.pk), TimelineEntry.objects.count()
        for operations in ([self.GOOD, operation], [operation, self.GOOD]):
            assert refusal(scim.patch(ann.pk, *operations)) == (400, scim_type)
        assert (scim.read(ann.pk), TimelineEntry.objects.count()) == (before, lines)
        assert fresh(ann).sync_status == "error"
        patched(scim, ann, self.GOOD)
        assert fresh(ann).sync_status == "synced"

    @pytest.mark.parametrize(
        "body", [{}, {"Operations": []}, {"Operations": {}}, {"Operations": None}, {"Operations": "x"}]
    )
    def test_no_operations(self, scim: Scim, ann: Contact, body: object) -> None:
        assert refusal(scim.send("PATCH", f"/Users/{ann.pk}", body)) == (400, "invalidSyntax")

    def test_a_mark_is_no_change(self, scim: Scim, ann: Contact) -> None:
        """R24: neither last synced nor last modified move."""
        scim.replace(ann.pk, "active", "maybe")
        assert fresh(ann).last_synced_at == ann.last_synced_at
        assert fresh(ann).updated_at == ann.updated_at


def test_many_operations_in_order(scim: Scim, ann: Contact) -> None:
    """R21: up to a thousand; more is 413."""
    operations = [{"op": "Replace", "path": "title", "value": str(number)} for number in range(1000)]
    assert patched(scim, ann, *operations)["title"] == "999"
    assert scim.patch(ann.pk, *operations, *operations).status_code == 413
    assert fresh(ann).title == "999"


@pytest.mark.parametrize("op", ["add", "replace"])
@pytest.mark.parametrize("primary", [True, False])
@pytest.mark.parametrize("kind", ["work", "home", "other"])
def test_primary_is_answered_as_patched(scim: Scim, op: str, primary: bool, kind: str) -> None:
    """R20."""
    contact = scim.created(emails=None, userName="uma")
    for address in ("one@x.example", "two@x.example"):
        emails = [{"value": address, "type": kind, "primary": primary}]
        assert patched(scim, contact, {"op": op, "path": "emails", "value": emails})["emails"] == emails
