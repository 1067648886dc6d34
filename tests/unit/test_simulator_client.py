"""The simulated Entra's HTTP client against a real server that answers from a script."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from deskscim.provisioning.simulator.client import ScimClient
from deskscim.provisioning.simulator.errors import RequestFailedError, TokenRefusedError
from deskscim.provisioning.simulator.report import Tally

SCIM = "application/scim+json"


@dataclass
class Seen:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: Message
    body: str
    peer: tuple[str, int]


@dataclass
class Answer:
    status: int = 200
    body: object = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class Script(HTTPServer):
    """Gives its answers in turn, and the last one for ever."""

    answers: list[Answer]
    seen: list[Seen]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/entra"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Script

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        script = self.server
        script.seen.append(Seen(self.command, self.path, self.headers, body, self.client_address))
        answer = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
        content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        headers = {"Content-Type": SCIM, "Content-Length": str(len(content))} | answer.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep the test's output clean."""


@pytest.fixture
def script() -> Iterator[Script]:
    server = Script(("127.0.0.1", 0), Handler)
    server.answers, server.seen = [Answer()], []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(script: Script) -> Iterator[ScimClient]:
    with ScimClient(script.url, "secret-token", tally=Tally()) as client:
        yield client


def test_headers_and_persistent_connection(script: Script, client: ScimClient) -> None:
    client.send("create", "POST", "/Users", body={"userName": "ada"}, expect=(200,))
    client.send("read", "GET", "/Users/7")
    post, get = script.seen
    assert post.headers["Authorization"] == "Bearer secret-token"
    assert post.headers["Content-Type"] == "application/scim+json; charset=utf-8"
    assert "ADSCIMVersion" in post.headers
    assert json.loads(post.body) == {"userName": "ada"}
    assert get.target == "/entra/Users/7"
    assert get.headers["Content-Type"] is None
    assert post.peer == get.peer


def test_query_goes_out_byte_for_byte(script: Script, client: ScimClient) -> None:
    query = 'filter=emails[type+eq+"work"].value+eq+"a%2Bb"&aadOptscim062020'
    client.send("match", "GET", "/Users", query)
    assert script.seen[0].target == f"/entra/Users?{query}"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_retries_after_the_time_asked_for(script: Script, client: ScimClient, status: int) -> None:
    script.answers = [Answer(status, headers={"Retry-After": "0"}), Answer(body={"id": "7"})]
    assert client.send("read", "GET", "/Users/7") == {"id": "7"}
    line = client.tally.lines["read"]
    assert (len(script.seen), len(line.seconds), line.retries, line.failures) == (2, 1, 1, 0)


def test_gives_up_after_three_tries(script: Script, client: ScimClient) -> None:
    script.answers = [Answer(503, {"detail": "off"}, {"Retry-After": "0"})]
    with pytest.raises(RequestFailedError, match="read GET: 503 off"):
        client.send("read", "GET", "/Users/7")
    line = client.tally.lines["read"]
    assert (len(script.seen), line.retries, line.failures) == (3, 2, 1)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(409, {"scimType": "uniqueness", "detail": "taken"}), "read GET: 409 uniqueness taken"),
        (Answer(302, headers={"Location": "/entra/Users/7/"}), "read GET: 302"),
        (Answer(204, b""), "read GET: 204"),
        (Answer(200, {"id": "7"}, {"Content-Type": "application/json"}), "not application/scim"),
        (Answer(200, b"<html>"), "no JSON object"),
        (Answer(200, []), "no JSON object"),
    ],
)
def test_unexpected_answers_fail(script: Script, client: ScimClient, answer: Answer, message: str) -> None:
    script.answers = [answer]
    with pytest.raises(RequestFailedError, match=message):
        client.send("read", "GET", "/Users/7")
    assert len(script.seen) == 1
    assert client.tally.lines["read"].failures == 1


@pytest.mark.parametrize("status", [401, 403])
def test_refused_token_ends_it_all(script: Script, client: ScimClient, status: int) -> None:
    script.answers = [Answer(status)]
    with pytest.raises(TokenRefusedError):
        client.send("probe", "GET", "/Users")


def test_list_must_count_what_it_shows(script: Script, client: ScimClient) -> None:
    script.answers = [Answer(body={"totalResults": 2, "Resources": [{"id": "7"}]})]
    with pytest.raises(RequestFailedError, match="totalResults"):
        client.find("match", "/Users", "filter=x")


def test_pages_reads_everybody(script: Script, client: ScimClient) -> None:
    users = [{"id": str(number)} for number in range(150)]
    pages = [users[:100], users[100:]]
    script.answers = [Answer(body={"totalResults": 150, "Resources": page}) for page in pages]
    assert list(client.pages()) == users
    assert [seen.target.partition("?")[2] for seen in script.seen] == [
        "startIndex=1&count=100",
        "startIndex=101&count=100",
    ]


def test_pages_notices_a_list_that_never_ends(script: Script, client: ScimClient) -> None:
    script.answers = [Answer(body={"totalResults": 5, "Resources": []})]
    with pytest.raises(RequestFailedError, match="no Resources"):
        list(client.pages())


def simulate(base_url: str, *options: str) -> None:
    call_command("simulate_entra", "--base-url", base_url, "--token", "secret-token", *options)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--users", "0", "whole number"),
        ("--cycles", "-1", "whole number"),
        ("--change-rate", "1.5", "between 0 and 1"),
        ("--rate", "nan", "negative"),
        ("--dialect", "klingon", "invalid choice"),
        ("--base-url", "helpdesk.example/entra", "no Tenant URL"),
        ("--base-url", "http://127.0.0.1:99999/entra", "no Tenant URL"),
        ("--token", "", "token is needed"),
    ],
)
def test_command_says_what_is_wrong_with_an_option(option: str, value: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        simulate("http://127.0.0.1:9/entra", f"{option}={value}")


def test_command_says_that_nobody_answers(script: Script) -> None:
    with pytest.raises(CommandError, match="No SCIM server answers at http"):
        simulate("http://127.0.0.1:1/entra")


def test_command_says_that_the_token_is_refused_and_keeps_it_to_itself(script: Script) -> None:
    script.answers = [Answer(401)]
    with pytest.raises(CommandError, match="refuses the token") as caught:
        simulate(script.url)
    assert "secret-token" not in str(caught.value)


def test_command_stops_when_everybody_fails(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = Answer(body={"totalResults": 0, "Resources": []})
    script.answers = [nobody, nobody, nobody, nobody, Answer(400, {"scimType": "invalidFilter"})]
    with pytest.raises(CommandError, match="20 people in a row failed"):
        simulate(script.url, "--users", "50")
    assert len(script.seen) == 24
    assert "failed: " in capsys.readouterr().out
