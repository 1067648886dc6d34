"""The people who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgentsConfig(AppConfig):
    """Agents, managers and admins (R48)."""

    name = "deskscim.agents"
    verbose_name = _("Agents")
    label = "agents"
