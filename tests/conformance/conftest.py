"""A live /entra with one connection that holds nobody, as the outside testers need it."""

from dataclasses import dataclass

import pytest
from pytest_django.live_server_helper import LiveServer

from deskscim.provisioning.models import Connection, Token
from tests.factories import ConnectionFactory


@dataclass(frozen=True, slots=True)
class Tenant:
    """What an administrator copies from the portal into a client: Tenant URL and secret token."""

    connection: Connection
    url: str
    secret: str


@pytest.fixture
def tenant(live_server: LiveServer, transactional_db: None) -> Tenant:
    """An empty connection, reached over HTTP."""
    connection = ConnectionFactory()
    _, secret = Token.issue(name="Conformance", connection=connection)
    return Tenant(connection, f"{live_server.url}/entra", secret)
