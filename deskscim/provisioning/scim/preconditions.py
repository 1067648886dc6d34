"""Versions of a resource and the conditions that a client ties to them (RFC 7644 3.14, RFC 9110 13.1).

Tags are weak and compare weakly, as RFC 7644 has it: two answers of one version may differ in the attributes
that they show, never in who the user is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InvalidSyntax, PreconditionFailed

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_TAGS = re.compile(r'(?:[ \t,]*(?:W/)?"[\x21\x23-\x7e\x80-\xff]*")+[ \t,]*')


def entity_tag(version: int) -> str:
    """The ETag and the meta.version of a resource."""
    return f'W/"{version}"'


@dataclass(frozen=True, slots=True)
class Preconditions:
    """If-Match and If-None-Match as they came; None for a header that did not."""

    match: str | None = None
    none_match: str | None = None

    @classmethod
    def of(cls, meta: Mapping[str, Any]) -> "Preconditions":
        """Those of a request's META. Few requests have any."""
        match, none_match = meta.get("HTTP_IF_MATCH"), meta.get("HTTP_IF_NONE_MATCH")
        return NONE if match is None and none_match is None else cls(match, none_match)

    def check(self, version: int, *, writes: bool) -> None:
        """Raises PreconditionFailed, and InvalidSyntax where it cannot be told what the client means.

        If-None-Match is a condition of writes; a read that meets it is answered 304 (`is_known`).
        """
        if self.match is not None and not _matches(self.match, version, "If-Match"):
            raise PreconditionFailed("The user has changed: its version is no longer the one in If-Match.")
        if writes and self.none_match is not None and _matches(self.none_match, version, "If-None-Match"):
            raise PreconditionFailed("If-None-Match forbids the change: the user has this version.")

    def is_known(self, version: int) -> bool:
        """Whether a reading client has this version already. A header that cannot be read says no."""
        if self.none_match is None:
            return False
        try:
            return _matches(self.none_match, version, "If-None-Match")
        except InvalidSyntax:
            return False


NONE = Preconditions()


def _matches(header: str, version: int, name: str) -> bool:
    """Whether a header names the version, or any. Raises InvalidSyntax."""
    if header.strip() == "*":
        return True
    if not _TAGS.fullmatch(header):
        raise InvalidSyntax(f'{name} must be * or entity tags such as W/"1".')
    return str(version) in _TAG.findall(header)
