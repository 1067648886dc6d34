"""Tests of the Django admin play with the whole cast."""

from tests.cast import admin, admin_client, agent, agent_client, manager, manager_client

__all__ = ["admin", "admin_client", "agent", "agent_client", "manager", "manager_client"]
