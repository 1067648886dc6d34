"""The cast of every portal test: one person of each role (R48), and a client signed in as each."""

import pytest
from django.test import Client

from deskscim.agents.models import Agent
from deskscim.agents.roles import Role

from .factories import AgentFactory


@pytest.fixture
def agent(db: None) -> Agent:
    """Ada, an agent."""
    return AgentFactory(name="Ada Agent", email="ada@helpdesk.example", role=Role.AGENT)


@pytest.fixture
def manager(db: None) -> Agent:
    """Mia, a manager."""
    return AgentFactory(name="Mia Manager", email="mia@helpdesk.example", role=Role.MANAGER)


@pytest.fixture
def admin(db: None) -> Agent:
    """Abe, an admin."""
    return AgentFactory(name="Abe Admin", email="abe@helpdesk.example", role=Role.ADMIN)


def signed_in(agent: Agent) -> Client:
    """A client with the session of `agent`."""
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def agent_client(agent: Agent) -> Client:
    """Ada's."""
    return signed_in(agent)


@pytest.fixture
def manager_client(manager: Agent) -> Client:
    """Mia's."""
    return signed_in(manager)


@pytest.fixture
def admin_client(admin: Agent) -> Client:
    """Abe's."""
    return signed_in(admin)
