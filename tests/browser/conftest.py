"""A live server with its stylesheet, a signed-in browser page, and Entra calling over real HTTP."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from deskscim.agents.roles import Role
from deskscim.provisioning.models import Token
from tests.factories import PASSWORD, AgentFactory, ConnectionFactory
from tests.jobs import run_queued

Go = Callable[..., None]


@dataclass
class Entra:
    """One tenant that pushes to the live server."""

    http: httpx.Client

    def create(self, **attributes: Any) -> str:
        """POST a user; its SCIM id."""
        answer = self.http.post(
            "/Users", json={"externalId": str(uuid.uuid4()), "active": True, **attributes}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def change(self, user_id: str, path: str, value: object) -> None:
        """PATCH one attribute, in the legacy dialect."""
        operation = {"op": "Replace", "path": path, "value": value}
        answer = self.http.patch(f"/Users/{user_id}", json={"Operations": [operation]})
        assert answer.status_code == 200, answer.text

    def delete(self, user_id: str) -> None:
        """DELETE."""
        assert self.http.delete(f"/Users/{user_id}").status_code == 204


@pytest.fixture
def entra(live_server: LiveServer) -> Iterator[Entra]:
    """A connected tenant."""
    _, secret = Token.issue(name="Story", connection=ConnectionFactory(name="Contoso tenant"))
    with httpx.Client(
        base_url=f"{live_server.url}/entra", headers={"Authorization": f"Bearer {secret}"}, trust_env=False
    ) as http:
        yield Entra(http)


@pytest.fixture
def portal(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """The portal, an admin signed in. A request to another host or an error in the console fails the test."""
    AgentFactory(email="admin@helpdesk.example", name="Abe Admin", role=Role.ADMIN)
    faults: list[str] = []
    page.on(
        "request", lambda request: None if _is_ours(request.url, live_server) else faults.append(request.url)
    )
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(live_server.url)
    page.get_by_label("E-mail address").fill("admin@helpdesk.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Contacts", level=1).wait_for()
    yield page
    assert faults == []


def _is_ours(url: str, live_server: LiveServer) -> bool:
    return url.startswith((live_server.url, "data:", "blob:"))


@pytest.fixture
def go(portal: Page, live_server: LiveServer) -> Go:
    """Open a page by the name of its address."""

    def go(name: str, *args: object, query: str = "") -> None:
        portal.goto(live_server.url + reverse(name, args=args) + query)

    return go


@pytest.fixture
def work() -> Callable[[], None]:
    """A worker that does what waits, on a connection of its own."""

    def work() -> None:
        run_queued()
        connections.close_all()

    def in_a_thread() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(work).result()

    return in_a_thread
