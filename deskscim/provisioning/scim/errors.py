"""The errors a SCIM client may see (RFC 7644 3.12). Each class knows its status, scimType and reason.

The detail is a sentence for the administrator who reads Entra's provisioning log. It may name an attribute
and a limit, never a stored value of somebody else, and never what a database says.
"""

from collections.abc import Iterable
from typing import Any

from django_scim.exceptions import SCIMException

from .schema import ERROR


class ScimError(SCIMException):  # type: ignore[misc]  # the library is untyped
    """A request that was refused. `reason` is the stable code under which the provisioning log keeps it."""

    status = 500
    scim_type: str | None = None
    reason = "error"

    def __init__(self, detail: str, *, reason: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.reason = reason or self.reason

    @property
    def headers(self) -> dict[str, str]:
        """Headers that the answer needs beside its body."""
        return {}

    def to_dict(self) -> dict[str, Any]:
        """The body of RFC 7644 3.12; `status` is a string there."""
        body = {"schemas": [ERROR], "status": str(self.status), "detail": self.detail}
        return {**body, "scimType": self.scim_type} if self.scim_type else body


class BadRequest(ScimError):
    """400: what the client sent cannot be carried out as it stands."""

    status = 400
    reason = "bad_request"


class InvalidFilter(BadRequest):
    """R13: a filter that cannot be read or is not supported is refused, never answered with a wider list."""

    scim_type = "invalidFilter"
    reason = "invalid_filter"


class TooMany(BadRequest):
    """RFC 7644 3.12: a filter that asks for more work than the server is willing to do."""

    scim_type = "tooMany"
    reason = "too_many"


class InvalidSyntax(BadRequest):
    """RFC 7644 3.12: the body is no JSON object, or not the message that the endpoint takes."""

    scim_type = "invalidSyntax"
    reason = "invalid_syntax"


class InvalidValue(BadRequest):
    """RFC 7644 3.12: a required value is missing (R16), or a value does not fit its attribute."""

    scim_type = "invalidValue"
    reason = "invalid_value"


class InvalidPath(BadRequest):
    """RFC 7644 3.12: the path of a PATCH operation is malformed, or that of sortBy names no attribute."""

    scim_type = "invalidPath"
    reason = "invalid_path"


class InvalidCursor(BadRequest):
    """RFC 9865 2.1: the cursor was not given out for this query."""

    scim_type = "invalidCursor"
    reason = "invalid_paging"


class InvalidCount(BadRequest):
    """RFC 9865 2.1: beside a cursor, a count that is no page's size."""

    scim_type = "invalidCount"
    reason = "invalid_paging"


class NoTarget(BadRequest):
    """RFC 7644 3.5.2.2: a remove without a path; 3.5.2.3: a filter that finds and can create nothing."""

    scim_type = "noTarget"
    reason = "no_target"


class Mutability(BadRequest):
    """RFC 7644 3.5.2: a change of a read-only attribute, or the removal of a required one."""

    scim_type = "mutability"
    reason = "mutability"


class Uniqueness(ScimError):
    """409 (RFC 7644 3.3): R15, R17, R23. The detail reveals nothing of the contact that stands in the way."""

    status = 409
    scim_type = "uniqueness"
    reason = "uniqueness"


class UnresolvedReference(ScimError):
    """409 (RFC 7644 3.7.1): an operation of a Bulk waits for one that failed, or in a circle."""

    status = 409
    reason = "reference_unresolved"


class Unauthorized(ScimError):
    """401 (R2): the token is missing, unknown, revoked or expired. Never for a fault in the data."""

    status = 401
    reason = "unauthorized"

    @property
    def headers(self) -> dict[str, str]:
        """RFC 6750 3: the challenge without which a 401 is incomplete."""
        return {"WWW-Authenticate": 'Bearer realm="DeskSCIM"'}


class Forbidden(ScimError):
    """403 (R2): the token is known and lacks the scope."""

    status = 403
    reason = "forbidden"


class NotFound(ScimError):
    """404: no such resource, for this connection (R4, R28)."""

    status = 404
    reason = "not_found"


class MethodNotAllowed(ScimError):
    """405: the endpoint exists and does not take this verb."""

    status = 405
    reason = "method_not_allowed"

    def __init__(self, detail: str, *, allowed: Iterable[str], reason: str = "") -> None:
        super().__init__(detail, reason=reason)
        self.allowed = tuple(allowed)

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110 15.5.6: the verbs that the endpoint does take."""
        return {"Allow": ", ".join(self.allowed)}


class PreconditionFailed(ScimError):
    """412 (RFC 7644 3.14): the resource is not, or no longer, the one that the client speaks of."""

    status = 412
    reason = "version_differs"


class PayloadTooLarge(ScimError):
    """413: the body, or the number of its operations, is beyond what one request may hold."""

    status = 413
    reason = "payload_too_large"


class UnsupportedMediaType(ScimError):
    """415: the body is neither application/scim+json nor application/json (RFC 7644 3.1)."""

    status = 415
    reason = "unsupported_media_type"


class NotSupported(ScimError):
    """501: a part of SCIM that this server does not offer (R5)."""

    status = 501
    reason = "not_supported"


class Unavailable(ScimError):
    """503: the connection is switched off (R4), or has reached its limit (R47). Entra tries again later."""

    status = 503
    reason = "unavailable"

    def __init__(self, detail: str, *, retry_after: int, reason: str = "") -> None:
        super().__init__(detail, reason=reason)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110 10.2.3, in seconds."""
        return {"Retry-After": str(self.retry_after)}
