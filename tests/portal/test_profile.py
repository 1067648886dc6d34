"""What agents set for themselves, and pages in the reader's language, zone and colours."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import ActorKind, Contact
from deskscim.agents.models import Agent
from deskscim.provisioning.models import Token
from tests.factories import PASSWORD, ConnectionFactory, ContactFactory, TimelineEntryFactory

from .page import text

URL = reverse("agents:profile")
LIST = reverse("contacts:list")
NOON = datetime.datetime(2026, 3, 4, 12, 0, tzinfo=datetime.UTC)


def save(client: Client, **changed: object) -> str:
    """The words of the page after saving the form with these values."""
    values = {"name": "Ada Agent", "keyboard": "on", **changed}
    return text(client.post(URL, values, follow=True))


def test_everybody_sets_name_language_zone_colours_and_keys(agent_client: Client, agent: Agent) -> None:
    wanted = {"name": "Ada", "language": "de", "time_zone": "Europe/Berlin", "theme": "dark", "keyboard": ""}

    assert "Ihr Profil ist gespeichert." in save(agent_client, **wanted)

    agent.refresh_from_db()
    assert (agent.name, agent.language, agent.time_zone) == ("Ada", "de", "Europe/Berlin")
    assert (agent.theme, agent.keyboard) == ("dark", False)


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [("language", "xx"), ("time_zone", "Mars/Olympus"), ("time_zone", "../../etc/passwd"), ("theme", "pink")],
)
def test_nonsense_is_refused(agent_client: Client, agent: Agent, field: str, nonsense: str) -> None:
    assert "Nothing was saved." in save(agent_client, **{field: nonsense})

    agent.refresh_from_db()
    assert getattr(agent, field) == ""


def test_nobody_changes_role_or_address_here(agent_client: Client, agent: Agent) -> None:
    save(agent_client, role="admin", email="evil@helpdesk.example", is_active="")

    agent.refresh_from_db()
    assert (agent.role, agent.email, agent.is_active) == ("agent", "ada@helpdesk.example", True)


class TestLanguage:
    """The agent's own choice, else the browser's."""

    def test_is_the_browsers_until_somebody_chooses(self, client: Client, db: None) -> None:
        page = client.get(reverse("agents:sign-in"), headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"})

        assert "Bei DeskSCIM anmelden" in text(page)
        assert '<html lang="de"' in page.content.decode()
        assert page.headers["Content-Language"] == "de"
        assert "Accept-Language" in page.headers["Vary"]

    def test_that_is_not_spoken_is_english(self, client: Client, db: None) -> None:
        page = client.get(reverse("agents:sign-in"), headers={"accept-language": "fr"})

        assert "Sign in to DeskSCIM" in text(page)

    def test_chosen_in_the_profile_goes_first(self, agent_client: Client, agent: Agent) -> None:
        Agent.objects.update(language="de")

        assert "Alle Tickets" in text(agent_client.get(LIST, headers={"accept-language": "en"}))

    def test_reaches_error_pages(self, agent_client: Client, agent: Agent) -> None:
        Agent.objects.update(language="de")

        assert "Nicht gefunden" in text(agent_client.get("/nowhere/"))
        assert "Diese Rolle braucht" not in (page := text(agent_client.get(reverse("settings:home"))))
        assert "Dafür braucht es die Rolle Admin ." in page

    def test_never_reaches_entra(self, agent_client: Client, agent: Agent) -> None:
        """What Entra is answered, an admin reads in Entra's own logs: English, whatever page came before."""
        Agent.objects.update(language="de")
        _, secret = Token.issue(name="Entra", connection=ConnectionFactory())
        contact = ContactFactory()
        bearer = {"authorization": f"Bearer {secret}", "accept-language": "de"}
        values = {"userName": contact.addresses.get().address, "externalId": "1"}
        again = {"userName": contact.addresses.get().address, "externalId": "2"}

        agent_client.get(LIST)
        agent_client.post("/entra/Users", values, "application/json", headers=bearer)
        refused = agent_client.post("/entra/Users", again, "application/json", headers=bearer)

        assert refused.status_code == 409
        assert refused.json()["detail"] == "The userName already belongs to another user."


class TestTime:
    """The agent's own zone, else the browser's, which a cookie tells; else the server's."""

    @pytest.fixture
    def contact(self) -> Contact:
        """Somebody of whom a moment is known."""
        contact = ContactFactory(linked=True, last_synced_at=NOON)
        TimelineEntryFactory(contact=contact, at=NOON, actor_kind=ActorKind.CONNECTION)
        return contact

    def page(self, client: Client, contact: Contact) -> str:
        """The contact's page."""
        return text(client.get(reverse("contacts:detail", args=[contact.pk])))

    def test_is_the_servers_when_nothing_is_known(self, agent_client: Client, contact: Contact) -> None:
        assert "4 Mar 2026, 12:00 UTC" in self.page(agent_client, contact)

    def test_is_the_browsers(self, agent_client: Client, contact: Contact) -> None:
        agent_client.cookies["timezone"] = "America/New_York"

        assert "4 Mar 2026, 07:00 EST" in self.page(agent_client, contact)

    def test_is_the_agents_own_before_the_browsers(self, agent_client: Client, contact: Contact) -> None:
        agent_client.cookies["timezone"] = "America/New_York"
        Agent.objects.update(time_zone="Asia/Kolkata", language="de")

        assert "4. März 2026, 17:30 IST" in self.page(agent_client, contact)

    @pytest.mark.parametrize("nonsense", ["Mars/Olympus", "../../etc/passwd", "", "Europe", "a\0b"])
    def test_nonsense_in_the_cookie_is_the_servers(
        self, agent_client: Client, contact: Contact, nonsense: str
    ) -> None:
        agent_client.cookies["timezone"] = nonsense

        assert "12:00 UTC" in self.page(agent_client, contact)


def test_theme_and_keys_reach_the_page(agent_client: Client, agent: Agent) -> None:
    page = agent_client.get(LIST).content.decode()
    assert 'data-theme=""' in page
    assert "keyboard.js" in page

    Agent.objects.update(theme="dark", keyboard=False)

    page = agent_client.get(LIST).content.decode()
    assert 'data-theme="dark"' in page
    assert "keyboard.js" not in page


class TestPassword:
    """Whoever knows the old one sets a new one."""

    URL = reverse("agents:password")
    NEW = "a-new-and-long-passphrase"

    def test_is_changed_and_the_session_goes_on(self, agent_client: Client, agent: Agent) -> None:
        said = self.change(agent_client)

        agent.refresh_from_db()
        assert "Your password is changed." in said
        assert agent.check_password(self.NEW)
        assert agent_client.get(URL).status_code == 200

    def test_ends_the_sessions_elsewhere(self, agent_client: Client, agent: Agent) -> None:
        elsewhere = Client()
        elsewhere.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")

        self.change(agent_client)

        assert elsewhere.get(URL).status_code == 302

    @pytest.mark.parametrize("wrong", [{"old_password": "guess"}, {"new_password2": "x"}])
    def test_a_mistake_leaves_it(self, agent_client: Client, agent: Agent, wrong: dict[str, str]) -> None:
        assert "Nothing was saved." in self.change(agent_client, **wrong)

        agent.refresh_from_db()
        assert agent.check_password(PASSWORD)

    def change(self, client: Client, **wrong: str) -> str:
        """The words of the page after sending the form."""
        values = {"old_password": PASSWORD, "new_password1": self.NEW, "new_password2": self.NEW, **wrong}
        return text(client.post(self.URL, values, follow=True))
