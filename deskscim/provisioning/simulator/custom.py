"""Custom contact fields that the server announces in /Schemas, and values for them (R10)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from deskscim.provisioning.simulator import names
from deskscim.provisioning.simulator.mapping import CUSTOM_URN, Value

DATE_WORDS = frozenset({"date", "day", "birthday", "since", "until", "start", "end"})


@dataclass(frozen=True)
class CustomField:
    """One announced field: its PATCH path, what it holds and, for a dropdown, the texts to choose from."""

    path: str
    kind: str
    options: tuple[str, ...] = ()

    def draw(self, dice: Random) -> Value:
        """Return a value that fits the field; a DateTime for a date, two places for a decimal."""
        return dice.choice(self.options) if self.options else _DRAW.get(self.kind, _word)(dice)


def announced_fields(schemas: Iterable[Mapping[str, Any]]) -> list[CustomField]:
    """Return the custom fields among the attributes of the Schema resources."""
    attributes = [
        a for schema in schemas if schema.get("id") == CUSTOM_URN for a in schema.get("attributes") or []
    ]
    return [_field(attribute) for attribute in attributes if attribute["name"].startswith("cf_")]


def _field(attribute: Mapping[str, Any]) -> CustomField:
    options = tuple(attribute.get("canonicalValues") or ())
    return CustomField(f"{CUSTOM_URN}:{attribute['name']}", _kind(attribute), options)


def _kind(attribute: Mapping[str, Any]) -> str:
    """Return the SCIM type; as an admin does, tell by its words what a string is meant to hold."""
    kind = str(attribute.get("type", "string"))
    words = set(re.split(r"[\W_]+", f"{attribute['name']} {attribute.get('description', '')}".lower()))
    if kind != "string":
        return kind
    if words & DATE_WORDS:
        return "dateTime"
    return next((meant for meant in ("decimal", "country") if meant in words), kind)


def _country(dice: Random) -> Value:
    return dice.choice(names.COUNTRIES)


def _word(dice: Random) -> Value:
    return dice.choice(names.WORDS)


def _date(dice: Random) -> Value:
    return f"20{dice.randint(10, 25)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}T00:00:00Z"


_DRAW: dict[str, Callable[[Random], Value]] = {
    "boolean": lambda dice: dice.random() < 0.5,
    "integer": lambda dice: dice.randint(-999, 999_999),
    "decimal": lambda dice: f"{dice.randint(0, 99_999) / 100:.2f}",
    "dateTime": _date,
    "country": _country,
    "reference": lambda dice: f"https://intranet.example/people/{dice.randint(1, 9999)}?tab=about",
}
