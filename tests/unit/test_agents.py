"""Agents and what each role may do (R48)."""

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from deskscim.agents.models import Agent
from deskscim.agents.roles import Role, allows
from tests.factories import PASSWORD, AgentFactory

PORTAL = [
    "contacts.view_contact",
    "contacts.add_contact",
    "contacts.change_contact",
    "contacts.delete_contact",
    "contacts.restore_contact",
    "contacts.view_ticket",
    "contacts.mark_spam",
    "companies.view_company",
]
MANAGING = [
    "contacts.bulk_contact",
    "companies.add_company",
    "companies.change_company",
    "companies.delete_company",
]
ADMINISTERING = [
    "contacts.erase_contact",
    "contacts.change_contactfield",
    "provisioning.view_connection",
    "provisioning.add_token",
    "provisioning.view_logentry",
    "agents.change_agent",
    "anything.at_all",
]


class TestRoles:
    @pytest.mark.parametrize("role", Role.values)
    @pytest.mark.parametrize("permission", PORTAL)
    def test_everybody_works_in_the_portal(self, role: str, permission: str) -> None:
        """R48."""
        assert allows(role, permission)

    @pytest.mark.parametrize("permission", MANAGING)
    def test_managers_and_admins_do_more(self, permission: str) -> None:
        """R48: many contacts at once, and companies."""
        assert [allows(role, permission) for role in ("agent", "manager", "admin")] == [False, True, True]

    @pytest.mark.parametrize("permission", ADMINISTERING)
    def test_the_rest_is_the_admins(self, permission: str) -> None:
        """R48: Delete Forever, tokens, connections, fields, and whatever comes later."""
        assert [allows(role, permission) for role in ("agent", "manager", "admin")] == [False, False, True]

    @pytest.mark.parametrize("role", ["", "Admin", "ADMIN", "root"])
    @pytest.mark.parametrize("permission", [*PORTAL, *ADMINISTERING, ""])
    def test_an_unknown_role_may_nothing(self, role: str, permission: str) -> None:
        """R48: closed by default."""
        assert not allows(role, permission)


@pytest.mark.django_db
class TestAgents:
    def test_permissions_follow_from_the_role_without_a_query(
        self, django_assert_num_queries: object
    ) -> None:
        """R48."""
        manager = AgentFactory(role=Role.MANAGER)
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert manager.has_perms(["contacts.bulk_contact", "contacts.view_contact"])
            assert not manager.has_perms(["contacts.bulk_contact", "contacts.erase_contact"])

    @pytest.mark.parametrize("role", Role.values)
    def test_an_inactive_agent_may_nothing(self, role: str) -> None:
        """R48: an inactive admin neither."""
        agent = AgentFactory(role=role, is_active=False)
        assert not agent.has_perm("contacts.view_contact")
        assert not any((agent.is_staff, agent.is_superuser, agent.has_module_perms("contacts")))

    @pytest.mark.parametrize(("role", "enters"), [("agent", False), ("manager", False), ("admin", True)])
    def test_only_admins_enter_the_django_admin(self, role: str, enters: bool) -> None:
        """R48."""
        agent = AgentFactory(role=role)
        assert (agent.is_staff, agent.has_module_perms("provisioning")) == (enters, enters)

    def test_a_new_agent_has_the_least_role(self) -> None:
        """R48."""
        assert Agent.objects.create_user("Ann@Helpdesk.example").role == Role.AGENT

    def test_createsuperuser_makes_an_admin(self) -> None:
        assert Agent.objects.create_superuser("root@helpdesk.example", "pw", name="Root").role == Role.ADMIN

    def test_an_address_is_kept_in_lower_case(self) -> None:
        agent = Agent.objects.create_user("Ann@Helpdesk.EXAMPLE", name="Ann")
        assert agent.email == "ann@helpdesk.example"

    def test_signing_in_ignores_the_case_of_the_address(self) -> None:
        agent = AgentFactory(email="ann@helpdesk.example")
        assert (
            authenticate(RequestFactory().post("/"), username="ANN@Helpdesk.example", password=PASSWORD)
            == agent
        )

    def test_the_password_is_hashed(self) -> None:
        agent = AgentFactory()
        assert PASSWORD not in agent.password
        assert agent.check_password(PASSWORD)

    def test_without_a_password_nobody_signs_in(self) -> None:
        agent = Agent.objects.create_user("ann@helpdesk.example")
        assert not agent.has_usable_password()

    @pytest.mark.parametrize(("name", "shown"), [("Ann", "Ann"), ("", "ann@helpdesk.example")])
    def test_an_agent_is_called_by_name_else_by_address(self, name: str, shown: str) -> None:
        """R43: the timeline says who."""
        assert str(AgentFactory(name=name, email="ann@helpdesk.example")) == shown
