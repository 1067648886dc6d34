"""What Entra sends for a change: whole users, and PATCHes in both of its dialects (R21)."""

from typing import Any

from tests.reliability.reference.shown import CUSTOM, ENTERPRISE
from tests.reliability.reference.values import Said

Operation = dict[str, Any]

PATHS = {
    "name": "displayName",
    "given_name": "name.givenName",
    "family_name": "name.familyName",
    "formatted_name": "name.formatted",
    "title": "title",
    "phone": 'phoneNumbers[type eq "work"].value',
    "mobile": 'phoneNumbers[type eq "mobile"].value',
    "department": f"{ENTERPRISE}:department",
    "employee_number": f"{ENTERPRISE}:employeeNumber",
    "organization": f"{ENTERPRISE}:organization",
    "user_name": "userName",
    "external_id": "externalId",
}
_TOP = {"name", "title", "user_name", "external_id"}
_NAME = {"given_name": "givenName", "family_name": "familyName", "formatted_name": "formatted"}
_ENTERPRISE = {
    "department": "department",
    "employee_number": "employeeNumber",
    "organization": "organization",
}
_PHONES = {"phone": "work", "mobile": "mobile"}
DIALECTS = ("old", "old, wrapped", "new", "new, nested")


def user(said: Said) -> dict[str, Any]:
    """The body of a POST or PUT."""
    texts = said.texts
    custom = said.custom | ({"companyName": said.company} if said.company is not None else {})
    whole: dict[str, Any] = {PATHS[name]: text for name, text in texts.items() if name in _TOP}
    whole["name"] = {path: texts[name] for name, path in _NAME.items() if name in texts}
    whole[ENTERPRISE] = {path: texts[name] for name, path in _ENTERPRISE.items() if name in texts}
    whole["phoneNumbers"] = [
        {"type": kind, "value": texts[name]} for name, kind in _PHONES.items() if name in texts
    ]
    whole |= {"emails": said.emails, CUSTOM: custom, "active": said.active, "nickName": "ignored"}
    return {name: value for name, value in whole.items() if value not in (None, {}, [])}


def operations(said: Said, dialect: str) -> list[Operation]:
    """The Operations of a PATCH."""
    values = _by_path(said)
    if dialect.startswith("old"):
        return [_old(path, value, wrapped="wrapped" in dialect) for path, value in values.items()]
    gone = [{"op": "remove", "path": path} for path, value in values.items() if _is_gone(path, value)]
    kept = {path: value for path, value in values.items() if not _is_gone(path, value)}
    whole = _nested(kept) if "nested" in dialect else kept
    return [*gone, {"op": "replace", "value": whole}]


def _by_path(said: Said) -> dict[str, Any]:
    values: dict[str, Any] = {"nickName": "ignored"}  # R9
    values |= {PATHS[name]: text for name, text in said.texts.items()}
    values |= {f'emails[type eq "{kind}"].value': text for kind, text in said.typed.items()}
    values |= {f"{CUSTOM}:{name}": raw for name, raw in said.custom.items()}
    if said.company is not None:
        values[f"{CUSTOM}:companyName"] = said.company
    if said.active is not None:
        values["active"] = said.active
    return values


def _is_gone(path: str, value: object) -> bool:
    """An empty value is sent as a remove, but for what is required."""
    return value in ("", None) and path != PATHS["user_name"]


def _old(path: str, value: Any, *, wrapped: bool) -> Operation:
    """Capital verbs, one path an operation, booleans as words, values in an array at times."""
    if _is_gone(path, value):
        return {"op": "Remove", "path": path}
    word = str(value) if isinstance(value, bool) else value
    return {
        "op": "Add" if wrapped else "Replace",
        "path": path,
        "value": [{"$ref": None, "value": word}] if wrapped else word,
    }


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    """The members of an extension under its URN, and the names under `name`."""
    whole: dict[str, Any] = {}
    for path, value in values.items():
        for container, mark in ((ENTERPRISE, ":"), (CUSTOM, ":"), ("name", ".")):
            if path.startswith(container + mark):
                whole.setdefault(container, {})[path.removeprefix(container + mark)] = value
                break
        else:
            whole[path] = value
    return whole
