"""What a connection is answered: resources and lists (R4, R6, R20, R23, R29)."""

from collections.abc import Callable
from typing import Any

from .addresses import seen_by_entra
from .state import Connection, Person, World
from .texts import folded
from .values import COMPANY_NAME

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CUSTOM = "urn:ietf:params:scim:schemas:extension:desk365ContactCustomFields:2.0:User"


def resource(world: World, person: Person) -> dict[str, Any]:
    """The SCIM user without `schemas` and `meta`; what is empty is absent."""
    texts = person.texts
    names = {"given_name": "givenName", "family_name": "familyName", "formatted_name": "formatted"}
    whole = {
        "externalId": texts["external_id"],
        "userName": texts["user_name"],
        "displayName": texts["name"],
        "title": texts["title"],
        "name": _filled({path: texts[name] for name, path in names.items()}),
        "emails": seen_by_entra(person),
        "phoneNumbers": _phones(person),
        ENTERPRISE: _enterprise(person),
        CUSTOM: {name: value for name, value in person.custom.items() if _is_shown(world, name)},
    }
    return {"id": person.id, "active": not person.deleted} | _filled(whole)


def _is_shown(world: World, name: str) -> bool:
    return name == COMPANY_NAME or world.fields[name].active


def _phones(person: Person) -> list[dict[str, str]]:
    numbers = {"work": person.texts["phone"], "mobile": person.texts["mobile"]}
    return [{"value": number, "type": kind} for kind, number in numbers.items() if number]


def _enterprise(person: Person) -> dict[str, Any]:
    texts = person.texts
    return _filled(
        {
            "department": texts["department"],
            "employeeNumber": texts["employee_number"],
            "organization": texts["organization"],
        }
    )


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def found(world: World, connection: Connection, question: str, value: str) -> set[str]:
    """The ids that a filter must find (R13): `question` is externalId, userName or work."""
    matches: dict[str, Callable[[Person], bool]] = {
        "externalId": lambda one: one.texts["external_id"] == value,
        "userName": lambda one: folded(one.texts["user_name"]) == folded(value),
        "work": lambda one: any(a.kind == "work" and a.key == folded(value) for a in one.addresses),
    }
    return {one.id for one in world.held_by(connection) if value and matches[question](one)}
