"""The comparison at the end finds every way in which the target can differ."""

from collections.abc import Callable
from typing import Any

import pytest

from deskscim.provisioning.simulator import dialects, mapping
from deskscim.provisioning.simulator.comparison import compare_directory, compare_person
from deskscim.provisioning.simulator.directory import Directory, Person

VIP = f"{mapping.CUSTOM_URN}:cf_vip"
Resource = dict[str, Any]


@pytest.fixture
def person() -> Person:
    person = Directory(users=1, seed=1, dialect="legacy").people[0]
    person.values |= {
        mapping.TITLE: "Buyer",
        mapping.WORK_EMAIL: "ada@northwind.example",
        mapping.WORK_PHONE: "(415) 555-0101",
        mapping.MOBILE_PHONE: "312.555.0102",
        mapping.DEPARTMENT: "Legal",
        mapping.EMPLOYEE_NUMBER: "E1",
        VIP: True,
    }
    wanted = person.wanted()
    person.adopt("id-1", {path: value for path, value in wanted.items() if value is not None})
    return person


@pytest.fixture
def resource(person: Person) -> Resource:
    return {"id": "id-1", **dialects.user(person.wanted())}


def put(path: str, value: object) -> Callable[[Resource], None]:
    """Return a step that sets what a chain of keys and positions leads to."""
    *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]

    def step(resource: Any) -> None:
        for key in way:
            resource = resource[key]
        resource[last] = value

    return step


FAULTS: dict[str, Callable[[Resource], None]] = {
    "id": put("id", "id-2"),
    mapping.USER_NAME: put("userName", "ADA@northwind.example"),
    mapping.ACTIVE: put("active", False),
    mapping.DISPLAY_NAME: put("displayName", ""),
    mapping.TITLE: put("title", "buyer"),
    mapping.GIVEN_NAME: put("name/givenName", "Ida"),
    mapping.FAMILY_NAME: put("name/familyName", None),
    mapping.WORK_EMAIL: put("emails/0/type", "home"),
    mapping.WORK_PHONE: put("phoneNumbers/0/value", "4155550101"),
    mapping.MOBILE_PHONE: put("phoneNumbers/0/type", "mobile"),
    mapping.DEPARTMENT: put(mapping.ENTERPRISE_URN, None),
    mapping.EMPLOYEE_NUMBER: put(f"{mapping.ENTERPRISE_URN}/employeeNumber", 1),
    VIP: put(f"{mapping.CUSTOM_URN}/cf_vip", False),
    f"{mapping.CUSTOM_URN}:cf_new": put(f"{mapping.CUSTOM_URN}/cf_new", "nobody sent it"),
}


def test_equal_sides_have_no_difference(person: Person, resource: Resource) -> None:
    assert compare_directory([person], [resource]) == []


@pytest.mark.parametrize(("attribute", "fault"), FAULTS.items(), ids=FAULTS)
def test_each_wrong_attribute_is_found(
    person: Person, resource: Resource, attribute: str, fault: Callable[[Resource], None]
) -> None:
    fault(resource)
    differences = compare_directory([person], [resource])
    assert attribute in {difference.attribute for difference in differences}
    assert {difference.external_id for difference in differences} == {person.object_id}


def test_active_as_a_string_is_a_difference(person: Person, resource: Resource) -> None:
    resource["active"] = "True"
    assert [difference.attribute for difference in compare_person(person, resource, "now")] == ["active"]


def test_two_work_addresses_are_a_difference(person: Person, resource: Resource) -> None:
    resource["emails"].append({"type": "work", "value": "old@northwind.example"})
    assert [d.attribute for d in compare_person(person, resource, "now")] == [mapping.WORK_EMAIL]


def test_a_secondary_address_of_another_type_is_none(person: Person, resource: Resource) -> None:
    resource["emails"].append({"type": "other", "value": "old@northwind.example"})
    assert compare_person(person, resource, "now") == []


def test_missing_person(person: Person) -> None:
    assert [str(difference) for difference in compare_directory([person], [])] == [
        f"{person.object_id}: is missing (at the end)"
    ]


def test_unknown_person_and_person_listed_twice(person: Person, resource: Resource) -> None:
    stranger = {**resource, "externalId": "someone-else"}
    differences = compare_directory([person], [resource, stranger, resource])
    assert [difference.external_id for difference in differences] == ["someone-else", person.object_id]


def test_deleted_person_must_not_be_listed(person: Person, resource: Resource) -> None:
    person.forget()
    assert len(compare_directory([person], [resource])) == 1
    assert compare_directory([person], []) == []


@pytest.mark.parametrize(
    ("sent", "answered", "same"),
    [
        ("2024-05-01T00:00:00Z", "2024-05-01", True),
        ("2024-05-01T00:00:00Z", "2024-04-30", False),
        ("12.50", 12.5, True),
        ("12.50", 12.05, False),
        (7, 7, True),
        (True, True, True),
        (True, False, False),
        ("Gold", "Silver", False),
        ("Gold", None, False),
    ],
)
def test_custom_values_compare_as_their_type_does(sent: mapping.Value, answered: Any, same: bool) -> None:
    path = f"{mapping.CUSTOM_URN}:cf_x"
    assert (mapping.differing({path: sent}, {path: answered}, [path]) == []) is same
