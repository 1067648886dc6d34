"""Accounts > Contacts: columns, and views that agents save and share."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import ListPreference, SavedView
from deskscim.agents.models import Agent
from tests.factories import (
    CompanyFactory,
    ConnectionFactory,
    ContactFactory,
    ContactFieldFactory,
    SavedViewFactory,
)

from .page import rows, text

URL = reverse("contacts:list")
COLUMNS = reverse("contacts:columns")
NEW = reverse("contacts:view-create")
ERRORS = "?tab=all&status=error&sort=-email"


def heads(client: Client, query: str) -> list[str]:
    """The columns of the list, as their heads name them."""
    html = client.get(URL + query).content.decode()
    return re.findall(r'<th[^>]*class="col-(\w+)', html)


def save(client: Client, **fields: Any) -> Any:
    """Save the list of errors as a view."""
    return client.post(NEW, {"name": "Errors", "query": ERRORS, **fields}, follow=True)


class TestColumns:
    def test_usual_ones(self, agent_client: Client) -> None:
        ContactFactory()
        expected = ["name", "title", "company", "email", "phone", "synced", "created"]
        assert heads(agent_client, "?tab=all") == expected

    def test_the_address_names_them_in_order(self, agent_client: Client) -> None:
        ContactFieldFactory(api_name="cf_x")
        ContactFactory()
        assert heads(agent_client, "?columns=cf_x,email,nonsense,email") == ["name", "cf_x", "email"]

    def test_every_column_shows_what_the_contact_has(self, agent_client: Client) -> None:
        ContactFieldFactory(api_name="cf_yes", type="checkbox")
        ContactFieldFactory(api_name="cf_number", type="number")
        ContactFactory(
            linked=True,
            connection=ConnectionFactory(name="Contoso tenant"),
            company=CompanyFactory(name="Northwind"),
            mobile="+1 206",
            department="Kitchen",
            employee_number="E-7",
            organization="Org",
            custom_fields={"cf_yes": True, "cf_number": 1234567},
        )
        names = "company,updated,mobile,department,employee_number,organization,user_name,domain,source"
        page = text(agent_client.get(URL, {"columns": f"{names},connection,cf_yes,cf_number"}))
        shown = ["Northwind", "+1 206", "Kitchen", "E-7", "Org", "northwind.example", "Entra ID"]
        for value in [*shown, "Contoso tenant", "Yes", "1,234,567"]:
            assert value in page

    def test_a_choice_is_in_the_address_and_remembered(self, agent_client: Client, agent: Agent) -> None:
        answer = agent_client.post(COLUMNS, {"query": "?tab=deleted&q=x", "columns": ["phone", "title"]})
        assert answer.headers["Location"] == f"{URL}?tab=deleted&q=x&columns=phone%2Ctitle"
        again = agent_client.get(URL)
        assert again.headers["Location"] == f"{URL}?tab=all&columns=phone%2Ctitle"

    def test_another_agent_has_other_columns(self, agent_client: Client, manager_client: Client) -> None:
        agent_client.post(COLUMNS, {"query": "", "columns": ["phone"]})
        assert manager_client.get(URL).status_code == 200

    def test_none_are_the_usual_ones(self, agent_client: Client) -> None:
        answer = agent_client.post(COLUMNS, {"query": "?tab=all&columns=phone"})
        assert answer.headers["Location"] == f"{URL}?tab=all"

    def test_the_dialog_begins_with_those_that_are_shown(self, agent_client: Client) -> None:
        html = agent_client.get(COLUMNS, {"columns": "phone,title"}).content.decode()
        values = re.findall(r'name="columns" value="(\w+)"[^>]*?( checked)?\s*/?>', html)
        assert [value for value, _ in values][:2] == ["phone", "title"]
        assert html.count("checked") == 2


class TestSaving:
    def test_a_view_is_what_the_list_shows(self, agent_client: Client, agent: Agent) -> None:
        page = save(agent_client)
        view = SavedView.objects.get()
        assert (view.owner, view.name, view.is_shared) == (agent, "Errors", False)
        assert view.query == "?tab=all&status=error&sort=-email"
        assert page.redirect_chain == [(f"{URL}{view.query}&view={view.pk}", 302)]
        assert "The view “Errors” is saved." in text(page)

    @pytest.mark.parametrize("name", ["", " ", "x" * 61])
    def test_a_name_that_is_none_is_refused(self, agent_client: Client, name: str) -> None:
        assert "Nothing was saved" in text(save(agent_client, name=name))
        assert not SavedView.objects.exists()

    def test_a_list_of_a_long_address_is_kept_whole(self, agent_client: Client) -> None:
        """Also beyond the 2,048 characters up to which Django takes an address for one of ours."""
        ContactFieldFactory(api_name="cf_x")
        query = f"?tab=all&cf_x={'x' * 3000}"
        assert f'value="{query.replace("&", "&amp;")}"' in agent_client.get(NEW + query).content.decode()
        save(agent_client, query=query)
        assert SavedView.objects.get().query == query

    def test_what_is_too_long_is_refused(self, agent_client: Client, agent: Agent) -> None:
        ContactFieldFactory(api_name="cf_x")
        query = f"?tab=all&cf_x={'x' * 4000}"
        assert "too many filters to be kept" in text(save(agent_client, query=query))
        assert not SavedView.objects.exists()
        view = SavedViewFactory(owner=agent, query="?tab=all")
        url = reverse("contacts:view-update", args=[view.pk])
        assert "too many filters to be kept" in text(agent_client.post(url, {"query": query}, follow=True))
        view.refresh_from_db()
        assert view.query == "?tab=all"

    def test_a_name_once_for_each_agent(self, agent_client: Client, manager_client: Client) -> None:
        save(agent_client)
        assert "You have a view of this name already." in text(save(agent_client))
        save(manager_client)
        assert SavedView.objects.count() == 2

    def test_the_list_opens_with_the_default_view(self, agent_client: Client) -> None:
        save(agent_client, is_default="on")
        view = SavedView.objects.get()
        assert agent_client.get(URL).headers["Location"] == f"{URL}{view.address}"
        assert agent_client.get(f"{URL}?tab=all").status_code == 200
        agent_client.post(reverse("contacts:view-edit", args=[view.pk]), {"name": "Errors", "query": ERRORS})
        assert agent_client.get(URL).status_code == 200

    def test_a_deleted_default_opens_all_contacts(self, agent_client: Client) -> None:
        save(agent_client, is_default="on")
        SavedView.objects.all().delete()
        assert agent_client.get(URL).status_code == 200
        assert ListPreference.objects.get().view is None


class TestSharing:
    """R48: by managers and admins."""

    def test_an_agent_cannot_share(self, agent_client: Client) -> None:
        save(agent_client, is_shared="on")
        assert not SavedView.objects.get().is_shared
        assert "Share with all agents" not in text(agent_client.get(NEW))

    def test_what_a_manager_shares_everybody_finds(
        self, manager_client: Client, agent_client: Client
    ) -> None:
        save(manager_client, is_shared="on")
        save(manager_client, name="Mine alone")
        page = text(agent_client.get(URL))
        assert "Errors shared" in page
        assert "Mine alone" not in page

    def test_nobody_reaches_what_others_keep_for_themselves(self, admin_client: Client) -> None:
        view = SavedViewFactory()
        for name in ("view-edit", "view-delete"):
            assert admin_client.get(reverse(f"contacts:{name}", args=[view.pk])).status_code == 404
        assert admin_client.post(reverse("contacts:view-delete", args=[view.pk])).status_code == 404
        assert SavedView.objects.exists()

    def test_an_agent_changes_no_shared_view(self, agent_client: Client) -> None:
        view = SavedViewFactory(is_shared=True)
        page = agent_client.post(reverse("contacts:view-delete", args=[view.pk]))
        assert page.status_code == 403
        assert "Manager" in text(page)


class TestChanging:
    @pytest.fixture
    def view(self, agent: Agent) -> SavedView:
        view: SavedView = SavedViewFactory(owner=agent, name="Errors", query="?tab=all&status=error")
        return view

    def test_update_is_offered_when_the_list_has_left_the_view(
        self, agent_client: Client, view: SavedView
    ) -> None:
        assert "Update view" not in text(agent_client.get(URL + view.address))
        page = agent_client.get(f"{URL}{view.address}&sort=email")
        assert "Errors (changed)" in text(page)
        assert "Update view" in text(page)

        left = f"?tab=all&status=error&sort=email&view={view.pk}"
        agent_client.post(reverse("contacts:view-update", args=[view.pk]), {"query": left})

        view.refresh_from_db()
        assert view.query == "?tab=all&status=error&sort=email"

    def test_another_page_is_no_other_state(self, agent_client: Client, view: SavedView) -> None:
        for _ in range(31):
            ContactFactory(linked=True, connection=ConnectionFactory(), sync_failed_at="2026-01-01T00:00:00Z")
        page = agent_client.get(f"{URL}{view.address}&before=end")
        assert len(rows(page)) == 30
        assert "(changed)" not in text(page)

    def test_rename(self, agent_client: Client, view: SavedView) -> None:
        url = reverse("contacts:view-edit", args=[view.pk])
        assert 'value="Errors"' in agent_client.get(url).content.decode()
        agent_client.post(url, {"name": "Failures", "query": ERRORS})
        view.refresh_from_db()
        assert view.name == "Failures"
        assert view.query == "?tab=all&status=error"

    def test_delete_asks_and_leaves_the_list_as_it_is(self, agent_client: Client, view: SavedView) -> None:
        url = reverse("contacts:view-delete", args=[view.pk])
        assert "Delete the view “Errors”?" in text(agent_client.get(url))
        answer = agent_client.post(url, {"query": view.address})
        assert answer.headers["Location"] == f"{URL}?tab=all&status=error"
        assert not SavedView.objects.exists()
