"""Signing in and out."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from deskscim.agents.models import Agent
from tests.factories import PASSWORD, AgentFactory

from .page import text

URL = reverse("agents:sign-in")
LIST = reverse("contacts:list")
WRONG = "This e-mail address and password do not belong together."


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> str:
    """The words of the page that the attempt leads to."""
    return text(client.post(URL, {"username": email, "password": password, **more}, follow=True))


def test_leads_to_the_contacts(client: Client, agent: Agent) -> None:
    response = client.post(URL, {"username": agent.email, "password": PASSWORD})

    assert response.headers["Location"] == LIST
    assert "Ada Agent Agent" in text(client.get(LIST))


def test_case_of_the_address_does_not_matter(client: Client, agent: Agent) -> None:
    assert "Contacts" in sign_in(client, agent.email.upper())


def test_leads_back_to_where_somebody_wanted_to_go(client: Client, agent: Agent) -> None:
    wanted = f"{LIST}?tab=deleted"

    response = client.post(URL, {"username": agent.email, "password": PASSWORD, "next": wanted})

    assert response.headers["Location"] == wanted


def test_never_leads_to_another_site(client: Client, agent: Agent) -> None:
    data = {"username": agent.email, "password": PASSWORD, "next": "https://evil.example/"}

    assert client.post(URL, data).headers["Location"] == LIST


@pytest.mark.parametrize(
    ("email", "password"), [("ada@helpdesk.example", "wrong"), ("nobody@helpdesk.example", PASSWORD)]
)
def test_failure_does_not_tell_what_was_wrong(
    client: Client, agent: Agent, email: str, password: str
) -> None:
    assert WRONG in sign_in(client, email, password)


def test_an_address_of_any_length_is_refused(client: Client, db: None) -> None:
    assert WRONG in sign_in(client, "a" * 3000 + "@helpdesk.example")


def test_switched_off_account_stays_out(client: Client, db: None) -> None:
    sleeping = AgentFactory(is_active=False)

    assert WRONG in sign_in(client, sleeping.email)


def test_empty_form_says_what_is_missing(client: Client, db: None) -> None:
    assert sign_in(client, "", "").count("This field is required.") == 2


def test_somebody_signed_in_goes_on(agent_client: Client) -> None:
    assert agent_client.get(URL).headers["Location"] == LIST


def test_part_of_a_page_does_not_hold_the_sign_in(client: Client, db: None) -> None:
    response = client.get(LIST, headers={"HX-Request": "true"}, follow=True)

    assert response.headers["HX-Refresh"] == "true"


def test_signing_out_ends_the_session(agent_client: Client) -> None:
    response = agent_client.post(reverse("agents:sign-out"))

    assert response.headers["Location"] == URL
    assert agent_client.get(LIST).status_code == 302


def test_signing_out_is_a_post(agent_client: Client) -> None:
    assert agent_client.get(reverse("agents:sign-out")).status_code == 405


class TestLockout:
    def test_too_many_failures_block_and_say_how_long(self, client: Client, agent: Agent) -> None:
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            assert WRONG in sign_in(client, agent.email, "wrong")

        response = client.post(URL, {"username": agent.email, "password": "wrong"})

        assert response.status_code == 429
        assert "Wait 15 minutes, then try again." in text(response)

    def test_the_right_password_does_not_help_any_more(self, client: Client, agent: Agent) -> None:
        for _ in range(settings.AXES_FAILURE_LIMIT):
            sign_in(client, agent.email, "wrong")

        assert "Sign-in is blocked for now" in sign_in(client, agent.email)

    def test_no_spelling_of_the_address_has_tries_of_its_own(self, client: Client, agent: Agent) -> None:
        for number in range(settings.AXES_FAILURE_LIMIT):
            sign_in(client, agent.email[:number].upper() + agent.email[number:], "wrong")

        assert "Sign-in is blocked for now" in sign_in(client, agent.email)

    def test_the_admin_is_blocked_too(self, client: Client, admin: Agent) -> None:
        for _ in range(settings.AXES_FAILURE_LIMIT):
            sign_in(client, admin.email, "wrong")

        data = {"username": admin.email.upper(), "password": PASSWORD}
        response = client.post(reverse("admin:login"), data)

        assert response.status_code == 429

    def test_others_are_not_blocked(self, client: Client, agent: Agent, manager: Agent) -> None:
        for _ in range(settings.AXES_FAILURE_LIMIT):
            sign_in(client, agent.email, "wrong")

        assert "Mia Manager" in sign_in(client, manager.email)


class TestPolicy:
    def test_nothing_inline_and_nothing_from_elsewhere(self, admin_client: Client) -> None:
        response = admin_client.get(LIST)

        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        html = response.content.decode()
        assert "style=" not in html
        assert "<style" not in html
        assert "onclick" not in html
        assert all('src="' in tag for tag in html.split("<script")[1:])
        assert "https://" not in html
        assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")

    def test_htmx_may_neither_eval_nor_write_styles(self, client: Client, db: None) -> None:
        html = client.get(URL).content.decode()

        for setting in ('"includeIndicatorStyles":false', '"allowEval":false', '"selfRequestsOnly":true'):
            assert setting in html

    def test_no_personal_data_stays_in_the_browser(self, client: Client, db: None) -> None:
        assert '"historyCacheSize":0' in client.get(URL).content.decode()
