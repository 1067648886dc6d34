"""Microsoft's gallery validation (a Logic App in place of the manual review), one test each, by their names.

Its group tests fail for everybody who has users alone, by design; here they end in a clear 501 (R5).
Federated_Identity asks a token endpoint of ours to exchange a token of Entra's. There is none, since tokens
here are static (R3), and then the validation leaves it out; so do we.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from contacts.models import ContactField
from tests.factories import ContactFieldFactory
from tests.scim.conftest import CORE, ENTERPRISE, Operation, Scim, person, refusal

from .test_microsoft_validator import compact, read, verbose

Json = dict[str, Any]
DIALECTS = pytest.mark.parametrize("dialect", [verbose, compact], ids=["verbose", "compact"])

# Matching attributes, and what a user cannot be without; roles are Entra's own.
NOT_NULLABLE = {"id", "userName", "externalId", "active", "roles"}


def flattened(schemas: list[Json]) -> Iterator[tuple[str, Json]]:
    """Each path that the validation makes of /Schemas, with its attribute.

    A multi-valued attribute gives a path for each canonical value of its type, or that of its primary value.
    """
    for schema in schemas:
        prefix = "" if schema["id"] == CORE else f"{schema['id']}:"
        for attribute in schema["attributes"]:
            name = prefix + attribute["name"]
            if attribute["multiValued"]:
                yield from ((f"{name}[{choice}].value", attribute) for choice in _choices(attribute))
            elif attribute["type"] == "complex":
                yield from ((f"{name}.{sub['name']}", sub) for sub in attribute["subAttributes"])
            else:
                yield name, attribute


def _choices(attribute: Json) -> list[str]:
    kinds: Json = next((sub for sub in attribute["subAttributes"] if sub["name"] == "type"), {})
    return [f'type eq "{kind}"' for kind in kinds.get("canonicalValues", ())] or ['primary eq "True"']


def announced(scim: Scim) -> dict[str, Json]:
    """The paths of this server."""
    return dict(flattened(scim.get("/Schemas").json()["Resources"]))


def value_for(path: str, attribute: Json) -> Any:
    """A value of the path's type."""
    if attribute["type"] == "boolean":
        return True
    if path.startswith("emails"):
        return f"{path.split(chr(34))[1]}@northwind.example"
    if attribute["type"] == "reference":
        return "https://northwind.example/a?b=c"
    return attribute.get("canonicalValues", [f"A {path.rpartition(':')[2]}"])[0]


@pytest.fixture
def contact_fields(db: None) -> None:
    """A field of each type whose values the validation can guess."""
    ContactFieldFactory(api_name="cf_country")
    ContactFieldFactory(api_name="cf_vip", type=ContactField.Type.CHECKBOX)
    ContactFieldFactory(api_name="cf_tier", type=ContactField.Type.DROPDOWN, options=["Gold", "Silver"])
    ContactFieldFactory(api_name="cf_site", type=ContactField.Type.URL)


def filled(scim: Scim) -> tuple[str, dict[str, Any]]:
    """A user with a value at every announced path, and these values."""
    values = {path: value_for(path, attribute) for path, attribute in announced(scim).items()}
    user = scim.created(emails=None).pk
    assert scim.patch(user, *verbose("Add", values)).status_code == 200
    return str(user), values


def test_schema_discoverability(scim: Scim, contact_fields: None) -> None:
    """Every default mapping of Entra that a helpdesk keeps can be picked from the list."""
    extension = "urn:ietf:params:scim:schemas:extension:desk365ContactCustomFields:2.0:User"
    assert announced(scim).keys() == {
        "userName",
        "active",
        "displayName",
        "title",
        "name.formatted",
        "name.givenName",
        "name.familyName",
        'emails[type eq "work"].value',
        'emails[type eq "home"].value',
        'emails[type eq "other"].value',
        'phoneNumbers[type eq "work"].value',
        'phoneNumbers[type eq "mobile"].value',
        *(f"{ENTERPRISE}:{name}" for name in ("employeeNumber", "organization", "department")),
        *(f"{extension}:{name}" for name in ("cf_country", "cf_vip", "cf_tier", "cf_site", "companyName")),
    }


def test_every_discovered_path_can_be_written_and_read(scim: Scim, contact_fields: None) -> None:
    """Schema_Discoverability is worth what its paths are."""
    user, values = filled(scim)
    resource = scim.read(user)
    assert {path: read(resource, path) for path in values} == values


@pytest.mark.parametrize("null", ["", None])
@DIALECTS
def test_scim_null_update(scim: Scim, contact_fields: None, dialect: Any, null: str | None) -> None:
    """Each nullable attribute set to "" and to null: all the others stay."""
    user, values = filled(scim)
    required = {path for path, attribute in announced(scim).items() if attribute["required"]}
    nullable = [path for path in values if path not in NOT_NULLABLE | required and "[" not in path]
    operations: list[Operation] = dialect("Replace", dict.fromkeys(nullable, null))
    assert scim.patch(user, *operations).status_code == 200
    resource = scim.read(user)
    assert {path: read(resource, path) for path in values} == values | dict.fromkeys(nullable)


@pytest.mark.parametrize("null", ["", None])
@pytest.mark.parametrize("op", ["Replace", "add"])
def test_scim_null_update_one_at_a_time(scim: Scim, contact_fields: None, null: str | None, op: str) -> None:
    """The typed values too, among them the only address."""
    user, values = filled(scim)
    required = {path for path, attribute in announced(scim).items() if attribute["required"]}
    for path in values.keys() - NOT_NULLABLE - required | {path for path in values if "[" in path}:
        assert scim.patch(user, {"op": op, "path": path, "value": null}).status_code == 200
        assert read(scim.read(user), path) is None, path


def test_user_create(scim: Scim) -> None:
    """201 with the id; the userName comes back."""
    body = person()
    answer = scim.send("POST", "/Users", body)
    assert (answer.status_code, bool(answer.json()["id"])) == (201, True)
    assert scim.read(answer.json()["id"])["userName"] == body["userName"]


@DIALECTS
def test_user_update(scim: Scim, contact_fields: None, dialect: Any) -> None:
    """Every single-valued mapped attribute, read back by GET."""
    user = scim.created().pk
    single = {path: value_for(path, one) for path, one in announced(scim).items() if "[" not in path}
    assert scim.patch(user, *dialect("replace", single)).status_code == 200
    resource = scim.read(user)
    assert {path: read(resource, path) for path in single} == single


def test_user_pagination(scim: Scim) -> None:
    """Twelve users by five: startIndex is echoed, nobody is left out or comes twice."""
    everybody = {str(scim.created().pk) for _ in range(12)}
    seen: list[str] = []
    for start, expected in ((1, 5), (6, 5), (11, 2)):
        page = scim.get(f"/Users?startIndex={start}&count=5").json()
        assert (page["startIndex"], page["itemsPerPage"], page["totalResults"]) == (start, expected, 12)
        seen += [one["id"] for one in page["Resources"]]
    assert (len(seen), set(seen)) == (12, everybody)


def test_validate_credentials(scim: Scim) -> None:
    """The right token is taken, a wrong one is 401."""
    assert scim.get("/Users?count=1").status_code == 200
    assert refusal(Scim(scim.connection, "wrong").get("/Users?count=1")) == (401, "")


@pytest.mark.parametrize(
    "probe",
    ["/Users?count=1", "/Groups?count=1", "/Users?filter=userName+eq+%22nobody%22", "/Schemas"],
)
def test_probes(scim: Scim, probe: str) -> None:
    """200 and a list; none of them may be a 404, which quarantines the job."""
    answer = scim.get(probe)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/scim+json")
    assert answer.json()["totalResults"] == len(answer.json()["Resources"])


@pytest.mark.parametrize("path", ["/Groups", "/Groups/1"])
def test_groups_are_refused_clearly(scim: Scim, path: str) -> None:
    """R5: the group tests fail, and say why."""
    group = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Cooks"}
    assert refusal(scim.send("POST" if path == "/Groups" else "PATCH", path, group)) == (501, "")


class TestThroughAProvisioningJob:
    """What the job does to a user of each test: match, then write, then match again."""

    def matched(self, scim: Scim, body: Json) -> list[Json]:
        """The job's look-up."""
        return scim.find(f'externalId eq "{body["externalId"]}"')

    def test_create_user(self, scim: Scim) -> None:
        body = person()
        assert self.matched(scim, body) == []
        created = scim.send("POST", "/Users", body).json()
        assert self.matched(scim, body) == [created]

    @DIALECTS
    def test_update_user(self, scim: Scim, dialect: Any) -> None:
        body = person()
        user = scim.send("POST", "/Users", body).json()["id"]
        change = {"displayName": "Uma New", 'phoneNumbers[type eq "mobile"].value': "+1 425 555 0100"}
        assert scim.patch(user, *dialect("Add", change)).status_code == 200
        (found,) = self.matched(scim, body)
        assert {path: read(found, path) for path in change} == change

    def test_disable_and_restore_user(self, scim: Scim) -> None:
        """The same id, before and after."""
        body = person()
        user = scim.send("POST", "/Users", body).json()["id"]
        for value in ("False", "True"):
            scim.replace(user, "active", value)
            (found,) = self.matched(scim, body)
            assert (found["id"], found["active"]) == (user, value == "True")

    def test_delete_user(self, scim: Scim) -> None:
        """Disabled first, as Entra does it; then created anew under the same name."""
        body = person()
        user = scim.send("POST", "/Users", body).json()["id"]
        scim.replace(user, "active", "False")
        assert scim.delete(user).status_code == 204
        assert self.matched(scim, body) == []
        assert scim.send("POST", "/Users", body).status_code == 201

    def test_manager(self, scim: Scim) -> None:
        """R9: the reference is asked for, sent, and not kept."""
        user, manager = scim.created().pk, scim.created().pk
        condition = f'id eq "{user}" and manager eq "{manager}"'
        assert scim.find(condition) == []
        operation = {"op": "Add", "path": "manager", "value": [{"value": str(manager)}]}
        assert scim.patch(user, operation).status_code == 200

    def test_provision_on_demand(self, scim: Scim) -> None:
        """It ignores the flag of the Tenant URL: the old dialect reaches a flagged tenant."""
        body = person()
        user = scim.send("POST", "/Users?aadOptscim062020", body).json()["id"]
        change = [{"op": "Replace", "path": "displayName", "value": "Uma New"}]
        assert scim.patch(user, *change).status_code == 200
        (found,) = self.matched(scim, body)
        assert found["displayName"] == "Uma New"
