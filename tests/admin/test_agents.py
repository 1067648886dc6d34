"""Agents in the Django admin (R48)."""

from django.test import Client
from django.urls import reverse

from deskscim.agents.models import Agent

ADD = "/admin/agents/agent/add/"
LIST = "/admin/agents/agent/"
SECRET = "four plain English words"


def page(name: str, agent: Agent) -> str:
    return reverse(f"admin:agents_agent_{name}", args=[agent.pk])


def test_a_new_agent_can_sign_in(admin_client: Client) -> None:
    passwords = {"password1": SECRET, "password2": SECRET}
    admin_client.post(ADD, {"name": "New", "email": "New@Helpdesk.example", "role": "manager", **passwords})
    made = Agent.objects.get(email="new@helpdesk.example")
    assert (made.name, made.role, made.check_password(SECRET)) == ("New", "manager", True)


def test_a_weak_password_is_refused(admin_client: Client) -> None:
    passwords = {"password1": "password", "password2": "password"}
    answer = admin_client.post(
        ADD, {"name": "N", "email": "n@helpdesk.example", "role": "agent", **passwords}
    )
    assert "too common" in answer.content.decode()
    assert not Agent.objects.filter(email="n@helpdesk.example").exists()


def test_an_address_signs_in_one_agent_whatever_its_case(admin_client: Client, agent: Agent) -> None:
    passwords = {"password1": SECRET, "password2": SECRET}
    answer = admin_client.post(ADD, {"name": "N", "email": agent.email.upper(), "role": "agent", **passwords})
    assert "already exists" in answer.content.decode()


def test_an_agent_gets_a_role_and_is_deactivated(admin_client: Client, agent: Agent) -> None:
    admin_client.post(page("change", agent), {"name": "Ada", "email": agent.email, "role": "manager"})
    agent.refresh_from_db()
    assert (agent.role, agent.is_active) == ("manager", False)


def test_nobody_takes_their_own_rights_away(admin_client: Client, admin: Agent) -> None:
    admin_client.post(page("change", admin), {"name": "Abe", "email": admin.email, "role": "agent"})
    admin.refresh_from_db()
    assert (admin.name, admin.role, admin.is_active) == ("Abe", "admin", True)


def test_nobody_deletes_themselves(admin_client: Client, admin: Agent, agent: Agent) -> None:
    assert admin_client.post(page("delete", admin), {"post": "yes"}).status_code == 403
    selection = {"action": "delete_selected", "_selected_action": [admin.pk, agent.pk], "post": "yes"}
    assert admin_client.post(LIST, selection).status_code == 403
    assert Agent.objects.count() == 2
    admin_client.post(page("delete", agent), {"post": "yes"})
    assert list(Agent.objects.all()) == [admin]
