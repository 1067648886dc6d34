"""RFC 7644 3.12 on every path below /entra, known or not: one shape, a string as status, never HTML (R6)."""

import pytest

from contacts.models import Contact
from deskscim.provisioning.models import LogEntry

from .conftest import Scim, person
from .test_access import ALL, VERBS

pytestmark = pytest.mark.django_db

UNUSUAL = ["TRACE", "PROPFIND", "LINK", "get", "X"]
SCIM_TYPES = {
    400: {
        "invalidFilter",
        "invalidSyntax",
        "invalidValue",
        "invalidPath",
        "invalidCount",
        "invalidCursor",
        "noTarget",
        "mutability",
        "tooMany",
    },
    409: {"uniqueness"},
}
BODIES = {
    "nothing": (b"", "application/scim+json"),
    "an array": (b"[]", "application/scim+json"),
    "an empty object": (b"{}", "application/json"),
    "a form": (b"userName=ann", "application/x-www-form-urlencoded"),
    "a text": (b'{"userName": "ann"}', "text/plain"),
    "another charset": (b"\xff\xfe{\x00}\x00", "application/scim+json; charset=utf-16"),
}


def is_scim_error(answer: object) -> bool:
    """Whether the answer is what RFC 7644 3.12 describes."""
    status, body = answer.status_code, answer.json()  # type: ignore[attr-defined]
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert (body["status"], bool(body["detail"])) == (str(status), True)
    assert body.keys() <= {"schemas", "status", "detail", "scimType"}
    allowed = SCIM_TYPES.get(status, set())
    return body["scimType"] in allowed if allowed else "scimType" not in body


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("method", [*VERBS, *UNUSUAL])
def test_whatever_is_sent(scim: Scim, path: str, method: str) -> None:
    """A refusal says why in SCIM's words; nothing that is no user becomes one."""
    for sent, (body, content_type) in BODIES.items():
        answer = scim.send(method, path, body, content_type=content_type)
        assert answer.status_code < 500 or answer.status_code == 501, sent
        assert answer.headers["Content-Type"] == "application/scim+json", sent
        assert method == "HEAD" or answer.status_code < 400 or is_scim_error(answer), sent
        assert answer.status_code != 405 or answer.headers["Allow"], sent
    assert not Contact.objects.exists()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_the_collection_takes_no_change(scim: Scim, method: str) -> None:
    answer = scim.send(method, "/Users", person())
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert is_scim_error(answer)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/jsonx"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/Users"),
        ("PUT", "/Users/{id}"),
        ("PATCH", "/Users/{id}"),
        ("POST", "/Users/.search"),
        ("POST", "/.search"),
        ("POST", "/Bulk"),
    ],
)
def test_another_media_type(scim: Scim, method: str, path: str, content_type: str) -> None:
    """415, and R44: the log has the reason."""
    user = scim.created()
    answer = scim.send(method, path.format(id=user.pk), person(), content_type=content_type)
    assert (answer.status_code, is_scim_error(answer)) == (415, True)
    assert LogEntry.objects.latest("id").reason == "unsupported_media_type"
