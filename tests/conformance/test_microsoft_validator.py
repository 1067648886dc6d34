"""The user tests of Microsoft's web validator (scimvalidator.microsoft.com), one test each, by their names.

It runs in Microsoft's cloud, so its requests are played from what it is documented and seen to send. Its
group tests are to be unticked: only users are provisioned here (R5).
"""

from typing import Any

import pytest

from tests.scim.conftest import CUSTOM, ENTERPRISE, MOBILE, WORK, Operation, Scim, person, refusal

PHONE = 'phoneNumbers[type eq "work"].value'
DEPARTMENT = f"{ENTERPRISE}:department"
MANAGER = f"{ENTERPRISE}:manager"

# Random values for the attribute list that the validator discovers, typed paths and all.
VALUES = {
    "externalId": "6fbd2c43-9f2e-4a0e-8d0c-1d7f3f1f2a11",
    "userName": "validator@new.example",
    "displayName": "OLKPVWXIKFZQ",
    "title": "QBRTHXIYKAVW",
    "name.formatted": "Lonie",
    "name.givenName": "Mallie",
    "name.familyName": "Bulah",
    WORK: "alene@blick.example",
    PHONE: "86-810-7480",
    MOBILE: "86-810-7481",
    DEPARTMENT: "TJQXYAEJKRYC",
    f"{ENTERPRISE}:employeeNumber": "YFVQENOMZTRU",
    f"{ENTERPRISE}:organization": "ZTYLDVEBKAAR",
}


def read(resource: dict[str, Any], path: str) -> Any:
    """The value at a path as the validator's attribute list names it."""
    if path.startswith("urn:"):
        urn, _, name = path.rpartition(":")
        return resource.get(urn, {}).get(name)
    name, bracket, rest = path.partition("[")
    if bracket:
        kind = rest.split('"')[1]
        return next((one["value"] for one in resource.get(name, ()) if one["type"] == kind), None)
    name, _, inner = path.partition(".")
    return resource.get(name, {}).get(inner) if inner else resource.get(name)


def shown(scim: Scim, user_id: object, paths: Any) -> dict[str, Any]:
    """What a GET says at these paths."""
    resource = scim.read(user_id)
    return {path: read(resource, path) for path in paths}


def verbose(op: str, values: dict[str, Any]) -> list[Operation]:
    """An operation for each attribute."""
    return [{"op": op, "path": path, "value": value} for path, value in values.items()]


def compact(op: str, values: dict[str, Any]) -> list[Operation]:
    """Typed paths by themselves, everything else in one operation without a path."""
    typed = {path: value for path, value in values.items() if "[" in path}
    flat = {path: value for path, value in values.items() if path not in typed}
    return [*verbose(op, typed), {"op": op, "value": flat}]


def created(scim: Scim, **attributes: Any) -> Any:
    """The id of a user of this test."""
    return scim.created(**attributes).pk


def test_create_a_new_user(scim: Scim) -> None:
    body = person()
    answer = scim.send("POST", "/Users", body)
    assert answer.status_code == 201
    assert body.items() <= {**answer.json(), "schemas": body["schemas"]}.items()
    assert answer.headers["Location"] == answer.json()["meta"]["location"]
    assert scim.find(f'userName eq "{body["userName"]}"') == [answer.json()]


def test_create_a_duplicate_user(scim: Scim) -> None:
    body = person()
    assert scim.send("POST", "/Users", body).status_code == 201
    assert refusal(scim.send("POST", "/Users", body)) == (409, "uniqueness")


@pytest.mark.parametrize("joining", ["userName", "externalId"])
def test_filter_for_an_existing_user(scim: Scim, joining: str) -> None:
    user = scim.post().json()
    assert scim.find(f'{joining} eq "{user[joining]}"') == [user]


@pytest.mark.parametrize("joining", ["userName", "externalId", WORK])
def test_filter_for_a_non_existing_user(scim: Scim, joining: str) -> None:
    created(scim)
    answer = scim.client.get(
        "/entra/Users",
        {"filter": f'{joining} eq "non-existent"'},
        headers={"Authorization": f"Bearer {scim.secret}"},
    )
    assert (answer.status_code, answer.json()["totalResults"], answer.json()["Resources"]) == (200, 0, [])


@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase])
def test_filter_with_different_case(scim: Scim, change: Any) -> None:
    user = scim.post(login="dale.mohr").json()
    assert scim.find(f'userName eq "{change(user["userName"])}"') == [user]
    assert scim.find(f'USERNAME EQ "{user["userName"]}"') == [user]


@pytest.mark.parametrize("op", ["replace", "Replace"])
@pytest.mark.parametrize("dialect", [verbose, compact], ids=["verbose", "compact"])
def test_patch_user_replace_attributes(scim: Scim, dialect: Any, op: str) -> None:
    user = created(scim, title="Cook", phoneNumbers=[{"type": "work", "value": "1"}])
    answer = scim.patch(user, *dialect(op, VALUES))
    assert (answer.status_code, answer.json()["id"]) == (200, str(user))
    assert shown(scim, user, VALUES) == VALUES


def test_patch_user_update_user_name(scim: Scim) -> None:
    user = created(scim)
    scim.replace(user, "userName", "renamed@northwind.example")
    assert [one["id"] for one in scim.find('userName eq "renamed@northwind.example"')] == [str(user)]


@pytest.mark.parametrize("value", [False, "False", "false"])
def test_patch_user_disable_user(scim: Scim, value: object) -> None:
    """R29: both reads still have the user, inactive."""
    body = person()
    user = scim.send("POST", "/Users", body).json()["id"]
    assert scim.replace(user, "active", value).status_code == 200
    assert scim.read(user)["active"] is False
    assert [one["active"] for one in scim.find(f'userName eq "{body["userName"]}"')] == [False]


@pytest.mark.parametrize("op", ["add", "Add"])
@pytest.mark.parametrize("dialect", [verbose, compact], ids=["verbose", "compact"])
def test_patch_user_add_attributes(scim: Scim, dialect: Any, op: str) -> None:
    """R21: the typed values are not there before."""
    user = created(scim, emails=None, name=None, displayName=None, userName="no.mail", externalId=None)
    assert scim.patch(user, *dialect(op, VALUES)).status_code == 200
    assert shown(scim, user, VALUES) == VALUES


@pytest.mark.parametrize("together", [True, False])
def test_patch_user_remove_attributes(scim: Scim, together: bool) -> None:
    """All but those that a user cannot be without, which are to be unticked."""
    user = created(scim)
    scim.patch(user, *verbose("replace", VALUES))
    paths = [path for path in VALUES if path not in ("userName", "displayName")]
    removals = [{"op": "remove", "path": path} for path in paths]
    for operations in [removals] if together else [[one] for one in removals]:
        assert scim.patch(user, *operations).status_code == 200
    assert shown(scim, user, paths) == dict.fromkeys(paths)
    assert scim.read(user)["userName"] == VALUES["userName"]


@pytest.mark.parametrize("path", ["manager", MANAGER, MANAGER.upper()])
@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("add", "2819c223"),
        ("Add", [{"$ref": "http://x.example/Users/1", "value": "2819c223"}]),
        ("replace", "2819c223"),
        ("replace", {"value": "2819c223"}),
        ("replace", ""),
        ("remove", None),
    ],
)
def test_patch_user_add_replace_and_remove_manager(scim: Scim, path: str, op: str, value: object) -> None:
    """R9: accepted and ignored, however it is written; a helpdesk keeps no managers."""
    user = created(scim)
    before = scim.read(user)
    operation = {"op": op, "path": path, "value": value}
    assert scim.patch(user, operation, {"op": "replace", "path": "title", "value": "Cook"}).status_code == 200
    after = scim.read(user)
    assert after.pop("title") == "Cook"
    assert after | {"meta": before["meta"]} == before


def test_delete_a_user(scim: Scim) -> None:
    """The body of a 204 is empty."""
    user = created(scim)
    answer = scim.delete(user)
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(scim.get(f"/Users/{user}")) == (404, "")


def test_multiple_operations_on_different_attributes(scim: Scim) -> None:
    user = created(scim, preferredLanguage="en-GB")
    answer = scim.patch(
        user,
        {"op": "remove", "path": "preferredLanguage"},
        {"op": "add", "path": "externalId", "value": "new-id"},
        {"op": "replace", "path": "displayName", "value": "New Name"},
    )
    assert answer.status_code == 200
    assert shown(scim, user, ["externalId", "displayName", "preferredLanguage"]) == {
        "externalId": "new-id",
        "displayName": "New Name",
        "preferredLanguage": None,
    }


def test_multiple_operations_on_the_same_attribute(scim: Scim) -> None:
    """The last wins."""
    user = created(scim)
    answer = scim.patch(
        user,
        {"op": "remove", "path": "externalId"},
        {"op": "add", "path": "externalId", "value": "second"},
        {"op": "replace", "path": "externalId", "value": "third"},
    )
    assert (answer.status_code, answer.json()["externalId"]) == (200, "third")
    assert [one["id"] for one in scim.find('externalId eq "third"')] == [str(user)]


def test_delete_a_non_existent_user(scim: Scim) -> None:
    assert refusal(scim.delete("6fbd2c43-9f2e-4a0e-8d0c-1d7f3f1f2a11")) == (404, "")
    assert refusal(scim.delete("non-existent")) == (404, "")


def test_delete_the_same_user_twice(scim: Scim) -> None:
    user = created(scim)
    assert scim.delete(user).status_code == 204
    assert refusal(scim.delete(user)) == (404, "")


class TestItsKnownFaults:
    """What it sends by mistake (REPORT 2.1) is answered, and never by a 500."""

    def test_no_operations(self, scim: Scim) -> None:
        assert refusal(scim.patch(created(scim))) == (400, "invalidSyntax")

    @pytest.mark.parametrize("path", ['roles[primary eq "True"]', 'roles[primary eq "True"].value'])
    @pytest.mark.parametrize("op", ["Add", "Replace", "Remove"])
    def test_roles(self, scim: Scim, path: str, op: str) -> None:
        operation = {"op": op, "path": path, "value": '{"id":"1","value":"admin"}'}
        assert scim.patch(created(scim), operation).status_code == 200

    def test_a_custom_field_that_was_not_announced(self, scim: Scim) -> None:
        operation = {"op": "Add", "path": f"{CUSTOM}:cf_unheard_of", "value": "x"}
        assert scim.patch(created(scim), operation).status_code == 200
