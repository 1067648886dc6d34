"""What the server says about itself (RFC 7643 5 to 7, RFC 7644 4), made from the attribute table (R6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from . import limits
from .query import DEFAULT_COUNT, MAX_COUNT
from .schema import (
    BULK_RESPONSE,
    COMPANY_ATTRIBUTE,
    CORE_USER,
    CUSTOM_FIELDS,
    ENTERPRISE_ATTRIBUTES,
    ENTERPRISE_USER,
    LIST_RESPONSE,
    USER_ATTRIBUTES,
    Attribute,
    CustomField,
    custom_attribute,
)

_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_SERVICE_PROVIDER_CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"


def list_response(
    resources: Sequence[Mapping[str, Any]], *, total: int | None, **members: int | str
) -> dict[str, Any]:
    """RFC 7644 3.4.2, with `startIndex` or `nextCursor`; RFC 9865 2 lets an unknown total be absent."""
    known = {} if total is None else {"totalResults": total}
    return {
        "schemas": [LIST_RESPONSE],
        **known,
        **members,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def bulk_response(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """RFC 7644 3.7."""
    return {"schemas": [BULK_RESPONSE], "Operations": results}


def schemas(fields: Mapping[str, CustomField], base: str) -> list[dict[str, Any]]:
    """RFC 7643 7: the core User, the enterprise extension, and the contact fields that are active now."""
    custom = [*(custom_attribute(field) for field in fields.values()), COMPANY_ATTRIBUTE]
    return [
        _schema(base, CORE_USER, "User", "A helpdesk contact", USER_ATTRIBUTES),
        _schema(base, ENTERPRISE_USER, "EnterpriseUser", "Where the contact works", ENTERPRISE_ATTRIBUTES),
        _schema(base, CUSTOM_FIELDS, "ContactCustomFields", "The helpdesk's own contact fields", custom),
    ]


def _schema(
    base: str, urn: str, name: str, description: str, attributes: Sequence[Attribute]
) -> dict[str, Any]:
    return {
        "schemas": [_SCHEMA],
        "id": urn,
        "name": name,
        "description": description,
        "attributes": [_attribute(attribute) for attribute in attributes],
        "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{urn}"},
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    """The characteristics of RFC 7643 7, each said and none null; a complex attribute has no case rule."""
    document: dict[str, Any] = {
        "name": attribute.name,
        "type": attribute.announced_type or attribute.type,
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": attribute.required,
        "mutability": attribute.mutability,
        "returned": attribute.returned,
    }
    if attribute.type == "complex":
        document["subAttributes"] = [_attribute(sub) for sub in attribute.sub_attributes]
        return document
    document |= {"caseExact": attribute.case_exact, "uniqueness": attribute.uniqueness}
    if attribute.canonical_values:
        document["canonicalValues"] = list(attribute.canonical_values)
    if attribute.reference_types:
        document["referenceTypes"] = list(attribute.reference_types)
    return document


def resource_types(base: str) -> list[dict[str, Any]]:
    """RFC 7643 6: User alone (R5)."""
    return [
        {
            "schemas": [_RESOURCE_TYPE],
            "id": "User",
            "name": "User",
            "description": "A helpdesk contact",
            "endpoint": "/Users",
            "schema": CORE_USER,
            "schemaExtensions": [
                {"schema": ENTERPRISE_USER, "required": False},
                {"schema": CUSTOM_FIELDS, "required": False},
            ],
            "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/User"},
        }
    ]


def service_provider_config(base: str) -> dict[str, Any]:
    """RFC 7643 5, RFC 9865 4: which options of the protocol there are. Cursors do not expire."""
    return {
        "schemas": [_SERVICE_PROVIDER_CONFIG],
        "patch": {"supported": True},
        "bulk": {
            "supported": True,
            "maxOperations": limits.BULK_OPERATIONS,
            "maxPayloadSize": limits.BODY,
        },
        "filter": {"supported": True, "maxResults": MAX_COUNT},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_COUNT,
            "maxPageSize": MAX_COUNT,
        },
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The secret token of a connection, in the Authorization header",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }
