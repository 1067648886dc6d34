"""The same request, written otherwise: each function takes a step of the corpus and returns it changed.

What may differ is what R1, R8, R13 and R21 say makes no difference.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Any
Step = dict[str, Any]
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def operations(step: Step) -> Iterator[dict[str, Json]]:
    """The well-formed operations of a PATCH."""
    body = step.get("body")
    found = body.get("Operations") if isinstance(body, dict) else None
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and isinstance(one.get("op"), str):
            yield one


def ops_in_another_case(step: Step) -> None:
    """R21: Add, ADD and add."""
    for one in operations(step):
        one["op"] = one["op"].swapcase()


def paths_in_another_case(step: Step) -> None:
    """R8: names, operators, URNs and types alike; what stands between quotes is a value of `type` here."""
    for one in operations(step):
        if isinstance(one.get("path"), str):
            one["path"] = one["path"].swapcase()


def paths_behind_the_urn(step: Step) -> None:
    """RFC 7644 3.10."""
    for one in operations(step):
        path = one.get("path")
        if isinstance(path, str) and path and not path.lower().startswith("urn:"):
            one["path"] = f"{CORE}:{path}"


def values_in_an_array(step: Step) -> None:
    """R21: a single value wrapped."""
    for one in operations(step):
        if isinstance(one.get("value"), str | bool) and one["op"].lower() != "remove":
            one["value"] = [one["value"]]


def values_in_an_array_of_objects(step: Step) -> None:
    """R21: as the jobs of 2018 wrapped them."""
    for one in operations(step):
        if isinstance(one.get("value"), str) and one["op"].lower() != "remove":
            one["value"] = [{"$ref": None, "value": one["value"]}]


def without_paths(step: Step) -> None:
    """R21: the path as a key of the value, typed paths as well."""
    for one in operations(step):
        if one["op"].lower() != "remove" and isinstance(one.get("path"), str) and "value" in one:
            one["value"] = {one.pop("path"): one["value"]}


def booleans_as_words(step: Step) -> None:
    """R8: "True" and "False", wherever a body has one."""
    if isinstance(step.get("body"), dict):
        step["body"] = _worded(step["body"])


def _worded(node: Json) -> Json:
    if isinstance(node, Mapping):
        return {name: _worded(one) for name, one in node.items()}
    if isinstance(node, list):
        return [_worded(one) for one in node]
    return str(node) if isinstance(node, bool) else node


def names_in_another_case(step: Step) -> None:
    """R8: every name in a body; the URNs as well."""
    if isinstance(step.get("body"), dict):
        step["body"] = _swapped(step["body"])


def _swapped(node: Json) -> Json:
    if isinstance(node, Mapping):
        return {name.swapcase() if "{{" not in name else name: _swapped(one) for name, one in node.items()}
    return [_swapped(one) for one in node] if isinstance(node, list) else node


def flag_first(step: Step) -> None:
    """R1: Entra's flag in front of everything."""
    step["path"] = _with_query(step["path"], "aadOptscim062020", first=True)


def flag_last(step: Step) -> None:
    """R1: behind everything, with a value."""
    step["path"] = _with_query(step["path"], "aadOptscim062020=true", first=False)


def _with_query(path: str, flag: str, *, first: bool) -> str:
    path, _, query = path.partition("?")
    parts = [flag, query] if first else [query, flag]
    return f"{path}?{'&'.join(part for part in parts if part)}"


def slash_at_the_end(step: Step) -> None:
    """R1."""
    path, mark, query = step["path"].partition("?")
    step["path"] = f"{path.rstrip('/')}/{mark}{query}"


def two_slashes(step: Step) -> None:
    """A Tenant URL that was pasted with a slash at its end."""
    step["path"] = f"/{step['path']}"


def spaces_as_percent_20(step: Step) -> None:
    """R13."""
    path, mark, query = step["path"].partition("?")
    step["path"] = path + mark + query.replace("+", "%20").replace(" ", "%20")


def quotes_escaped(step: Step) -> None:
    """R13: quotes and brackets."""
    path, mark, query = step["path"].partition("?")
    for plain, escaped in (('"', "%22"), ("[", "%5B"), ("]", "%5D"), ("$", "%24")):
        query = query.replace(plain, escaped)
    step["path"] = path + mark + query


def plain_json(step: Step) -> None:
    """R6: another media type."""
    if "body" in step and not step.get("headers"):
        step["headers"] = {"Content-Type": "application/json"}


VARIATIONS: tuple[Callable[[Step], None], ...] = (
    ops_in_another_case,
    paths_in_another_case,
    paths_behind_the_urn,
    values_in_an_array,
    values_in_an_array_of_objects,
    without_paths,
    booleans_as_words,
    names_in_another_case,
    flag_first,
    flag_last,
    slash_at_the_end,
    two_slashes,
    spaces_as_percent_20,
    quotes_escaped,
    plain_json,
)


def varied(scenarios: list[Json]) -> list[Json]:
    """Each scenario in one of the variations that make a difference to it, all of them in their turn."""
    return [_varied(scenario, turn) for turn, scenario in enumerate(scenarios)]


def _varied(scenario: Json, turn: int) -> Json:
    others = [
        other for vary in VARIATIONS if (other := _written(scenario, vary))["steps"] != scenario["steps"]
    ]
    return others[turn % len(others)]


def _written(scenario: Json, vary: Callable[[Step], None]) -> Json:
    other = copy.deepcopy(scenario)
    for step in other["steps"]:
        vary(step)
    return {**other, "name": f"{scenario['name']} {vary.__name__}"}
