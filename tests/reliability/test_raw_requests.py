"""Requests that only a socket can send, against the production server: it answers and changes nothing."""

import os
import socket
from collections.abc import Callable, Iterator
from urllib.parse import quote

import orjson
import pytest
from django.db import connection as database

from contacts.models import Contact
from deskscim.provisioning.models import Token
from deskscim.provisioning.scim import limits
from tests.benchmarks.server import gunicorn
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20  # seconds until a test gives up on an answer
USER = b'{"userName": "ann@northwind.example"}'

Send = Callable[..., tuple[int, dict[str, str], bytes]]


def database_url() -> str:
    """The test database, as an address for another process."""
    name = str(database.settings_dict["NAME"])
    if database.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[int]:
    """Where the server listens, its log captured."""
    monkeypatch.setenv("DATABASE_URL", database_url())
    with gunicorn("deskscim.wsgi:application", "deskscim.settings") as found:
        yield found


@pytest.fixture
def send(port: int) -> Send:
    """Send bytes; the status, headers and body of the answer."""
    _, secret = Token.issue(name="Test", connection=ConnectionFactory())

    def sent(head: str, body: bytes = b"", *, close: bool = False) -> tuple[int, dict[str, str], bytes]:
        lines = [*head.split("\n"), f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {secret}"]
        lines += ["Connection: close", "", ""]
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as found:
            found.sendall("\r\n".join(lines).encode("latin-1") + body)
            if close:
                found.shutdown(socket.SHUT_WR)
            with found.makefile("rb") as stream:
                return parsed(stream.read())

    return sent


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, body


def post(*headers: str) -> str:
    return "\n".join(["POST /entra/Users HTTP/1.1", "Content-Type: application/scim+json", *headers])


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def test_lengths_that_are_odd(send: Send, capfd: pytest.CaptureFixture[str]) -> None:
    """What reaches us is a SCIM error; what breaks HTTP itself is the server's to refuse."""
    ours: list[tuple[str, bytes, bool, int]] = [
        (post(), USER, True, 400),
        (post("Content-Length: 0"), b"", False, 400),
        (post("Content-Length: 5"), USER, True, 400),
        (post("Content-Length: 500"), USER, True, 400),
        (post(f"Content-Length: {limits.BODY + 1}"), USER, True, 413),
        (post("Content-Length: " + "9" * 12), USER, True, 413),
        (post("Transfer-Encoding: chunked"), b"0\r\n\r\n", False, 400),
        (post("Transfer-Encoding: chunked"), chunked(b'{"userName": '), False, 400),
        (post("Transfer-Encoding: chunked"), chunked(b"x" * (limits.BODY + 1)), False, 413),
        (post("Transfer-Encoding: chunked"), b"25\r\n" + USER[:9], True, 400),
    ]
    for head, body, close, status in ours:
        answer = send(head, body, close=close)
        assert answer[0] == status, (head, answer)
        assert answer[1]["content-type"] == "application/scim+json"
        assert orjson.loads(answer[2])["status"] == str(status)
    for length in ("-1", "x", "1e3", "5, 5", "+5", "\xb2", "0x10"):
        assert send(post(f"Content-Length: {length}"), USER, close=True)[0] == 400
    assert send(post("Content-Length: 37", "Transfer-Encoding: chunked"), chunked(USER), close=True)[0] < 500
    assert_unharmed(send, capfd)


def test_a_body_in_chunks_is_read(send: Send) -> None:
    """Some clients know no length when they begin to send (RFC 9112 7.1)."""
    assert send(post("Transfer-Encoding: chunked"), chunked(USER))[0] == 201
    assert Contact.objects.get().user_name == "ann@northwind.example"


def test_answers_without_a_body_announce_none(send: Send) -> None:
    """RFC 9110 8.6: no Content-Length with 204, none of 0 with 304."""
    _, headers, body = send(post(f"Content-Length: {len(USER)}"), USER)
    path = headers["location"].partition("/entra")[2]
    status, headers, body = send(f"GET /entra{path} HTTP/1.1\nIf-None-Match: {headers['etag']}")
    assert (status, body, headers.get("content-length", "")) == (304, b"", "")
    status, headers, body = send(f"DELETE /entra{path} HTTP/1.1")
    assert (status, body, headers.get("content-length", "")) == (204, b"", "")


def test_heads_that_are_odd(send: Send, capfd: pytest.CaptureFixture[str]) -> None:
    """4xx, never a traceback; quotes and brackets, which Entra sends raw, are taken (R13)."""
    taken = [
        '/Users?filter=title eq "x"'.replace(" ", "%20"),
        "/Users?filter=emails[type%20eq%20%22work%22]",
        "//Users",
    ]
    for path in taken:
        assert send(f"GET /entra{path} HTTP/1.1")[0] == 200, path
    refused = [
        "GET /entra/Users?filter=title eq x HTTP/1.1",
        "GET /entra/\x00 HTTP/1.1",
        "GET /entra/Users",
        "GET /entra/Users HTTP/9.9",
        "\x16\x03\x01\x02\x00",
        "G\xcbT /entra/Users HTTP/1.1",
        "GET entra/Users HTTP/1.1",
        "GET /entra/Users HTTP/1.1\nBad Header: x",
        "GET /entra/Users HTTP/1.1\nX: \x00",
        "GET /entra/Users HTTP/1.1\nHost: x y",
        "GET /entra/Users HTTP/1.1\nX: " + "x" * 100_000,
        "GET /entra/" + "x" * 100_000 + " HTTP/1.1",
        "GET /entra/Users HTTP/1.1\n" + "\n".join(f"X-{number}: 1" for number in range(500)),
        "PATCH /entra/Users/1 HTTP/1.1\nAuthorization: Bearer \xff\xfe",
        "GET /entra/Users HTTP/1.1\nExpect: x",
    ]
    for head in refused:
        status, headers, body = send(head, close=True)
        assert 400 <= status < 500, head[:60]
        assert headers["content-type"] == "application/scim+json", head[:60]
        assert orjson.loads(body)["status"] == str(status)
    assert_unharmed(send, capfd)


def test_what_is_no_http_leaves_no_person_in_the_log(send: Send, capfd: pytest.CaptureFixture[str]) -> None:
    """A filter that came unescaped breaks the request line; it names somebody all the same."""
    assert send('GET /entra/Users?filter=userName eq "ann@northwind.example" HTTP/1.1')[0] == 400
    assert "ann@" not in capfd.readouterr().err


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "PATH_INFO", "script_name"])
def test_a_header_does_not_move_the_endpoint(send: Send, name: str) -> None:
    """R1: an endpoint is where its address says, whatever a proxy lets through."""
    assert send(f"GET /entra/Users HTTP/1.1\n{name}: /entra/Groups")[0] == 200
    assert send(f"GET /entra/Nobody HTTP/1.1\n{name}: /entra/Users")[0] == 404


def test_the_longest_filter_fits_in_an_address(send: Send) -> None:
    """Escaped as clients do it; its limit is the setting's, not the server's."""
    words = "x " * ((limits.FILTER_LENGTH - len('title eq ""')) // 2)
    for condition, status in ((f'title eq "{words}"', 200), (f'title eq "{words} x"', 400)):
        assert send(f"GET /entra/Users?filter={quote(condition)} HTTP/1.1")[0] == status


def assert_unharmed(send: Send, capfd: pytest.CaptureFixture[str]) -> None:
    """The server still answers, nobody was created, and nothing was reported as its own fault."""
    assert send("GET /entra/Users HTTP/1.1")[0] == 200
    assert Contact.objects.count() == 0
    assert "Traceback" not in capfd.readouterr().err
