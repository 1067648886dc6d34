"""SCIM errors: status, scimType, body and headers (RFC 7644 3.12)."""

import pytest
from django_scim.exceptions import SCIMException

from deskscim.provisioning.scim import errors

KINDS: list[tuple[type[errors.ScimError], int, str | None, str]] = [
    (errors.InvalidFilter, 400, "invalidFilter", "invalid_filter"),
    (errors.InvalidSyntax, 400, "invalidSyntax", "invalid_syntax"),
    (errors.InvalidValue, 400, "invalidValue", "invalid_value"),
    (errors.InvalidPath, 400, "invalidPath", "invalid_path"),
    (errors.NoTarget, 400, "noTarget", "no_target"),
    (errors.Mutability, 400, "mutability", "mutability"),
    (errors.Unauthorized, 401, None, "unauthorized"),
    (errors.Forbidden, 403, None, "forbidden"),
    (errors.NotFound, 404, None, "not_found"),
    (errors.Uniqueness, 409, "uniqueness", "uniqueness"),
    (errors.PayloadTooLarge, 413, None, "payload_too_large"),
    (errors.UnsupportedMediaType, 415, None, "unsupported_media_type"),
    (errors.NotSupported, 501, None, "not_supported"),
]


@pytest.mark.parametrize(("kind", "status", "scim_type", "reason"), KINDS)
def test_an_error_knows_its_status_and_its_words(
    kind: type[errors.ScimError], status: int, scim_type: str | None, reason: str
) -> None:
    """RFC 7644 3.12: `status` is a string in the body, scimType is there only where the RFC names one."""
    error = kind("A sentence.")
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": str(status),
        "detail": "A sentence.",
    }
    assert (error.status, error.reason) == (status, reason)
    assert error.to_dict() == (body | {"scimType": scim_type} if scim_type else body)


def test_an_error_is_one_of_the_library() -> None:
    """django-scim2's own handlers know it as theirs."""
    assert issubclass(errors.ScimError, SCIMException)


def test_a_raise_may_give_a_finer_reason() -> None:
    """R44: the log tells one conflict from another."""
    error = errors.Uniqueness("The externalId is taken.", reason="external_id_taken")
    assert error.reason == "external_id_taken"
    assert errors.Uniqueness("Another.").reason == "uniqueness"


def test_a_401_brings_its_challenge() -> None:
    """R2, RFC 6750 3."""
    assert errors.Unauthorized("No token.").headers["WWW-Authenticate"].startswith("Bearer")


def test_a_503_says_when_to_come_back() -> None:
    """R4, R47."""
    error = errors.Unavailable("Switched off.", retry_after=600, reason="connection_off")
    assert (error.status, error.reason, error.headers) == (503, "connection_off", {"Retry-After": "600"})


def test_a_405_names_the_verbs() -> None:
    """RFC 9110 15.5.6."""
    error = errors.MethodNotAllowed("Read only.", allowed=["GET", "PUT"])
    assert (error.status, error.headers) == (405, {"Allow": "GET, PUT"})
