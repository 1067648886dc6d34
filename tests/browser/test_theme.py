"""The agent's colours go before the system's."""

from typing import Literal

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from deskscim.agents.models import Agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Scheme = Literal["light", "dark"]


def lightness(page: Page) -> float:
    """Of the page's ground: 1 for white."""
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return float(colour.removeprefix("oklch(").split()[0])


@pytest.mark.parametrize(
    ("system", "theme", "is_dark"),
    [
        ("light", "", False),
        ("dark", "", True),
        ("light", "dark", True),
        ("dark", "light", False),
    ],
)
def test_colours_are_the_agents_else_the_systems(
    portal: Page, live_server: LiveServer, system: Scheme, theme: str, is_dark: bool
) -> None:
    Agent.objects.update(theme=theme)
    portal.emulate_media(color_scheme=system)

    portal.goto(live_server.url)

    assert (lightness(portal) < 0.5) is is_dark
