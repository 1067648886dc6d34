"""Scripts of what a provisioning client sends, and what it needs back."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.scim.conftest import PATCH_OP, Scim

Json = Any


@dataclass(frozen=True, slots=True)
class Step:
    """One request and the part of its answer that the client looks at.

    `<id>` stands for the id that was kept last: that of the answer's user, or of the only user in its list.
    """

    request: str  # "GET /Users?count=2"
    status: int
    shows: Json = None
    body: Json = None
    keeps: bool = False


def patch(*operations: Mapping[str, Json]) -> Json:
    """A PatchOp message."""
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def listed(*users: Json) -> Json:
    """A list of exactly these."""
    return {"totalResults": len(users), "Resources": list(users)}


def error(scim_type: str = "") -> Json:
    """A SCIM error."""
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"]}
    return {**body, "scimType": scim_type} if scim_type else body


@dataclass
class Player:
    """A client with its headers, in front of one connection."""

    scim: Scim
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/scim+json"
    kept: str = ""

    def play(self, script: Sequence[Step]) -> None:
        """Each step in its turn; every answer is SCIM's, whatever the client asks for."""
        for number, step in enumerate(script, 1):
            self._play(step, f"step {number}: {step.request}")

    def _play(self, step: Step, name: str) -> None:
        method, _, path = step.request.partition(" ")
        sent = self._filled(json.dumps(step.body)).encode() if step.body is not None else None
        answer = self.scim.send(
            method, self._filled(path), sent, content_type=self.content_type, **self.headers
        )
        assert answer.status_code == step.status, (name, answer.content)
        if answer.status_code == 204:
            assert answer.content == b"", name
            return
        assert answer.headers["Content-Type"] == "application/scim+json", name
        self._look_at(step, answer.json(), name)

    def _look_at(self, step: Step, body: Json, name: str) -> None:
        if step.shows is not None:
            wanted = json.loads(self._filled(json.dumps(step.shows)))
            assert _holds(body, wanted), (name, body)
        if step.keeps:
            self.kept = body["id"] if "id" in body else body["Resources"][0]["id"]

    def _filled(self, text: str) -> str:
        return re.sub("<id>", self.kept, text)


def _holds(found: Json, wanted: Json) -> bool:
    """Whether all that is wanted is found; a list element for element, null for what must be absent."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            found.get(name) is None if value is None else _holds(found.get(name), value)
            for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(_holds(*pair) for pair in zip(found, wanted, strict=True))
        )
    return bool(found == wanted)
