"""A SCIM client on Django's own test client, so that statements can be counted."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from contacts import lifecycle
from contacts.models import Contact
from deskscim.provisioning.models import Connection, Token
from tests.domain import AGENT
from tests.factories import ConnectionFactory

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
CUSTOM = "urn:ietf:params:scim:schemas:extension:desk365ContactCustomFields:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
WORK = 'emails[type eq "work"].value'
MOBILE = 'phoneNumbers[type eq "mobile"].value'

Operation = dict[str, Any]


@dataclass
class Scim:
    """One connection's way of calling /entra."""

    connection: Connection
    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """One request; `body` is JSON unless it is bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else ""
        headers = {"Authorization": f"Bearer {self.secret}", **headers}
        content_type = headers.pop("content_type", "application/scim+json")
        return self.client.generic(method, f"/entra{path}", data, content_type, headers=headers)

    def get(self, path: str) -> Any:
        """GET."""
        return self.send("GET", path)

    def read(self, user_id: object) -> dict[str, Any]:
        """The resource by its id."""
        answer = self.get(f"/Users/{user_id}")
        assert answer.status_code == 200, answer.content
        resource: dict[str, Any] = answer.json()
        return resource

    def find(self, condition: str) -> list[dict[str, Any]]:
        """The resources that a filter finds."""
        answer = self.client.get(
            "/entra/Users", {"filter": condition}, headers={"Authorization": f"Bearer {self.secret}"}
        )
        assert answer.status_code == 200, answer.content
        resources: list[dict[str, Any]] = answer.json()["Resources"]
        return resources

    def post(self, **attributes: Any) -> Any:
        """POST a user; without arguments somebody new."""
        return self.send("POST", "/Users", person(**attributes))

    def patch(self, user_id: object, *operations: Mapping[str, Any]) -> Any:
        """PATCH with these operations."""
        return self.send("PATCH", f"/Users/{user_id}", {"schemas": [PATCH_OP], "Operations": operations})

    def replace(self, user_id: object, path: str, value: object) -> Any:
        """PATCH one attribute."""
        return self.patch(user_id, {"op": "Replace", "path": path, "value": value})

    def delete(self, user_id: object) -> Any:
        """DELETE."""
        return self.send("DELETE", f"/Users/{user_id}")

    def created(self, **attributes: Any) -> Contact:
        """The contact of a POST that must succeed."""
        answer = self.post(**attributes)
        assert answer.status_code == 201, answer.content
        return Contact.objects.get(pk=answer.json()["id"])


def person(**attributes: Any) -> dict[str, Any]:
    """A user as Entra posts it; None leaves an attribute out."""
    name = attributes.pop("login", f"user.{uuid.uuid4().hex[:8]}")
    whole = {
        "schemas": [CORE, ENTERPRISE],
        "externalId": str(uuid.uuid4()),
        "userName": f"{name}@northwind.example",
        "active": True,
        "displayName": "Uma Example",
        "name": {"givenName": "Uma", "familyName": "Example"},
        "emails": [{"primary": True, "type": "work", "value": f"{name}@northwind.example"}],
        **attributes,
    }
    return {attribute: value for attribute, value in whole.items() if value is not None}


def scim_of(connection: Connection) -> Scim:
    """A client with a fresh token of `connection`, its last use noted already."""
    _, secret = Token.issue(name="Test", connection=connection)
    scim = Scim(connection, secret)
    scim.get("/ServiceProviderConfig")
    return scim


def by_agent(step: Callable[..., Any], contact: Contact) -> None:
    """An agent's step, such as lifecycle.restore."""
    with transaction.atomic():
        step(contact=lifecycle.lock(contact.pk), actor=AGENT)


def fresh(contact: Contact) -> Contact:
    """The row as it is now."""
    return Contact.objects.get(pk=contact.pk)


def refusal(answer: Any) -> tuple[int, str]:
    """Status and scimType of a SCIM error, whose shape is checked (RFC 7644 3.12)."""
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert body["status"] == str(answer.status_code)
    assert body["detail"]
    return answer.status_code, body.get("scimType", "")


def patched(scim: Scim, contact: Contact, *operations: Operation) -> dict[str, Any]:
    """The answer's user, which a GET must answer too."""
    answer = scim.patch(contact.pk, *operations)
    assert answer.status_code == 200, answer.content
    resource: dict[str, Any] = answer.json()
    assert resource == scim.read(contact.pk)
    assert answer.headers["Location"] == resource["meta"]["location"]
    return resource


def values_of(resource: dict[str, Any], name: str) -> dict[str, str]:
    """A multi-valued attribute by type."""
    return {one["type"]: one["value"] for one in resource.get(name, ())}


@pytest.fixture
def scim(db: None) -> Scim:
    """The client of a connection with default settings."""
    return scim_of(ConnectionFactory())


@pytest.fixture
def other(db: None) -> Scim:
    """The client of a second connection."""
    return scim_of(ConnectionFactory())


@pytest.fixture
def ann(scim: Scim) -> Contact:
    """Ann, with a value in most places."""
    return scim.created(
        login="ann",
        externalId="e1",
        title="Cook",
        phoneNumbers=[{"type": "work", "value": "1"}],
        **{ENTERPRISE: {"department": "Ice"}},
    )
