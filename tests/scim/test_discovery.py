"""What the server says of itself (R1, R5, R6; RFC 7643 5 to 7)."""

from collections.abc import Iterator
from typing import Any

import pytest

from contacts.models import ContactField
from tests.factories import ContactFieldFactory

from .conftest import CORE, CUSTOM, ENTERPRISE, Scim, person, refusal

pytestmark = pytest.mark.django_db

DOCUMENTS = [
    "/ServiceProviderConfig",
    "/ResourceTypes",
    "/Schemas",
    "/ResourceTypes/User",
    f"/Schemas/{CORE}",
]


def attributes_of(scim: Scim, urn: str) -> dict[str, dict[str, Any]]:
    """The attributes of one schema by name."""
    return {one["name"]: one for one in scim.get(f"/Schemas/{urn}").json()["attributes"]}


def walk(value: Any) -> Iterator[Any]:
    """Everything inside a document."""
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("suffix", ["", "/", "?aadOptscim062020", "?startIndex=2&count=0&sortBy=id"])
def test_every_document_is_there(scim: Scim, path: str, suffix: str) -> None:
    """R1: with a slash, with Entra's flag; RFC 7644 4: paging and sorting ignored; and nothing is null."""
    answer = scim.get(path + suffix)
    assert answer.json() == scim.get(path).json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/scim+json")
    assert None not in list(walk(answer.json()))


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("query", ["?filter=id+pr", "?filter=", "?filter=id+eq"])
def test_no_document_can_be_filtered(scim: Scim, path: str, query: str) -> None:
    """RFC 7644 4."""
    assert refusal(scim.get(path + query)) == (403, "")


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_document_says_what_and_where_it_is(scim: Scim, path: str) -> None:
    """RFC 7643 3.1: `schemas` and `meta` on each, whose location leads to it."""
    body = scim.get(path).json()
    for document in body.get("Resources", [body]):
        location = document["meta"]["location"].removeprefix("http://testserver/entra")
        assert scim.get(location).json() == document
        kind = document["meta"]["resourceType"]
        assert document["schemas"] == [f"urn:ietf:params:scim:schemas:core:2.0:{kind}"]


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_document_can_be_changed(scim: Scim, path: str, method: str) -> None:
    """405 with the verbs that it does take."""
    answer = scim.send(method, path, {})
    assert refusal(answer) == (405, "")
    assert answer.headers["Allow"] == "GET, HEAD"


def test_what_the_server_can_do(scim: Scim) -> None:
    """RFC 7643 5."""
    body = scim.get("/ServiceProviderConfig").json()
    supported = {
        name: body[name]["supported"]
        for name in ("patch", "filter", "bulk", "sort", "etag", "changePassword")
    }
    assert [name for name, value in supported.items() if value] == ["patch", "filter", "bulk", "sort", "etag"]
    assert (body["bulk"]["maxOperations"], body["bulk"]["maxPayloadSize"]) == (500, 1_048_576)
    assert body["filter"]["maxResults"] == 200
    assert body["pagination"] == {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 100,
        "maxPageSize": 200,
    }
    assert [scheme["type"] for scheme in body["authenticationSchemes"]] == ["oauthbearertoken"]
    assert body["meta"]["location"].endswith("/entra/ServiceProviderConfig")


def test_users_are_the_one_resource_type(scim: Scim) -> None:
    """R5."""
    body = scim.get("/ResourceTypes").json()
    assert body["totalResults"] == 1
    assert body["Resources"] == [scim.get("/ResourceTypes/User").json()]
    only = body["Resources"][0]
    assert (only["id"], only["endpoint"], only["schema"]) == ("User", "/Users", CORE)
    assert {one["schema"]: one["required"] for one in only["schemaExtensions"]} == {
        ENTERPRISE: False,
        CUSTOM: False,
    }


def test_three_schemas_each_by_its_urn(scim: Scim) -> None:
    """R6: the URN in any case (R8)."""
    listed = scim.get("/Schemas").json()["Resources"]
    assert [one["id"] for one in listed] == [CORE, ENTERPRISE, CUSTOM]
    for one in listed:
        assert scim.get(f"/Schemas/{one['id']}").json() == one
        assert scim.get(f"/Schemas/{one['id'].upper()}").json() == one
        assert one["meta"]["location"].endswith(f"/entra/Schemas/{one['id']}")


@pytest.mark.parametrize(
    "path", ["/ResourceTypes/Group", "/Schemas/x", "/Schemas/urn:x:y/z", f"/Schemas/{CORE}x"]
)
def test_unknown_documents(scim: Scim, path: str) -> None:
    assert refusal(scim.get(path)) == (404, "")


def test_the_characteristics_are_those_of_rfc_7643(scim: Scim) -> None:
    """RFC 7643 7; Entra's schema test refuses others (REPORT 2.2)."""
    for schema in scim.get("/Schemas").json()["Resources"]:
        for attribute in walk(schema["attributes"]):
            if not isinstance(attribute, dict):
                continue
            assert attribute["type"] in {
                "string",
                "boolean",
                "decimal",
                "integer",
                "dateTime",
                "reference",
                "complex",
            }
            assert attribute["mutability"] in {"readOnly", "readWrite", "immutable", "writeOnly"}
            assert attribute["returned"] in {"always", "never", "default", "request"}
            assert attribute.get("uniqueness", "none") in {"none", "server", "global"}
            assert (attribute["type"] == "complex") == ("subAttributes" in attribute)
            assert attribute["description"]


def test_the_user_schema(scim: Scim) -> None:
    """R7; REPORT 2.2: the types of addresses and numbers are canonical values."""
    user = attributes_of(scim, CORE)
    assert (
        user["userName"] | {"required": True, "uniqueness": "server", "caseExact": False} == user["userName"]
    )
    assert (user["active"]["type"], user["name"]["type"]) == ("boolean", "complex")
    kinds = {
        name: next(sub["canonicalValues"] for sub in user[name]["subAttributes"] if sub["name"] == "type")
        for name in ("emails", "phoneNumbers")
    }
    assert kinds == {"emails": ["work", "home", "other"], "phoneNumbers": ["work", "mobile"]}
    assert attributes_of(scim, ENTERPRISE).keys() == {"employeeNumber", "organization", "department"}


def test_what_is_announced_is_kept(scim: Scim) -> None:
    """R6: every attribute of the schemas comes back from a POST."""
    ContactFieldFactory(api_name="cf_a")
    body = person(
        title="Cook",
        phoneNumbers=[{"type": "work", "value": "1"}],
        **{
            ENTERPRISE: dict.fromkeys(attributes_of(scim, ENTERPRISE), "x"),
            CUSTOM: dict.fromkeys(attributes_of(scim, CUSTOM), "x"),
        },
    )
    answered = scim.send("POST", "/Users", body).json()
    assert attributes_of(scim, CORE).keys() <= answered.keys()
    assert (answered[ENTERPRISE], answered[CUSTOM]) == (body[ENTERPRISE], body[CUSTOM])


@pytest.mark.parametrize(
    ("kind", "announced"),
    [
        ("text", "string"),
        ("paragraph", "string"),
        ("checkbox", "boolean"),
        ("date", "string"),
        ("number", "integer"),
        ("decimal", "string"),
        ("dropdown", "string"),
        ("url", "reference"),
    ],
)
def test_a_contact_field_of_each_type(scim: Scim, kind: str, announced: str) -> None:
    """R6, R10."""
    options = ["Gold", "Silver"] if kind == "dropdown" else []
    ContactFieldFactory(api_name="cf_x", label="The label", type=kind, options=options, required=True)
    attribute = attributes_of(scim, CUSTOM)["cf_x"]
    assert (attribute["type"], attribute["multiValued"]) == (announced, False)
    assert attribute["description"].split(":")[0] == "The label"
    assert attribute.get("canonicalValues", []) == options
    assert attribute["required"] is False


def test_the_schemas_follow_the_active_fields(scim: Scim) -> None:
    """R6, R12: at once, in their order."""
    assert attributes_of(scim, CUSTOM).keys() == {"companyName"}
    ContactFieldFactory(api_name="cf_b", order=2)
    ContactFieldFactory(api_name="cf_a", order=1)
    assert list(attributes_of(scim, CUSTOM)) == ["cf_a", "cf_b", "companyName"]
    ContactField.objects.filter(api_name="cf_a").update(active=False)
    assert list(attributes_of(scim, CUSTOM)) == ["cf_b", "companyName"]
    ContactField.objects.filter(api_name="cf_b").update(label="Renamed")
    assert attributes_of(scim, CUSTOM)["cf_b"]["description"] == "Renamed"


class TestGroups:
    """R5: GET answers an empty list, anything else a clear 501."""

    @pytest.mark.parametrize(
        "query",
        ["", "/", "?count=1", '?excludedAttributes=members&filter=externalId+eq+"x"', "?filter=broken"],
    )
    def test_an_empty_list(self, scim: Scim, query: str) -> None:
        body = scim.get(f"/Groups{query}").json()
        assert (body["totalResults"], body["Resources"]) == (0, [])

    def test_no_group_exists(self, scim: Scim) -> None:
        assert refusal(scim.get("/Groups/1?excludedAttributes=members")) == (404, "")

    @pytest.mark.parametrize("path", ["/Groups", "/Groups/1"])
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_no_group_can_be_made(self, scim: Scim, path: str, method: str) -> None:
        answer = scim.send(method, path, {"displayName": "Cooks"})
        assert refusal(answer) == (501, "")
        assert "Groups" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/Me", "/Groups/.search"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_offered_says_so(scim: Scim, path: str, method: str) -> None:
    """501, as /ServiceProviderConfig announces."""
    assert refusal(scim.send(method, path, {})) == (501, "")


@pytest.mark.parametrize(
    "path", ["/users", "/User", "/Users/1/2", "/v2/Users", "/scim/Users", "/%00", "/../x"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_every_other_path_is_a_scim_404(scim: Scim, path: str, method: str) -> None:
    """R6, R13: neither HTML nor a redirect."""
    answer = scim.send(method, path, {})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/scim+json")


@pytest.mark.parametrize("path", ["", "/", "//"])
def test_the_tenant_url_itself_lists_everybody(scim: Scim, other: Scim, path: str) -> None:
    """RFC 7644 3.4.2.1; R4: everybody of this connection."""
    first, second = sorted(str(scim.created().pk) for _ in range(2))
    other.created()
    body = scim.get(path).json()
    assert (body["totalResults"], [one["id"] for one in body["Resources"]]) == (2, [first, second])
    assert scim.get(f"{path}?filter=id+eq+%22{first}%22&attributes=id").json()["totalResults"] == 1
    assert refusal(scim.get(f"{path}?filter=broken")) == (400, "invalidFilter")
    answer = scim.send("POST", path, person())
    assert (refusal(answer), answer.headers["Allow"]) == ((405, ""), "GET, HEAD")


@pytest.mark.parametrize("left_out", ["displayName", "active"])
def test_what_is_required_is_always_there(scim: Scim, left_out: str) -> None:
    """R7: made by the server where a client sends none, so that no user is without it."""
    assert attributes_of(scim, CORE)[left_out]["required"] is True
    user = scim.created(**{left_out: None})
    for operation in ({"op": "remove", "path": left_out}, {"op": "replace", "path": left_out, "value": ""}):
        scim.patch(user.pk, operation)
        assert scim.read(user.pk)[left_out]
    required = {name for name, one in attributes_of(scim, CORE).items() if one["required"]}
    assert required == {"userName", "displayName", "active"}
