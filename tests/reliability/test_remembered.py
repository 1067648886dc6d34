"""What a node remembers of tokens and connections is forgotten everywhere when it changes (R2, R3).

Against two processes of the production server. They would remember for an hour: only a notification of
PostgreSQL makes them forget.
"""

import time
from collections.abc import Iterator

import httpx
import pytest

from deskscim.provisioning.models import Connection, Token
from tests.benchmarks.server import gunicorn
from tests.factories import ConnectionFactory

from .test_raw_requests import database_url

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

REQUESTS = 40  # enough for both processes to have answered
PATIENCE = 10  # seconds; a notification takes milliseconds


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def token(connection: Connection) -> tuple[Token, str]:
    return Token.issue(name="Test", connection=connection)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("DESKSCIM_REMEMBER_SECONDS", "3600")
    with gunicorn("deskscim.wsgi:application", "deskscim.settings") as port:
        yield f"http://127.0.0.1:{port}/entra/Users?filter=externalId+eq+%22x%22"


def statuses(url: str, secret: str) -> set[int]:
    """What many requests are answered, each over a connection of its own, so that both processes answer."""
    headers = {"Authorization": f"Bearer {secret}"}
    return {httpx.get(url, headers=headers, trust_env=False).status_code for _ in range(REQUESTS)}


def becomes(url: str, secret: str, status: int) -> bool:
    """Whether all processes come to give this answer, and stay with it."""
    deadline = time.monotonic() + PATIENCE
    while statuses(url, secret) != {status}:
        if time.monotonic() > deadline:
            return False
    return statuses(url, secret) == {status}


def test_a_revoked_token_ends_on_every_node(url: str, token: tuple[Token, str]) -> None:
    """R2: 401."""
    known, secret = token
    assert becomes(url, secret, 200)
    known.revoke()
    assert becomes(url, secret, 401)


def test_a_connection_is_switched_off_and_on_past_the_models(
    url: str, token: tuple[Token, str], connection: Connection
) -> None:
    """R4: the database notifies, whoever writes."""
    _, secret = token
    assert becomes(url, secret, 200)
    Connection.objects.filter(pk=connection.pk).update(enabled=False)
    assert becomes(url, secret, 503)
    Connection.objects.filter(pk=connection.pk).update(enabled=True)
    assert becomes(url, secret, 200)


def test_a_token_that_is_deleted_is_unknown(url: str, token: tuple[Token, str]) -> None:
    """R2: 401, not 500."""
    known, secret = token
    assert becomes(url, secret, 200)
    Token.objects.filter(pk=known.pk).delete()
    assert becomes(url, secret, 401)
