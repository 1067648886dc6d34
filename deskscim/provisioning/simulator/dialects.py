"""How Entra writes a request body: the POST, and a change as PATCH operations in its two dialects.

Source: Microsoft, "Known issues and resolutions with SCIM 2.0 protocol compliance" (flag `aadOptscim062020`).
"""

from collections.abc import Mapping
from typing import Any

from deskscim.provisioning.simulator import mapping
from deskscim.provisioning.simulator.mapping import Value

Operation = dict[str, Any]
PATCH_OP_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
Sent = Mapping[str, Value | None]


def user(values: Sent) -> dict[str, Any]:
    """Return the body of POST /Users: nothing empty, and no custom URN among the schemas."""
    filled = {path: value for path, value in values.items() if value is not None and value != ""}
    resource = mapping.nest(filled)
    formatted = {"formatted": f"{filled[mapping.GIVEN_NAME]} {filled[mapping.FAMILY_NAME]}"}
    return {
        "schemas": [mapping.CORE_URN, mapping.ENTERPRISE_URN],
        **resource,
        "name": {**formatted, **resource["name"]},
        "roles": [],
        "meta": {"resourceType": "User"},
    }


def patch(changes: Sent, *, flagged: bool) -> dict[str, Any]:
    """Return the body of PATCH /Users/{id} in the legacy dialect, or in the one with the flag."""
    operations = flagged_operations(changes) if flagged else legacy_operations(changes)
    return {"schemas": [PATCH_OP_URN], "Operations": operations}


def legacy_operations(changes: Sent) -> list[Operation]:
    """One operation per attribute, capitalised; booleans are strings."""
    verb = "Add" if len(changes) == 1 else "Replace"
    return [_legacy(verb, path, value) for path, value in changes.items()]


def flagged_operations(changes: Sent) -> list[Operation]:
    """Typed values and removals with a path each, all others in one operation without a path."""
    if len(changes) == 1:
        return [_flagged(path, value, "add") for path, value in changes.items()]
    apart = {path: value for path, value in changes.items() if value is None or mapping.is_typed(path)}
    together = {path: value for path, value in changes.items() if path not in apart}
    operations = [_flagged(path, value, "replace") for path, value in apart.items()]
    return operations + ([{"op": "replace", "value": together}] if together else [])


def manager(manager_id: str, *, flagged: bool) -> dict[str, Any]:
    """Return the PATCH of the second pass that sends the manager, whom a helpdesk ignores (R9)."""
    legacy = {"op": "Add", "path": "manager", "value": [{"$ref": f"Users/{manager_id}", "value": manager_id}]}
    with_flag = {"op": "add", "path": f"{mapping.ENTERPRISE_URN}:manager", "value": manager_id}
    return {"schemas": [PATCH_OP_URN], "Operations": [with_flag if flagged else legacy]}


def _legacy(verb: str, path: str, value: Value | None) -> Operation:
    if value is None:
        return {"op": "Remove", "path": path}
    if isinstance(value, bool):
        return {"op": "Replace" if path == mapping.ACTIVE else verb, "path": path, "value": str(value)}
    return {"op": verb, "path": path, "value": value}


def _flagged(path: str, value: Value | None, verb: str) -> Operation:
    if value is None:
        return {"op": "remove", "path": path}
    return {"op": "replace" if path == mapping.ACTIVE else verb, "path": path, "value": value}
