"""What one request may hold: the settings of that name, read once, and how nesting is measured."""

import re
from collections.abc import Collection
from typing import Any

from django.conf import settings

BODY: int = settings.SCIM_MAX_BODY
JSON_DEPTH: int = settings.SCIM_MAX_JSON_DEPTH
PATCH_OPERATIONS: int = settings.SCIM_MAX_PATCH_OPERATIONS
BULK_OPERATIONS: int = settings.SCIM_MAX_BULK_OPERATIONS
FILTER_LENGTH: int = settings.SCIM_MAX_FILTER_LENGTH
FILTER_DEPTH: int = settings.SCIM_MAX_FILTER_DEPTH
FILTER_COMPARISONS: int = settings.SCIM_MAX_FILTER_COMPARISONS
VALUES: int = settings.SCIM_MAX_VALUES

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(r"[()\[\]]")
_JOINT = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)


def is_deeper(document: Collection[Any], limit: int) -> bool:
    """Whether arrays and objects stand in each other more than `limit` deep. Needs no recursion itself."""
    level: list[Any] = [document]
    for _ in range(limit):
        holders = (one.values() if isinstance(one, dict) else one for one in level)
        level = [inner for holder in holders for inner in holder if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def has_deeper_brackets(text: str, limit: int) -> bool:
    """Whether the brackets of a filter or path stand in each other more than `limit` deep."""
    if text.count("(") + text.count("[") <= limit:
        return False
    depth = deepest = 0
    for bracket in _BRACKET.findall(_QUOTED.sub("", text)):
        depth += 1 if bracket in "([" else -1
        deepest = max(deepest, depth)
    return deepest > limit


def has_more_comparisons(shape: str, limit: int) -> bool:
    """Whether a filter, its strings taken out, compares more often than that."""
    return len(_JOINT.findall(shape)) >= limit
