"""A live /entra with one connection that holds nobody, as the outside testers need it."""

from dataclasses import dataclass

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from pytest_django.live_server_helper import LiveServer

from deskscim.provisioning.models import Connection, Token
from tests.factories import ConnectionFactory
from tests.scim.conftest import Scim, scim_of


@dataclass(frozen=True, slots=True)
class Tenant:
    """What an administrator copies from the portal into a client: Tenant URL and secret token."""

    connection: Connection
    url: str
    secret: str


@pytest.fixture
def tenant(live_server: LiveServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """An empty connection, reached over HTTP.

    Django's server writes headers and body apart; the second would wait 40 ms for the first to be confirmed.
    """
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
    connection = ConnectionFactory()
    _, secret = Token.issue(name="Conformance", connection=connection)
    return Tenant(connection, f"{live_server.url}/entra", secret)


@pytest.fixture
def scim(db: None) -> Scim:
    """A client of an empty connection, for testers that are played from their documents."""
    return scim_of(ConnectionFactory())
