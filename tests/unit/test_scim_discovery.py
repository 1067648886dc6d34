"""What the server says about itself (RFC 7643 5 to 7)."""

from collections.abc import Iterator
from typing import Any

import pytest
from scim2_models import ResourceType, Schema, ServiceProviderConfig

from deskscim.provisioning.scim import discovery
from deskscim.provisioning.scim.schema import CORE_USER, CUSTOM_FIELDS, ENTERPRISE_USER, CustomField

BASE = "https://helpdesk.example/entra"
FIELDS = {
    "cf_country": CustomField("cf_country", "Country", "text"),
    "cf_notes": CustomField("cf_notes", "Notes", "paragraph"),
    "cf_vip": CustomField("cf_vip", "VIP", "checkbox"),
    "cf_since": CustomField("cf_since", "Since", "date"),
    "cf_seats": CustomField("cf_seats", "Seats", "number", required=True),
    "cf_rate": CustomField("cf_rate", "Rate", "decimal"),
    "cf_tier": CustomField("cf_tier", "Tier", "dropdown", options=("Gold", "Silver")),
    "cf_site": CustomField("cf_site", "Site", "url"),
}


@pytest.fixture
def documents() -> dict[str, dict[str, Any]]:
    return {document["id"]: document for document in discovery.schemas(FIELDS, BASE)}


def members(document: Any) -> Iterator[tuple[str, Any]]:
    """Every name and value in a document, at any depth."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield name, value
            yield from members(value)
    elif isinstance(document, list):
        for value in document:
            yield from members(value)


def by_name(attributes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {attribute["name"]: attribute for attribute in attributes}


def test_the_schemas_are_the_user_s_and_its_extensions(documents: dict[str, dict[str, Any]]) -> None:
    """R6."""
    assert list(documents) == [CORE_USER, ENTERPRISE_USER, CUSTOM_FIELDS]


def test_a_schema_is_a_whole_resource(documents: dict[str, dict[str, Any]]) -> None:
    """RFC 7643 7, 3.1: `schemas`, `id` and `meta` as every resource has them."""
    for urn, document in documents.items():
        assert document["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:Schema"]
        assert document["meta"] == {"resourceType": "Schema", "location": f"{BASE}/Schemas/{urn}"}
        assert document["name"]
        assert Schema.model_validate(document).id == urn


def test_the_core_attributes(documents: dict[str, dict[str, Any]]) -> None:
    """R7, B06; common attributes (id, externalId, meta) belong to no schema (RFC 7643 3.1)."""
    attributes = by_name(documents[CORE_USER]["attributes"])
    assert set(attributes) == {"userName", "name", "displayName", "title", "active", "emails", "phoneNumbers"}
    assert attributes["userName"] == {
        "name": "userName",
        "type": "string",
        "multiValued": False,
        "description": attributes["userName"]["description"],
        "required": True,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "server",
    }
    assert (attributes["active"]["type"], attributes["title"]["type"]) == ("boolean", "string")


@pytest.mark.parametrize(
    ("name", "kinds"), [("emails", ["work", "home", "other"]), ("phoneNumbers", ["work", "mobile"])]
)
def test_the_types_of_lists_are_named(
    documents: dict[str, dict[str, Any]], name: str, kinds: list[str]
) -> None:
    """B06C, REPORT 2.2: Entra makes `emails[type eq "work"].value` of them."""
    attribute = by_name(documents[CORE_USER]["attributes"])[name]
    assert (attribute["type"], attribute["multiValued"]) == ("complex", True)
    subs = by_name(attribute["subAttributes"])
    assert subs["type"]["canonicalValues"] == kinds
    assert "display" not in subs  # REPORT 2.4, 22: Entra's schema test refuses it


def test_the_enterprise_attributes(documents: dict[str, dict[str, Any]]) -> None:
    """R7; what is not kept is not announced."""
    names = set(by_name(documents[ENTERPRISE_USER]["attributes"]))
    assert names == {"employeeNumber", "organization", "department"}


def test_the_contact_fields(documents: dict[str, dict[str, Any]]) -> None:
    """R6, R10, R11: one attribute per field; `required` binds forms, never SCIM."""
    attributes = by_name(documents[CUSTOM_FIELDS]["attributes"])
    assert {name: attribute["type"] for name, attribute in attributes.items()} == {
        "cf_country": "string",
        "cf_notes": "string",
        "cf_vip": "boolean",
        "cf_since": "string",
        "cf_seats": "integer",
        "cf_rate": "string",
        "cf_tier": "string",
        "cf_site": "reference",
        "companyName": "string",
    }
    assert attributes["cf_tier"]["canonicalValues"] == ["Gold", "Silver"]
    assert attributes["cf_site"]["referenceTypes"] == ["external"]
    assert attributes["cf_country"]["description"] == "Country"
    assert not any(attribute["required"] for attribute in attributes.values())


def test_without_contact_fields_there_is_still_their_schema() -> None:
    """B05: the resource type names it; R39: the company's name is always taken."""
    assert list(by_name(discovery.schemas({}, BASE)[2]["attributes"])) == ["companyName"]


def test_nothing_is_null_and_only_complex_attributes_have_parts(documents: dict[str, dict[str, Any]]) -> None:
    """REPORT 1.2 row 2, 2.4 row 22: what Entra's schema test refuses."""
    for name, value in members(list(documents.values())):
        assert value is not None, name
    for _, value in members(list(documents.values())):
        if isinstance(value, dict) and "subAttributes" in value:
            assert value["type"] == "complex"


def test_user_is_the_only_resource_type() -> None:
    """R5, B05."""
    (document,) = discovery.resource_types(BASE)
    assert document == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "description": document["description"],
        "endpoint": "/Users",
        "schema": CORE_USER,
        "schemaExtensions": [
            {"schema": ENTERPRISE_USER, "required": False},
            {"schema": CUSTOM_FIELDS, "required": False},
        ],
        "meta": {"resourceType": "ResourceType", "location": f"{BASE}/ResourceTypes/User"},
    }
    assert ResourceType.model_validate(document).endpoint == "/Users"


def test_the_service_provider_config() -> None:
    """RFC 7643 5, B04."""
    document = discovery.service_provider_config(BASE)
    assert document["filter"] == {"supported": True, "maxResults": 200}
    supported = {name: value["supported"] for name, value in document.items() if "supported" in value}
    assert supported == {
        "patch": True,
        "bulk": True,
        "filter": True,
        "changePassword": False,
        "sort": True,
        "etag": True,
    }
    (scheme,) = document["authenticationSchemes"]
    assert (scheme["type"], scheme["primary"]) == ("oauthbearertoken", True)
    assert document["meta"]["location"] == f"{BASE}/ServiceProviderConfig"
    assert ServiceProviderConfig.model_validate(document).patch


def test_a_list_is_counted() -> None:
    """RFC 7644 3.4.2: totalResults is of all, itemsPerPage of this page."""
    assert discovery.list_response([{"id": "1"}], total=7, startIndex=3) == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 7,
        "startIndex": 3,
        "itemsPerPage": 1,
        "Resources": [{"id": "1"}],
    }


def test_an_empty_list_has_its_resources() -> None:
    """B01: an empty array, not an absent one."""
    assert discovery.list_response([], total=0)["Resources"] == []
