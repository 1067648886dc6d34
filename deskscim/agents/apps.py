"""The people who sign in."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """Agents, managers and admins (R48)."""

    name = "deskscim.agents"
    label = "agents"
