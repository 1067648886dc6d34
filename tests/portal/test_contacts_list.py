"""Accounts > Contacts: tabs, search, sorting, pages, and what each role finds there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory

from .page import rows, text

URL = reverse("contacts:list")


def test_front_page_leads_to_the_contacts(agent_client: Client) -> None:
    assert agent_client.get("/").headers["Location"] == URL


def test_signed_out_visitor_is_sent_to_sign_in(client: Client, db: None) -> None:
    response = client.get(URL)

    assert response.status_code == 302
    assert response.headers["Location"] == f"/sign-in/?next={URL}"


def test_posting_is_refused(agent_client: Client) -> None:
    assert agent_client.post(URL).status_code == 405


def test_row_shows_what_is_known(agent_client: Client) -> None:
    company = CompanyFactory(name="Northwind Traders")
    ContactFactory(
        name="Grace Sample",
        title="Admiral",
        company=company,
        phone="+1 425 555 0100",
        emails=["grace@northwind.example"],
        linked=True,
    )

    page = text(agent_client.get(URL))

    for shown in (
        "Grace Sample",
        "Admiral",
        "Northwind Traders",
        "grace@northwind.example",
        "+1 425 555 0100",
    ):
        assert shown in page
    assert "Verified by Entra ID" in page
    assert "Synced" in page


def test_whose_word_the_check_mark_is(agent_client: Client) -> None:
    """R14, R41."""
    ContactFactory(name="Grace", verified=True)
    page = text(agent_client.get(URL))
    assert "Verified by an agent" in page
    assert "Verified by Entra ID" not in page


def test_names_are_escaped(agent_client: Client) -> None:
    ContactFactory(name="<script>alert(1)</script>", emails=['"><img src=x>@northwind.example'])

    response = agent_client.get(URL)

    assert b"<script>alert" not in response.content
    assert b"<img src=x>" not in response.content


class TestTabs:
    @pytest.fixture(autouse=True)
    def people(self, db: None) -> None:
        ContactFactory(name="Anne Active")
        ContactFactory(name="Sue Suspended", suspended=True)
        ContactFactory(name="Del Deleted", deleted=True)
        ContactFactory(name="Both", deleted=True, suspended=True)

    @pytest.mark.parametrize(
        ("tab", "names"),
        [
            ("all", ["Anne Active"]),
            ("suspended", ["Sue Suspended"]),
            ("deleted", ["Both", "Del Deleted"]),
            ("nonsense", ["Anne Active"]),
        ],
    )
    def test_each_contact_is_in_one_tab(self, agent_client: Client, tab: str, names: list[str]) -> None:
        assert rows(agent_client.get(URL, {"tab": tab})) == names

    def test_tabs_are_counted(self, agent_client: Client) -> None:
        assert "All 1 Suspended 1 Deleted 2" in text(agent_client.get(URL))

    def test_the_open_tab_is_marked(self, agent_client: Client) -> None:
        html = agent_client.get(URL, {"tab": "deleted"}).content.decode()

        assert '<a class="tab" href="?tab=deleted" aria-current="page">' in html
        assert html.count('class="tab"') == 3

    def test_search_is_kept_and_counted_across_the_tabs(self, agent_client: Client) -> None:
        response = agent_client.get(URL, {"q": "deleted"})

        assert "All 0 Suspended 0 Deleted 1" in text(response)
        assert "?tab=deleted&amp;q=deleted" in response.content.decode()


class TestSearch:
    @pytest.mark.parametrize("words", ["sample", "GRACE sam", "navy@", "admiral", "0100", "northw"])
    def test_every_word_has_to_be_found(self, agent_client: Client, words: str) -> None:
        ContactFactory(
            name="Grace Sample",
            title="Admiral",
            phone="+1 425 555 0100",
            company=CompanyFactory(name="Northwind"),
            emails=["grace@navy.example", "navy@contoso.example"],
        )
        ContactFactory(name="Grace Someone", emails=[])

        assert rows(agent_client.get(URL, {"q": words})) == ["Grace Sample"]

    def test_htmx_gets_the_list_alone_and_the_number_of_matches(self, agent_client: Client) -> None:
        ContactFactory(name="Grace Sample")

        response = agent_client.get(URL, {"q": "grace"}, headers={"HX-Request": "true"})

        assert b"<html" not in response.content
        assert "1 contact found" in text(response)
        assert "HX-Request" in response.headers["Vary"]

    @pytest.mark.parametrize("odd", ["%", "_", "'", '"', "\0", "(", "\\", "a" * 500])
    def test_odd_input_is_only_text(self, agent_client: Client, odd: str) -> None:
        ContactFactory(name="Grace Sample")

        assert agent_client.get(URL, {"q": odd}).status_code == 200


class TestSort:
    @pytest.fixture(autouse=True)
    def people(self, db: None) -> None:
        now = timezone.now()
        tenant = ConnectionFactory()
        beta, alpha = CompanyFactory(name="beta"), CompanyFactory(name="Alpha")
        ContactFactory(
            name="bo",
            title="b",
            company=beta,
            emails=["z@contoso.example"],
            linked=True,
            connection=tenant,
            last_synced_at=now,
        )
        ContactFactory(
            name="Ann",
            title="C",
            company=alpha,
            emails=["y@contoso.example"],
            linked=True,
            connection=tenant,
            last_synced_at=now - timedelta(days=1),
        )
        ContactFactory(name="Cy", emails=[])

    @pytest.mark.parametrize(
        ("sort", "names"),
        [
            ("", ["Ann", "bo", "Cy"]),
            ("-name", ["Cy", "bo", "Ann"]),
            ("title", ["bo", "Ann", "Cy"]),
            ("-title", ["Ann", "bo", "Cy"]),
            ("company", ["Ann", "bo", "Cy"]),
            ("-company", ["bo", "Ann", "Cy"]),
            ("email", ["Ann", "bo", "Cy"]),
            ("-email", ["bo", "Ann", "Cy"]),
            ("synced", ["Ann", "bo", "Cy"]),
            ("-synced", ["bo", "Ann", "Cy"]),
            ("created", ["bo", "Ann", "Cy"]),
            ("-created", ["Cy", "Ann", "bo"]),
            ("password", ["Ann", "bo", "Cy"]),
        ],
    )
    def test_by_any_column_with_empty_values_last(
        self, agent_client: Client, sort: str, names: list[str]
    ) -> None:
        assert rows(agent_client.get(URL, {"sort": sort})) == names

    def test_the_column_says_so(self, agent_client: Client) -> None:
        html = agent_client.get(URL, {"sort": "-title"}).content.decode()

        assert 'class="col-title" aria-sort="descending"' in html
        assert html.count("aria-sort") == 1


class TestEmpty:
    def test_no_contacts_yet(self, agent_client: Client) -> None:
        response = agent_client.get(URL)

        assert "No contacts yet" in text(response)
        assert reverse("contacts:create") in response.content.decode()

    def test_nothing_deleted(self, agent_client: Client) -> None:
        assert "Nothing is deleted" in text(agent_client.get(URL, {"tab": "deleted"}))

    def test_nobody_suspended(self, agent_client: Client) -> None:
        assert "Nobody is suspended" in text(agent_client.get(URL, {"tab": "suspended"}))

    def test_no_match_offers_to_clear_the_search(self, agent_client: Client) -> None:
        ContactFactory(deleted=True)

        response = agent_client.get(URL, {"tab": "deleted", "q": "zzz"})

        assert "No contact matches in this tab" in text(response)
        assert 'href="?tab=deleted">Clear the search' in response.content.decode()


class TestEntraSync:
    """R41, R42."""

    SYNCED = {"linked": True}

    @pytest.mark.parametrize(
        ("tab", "word", "state"),
        [
            ("all", "Synced", SYNCED),
            ("all", "Not synced", {}),
            ("all", "Partly applied", SYNCED | {"unapplied": ["cf_x"]}),
            ("all", "Error", SYNCED | {"sync_failed_at": timezone.now()}),
            ("all", "Out of step", SYNCED | {"entra_active": False}),
            ("deleted", "Out of step", SYNCED | {"deleted": True}),
            ("deleted", "Deactivated in Entra", SYNCED | {"deleted": True, "entra_active": False}),
        ],
    )
    def test_status_is_a_word(self, agent_client: Client, tab: str, word: str, state: dict[str, Any]) -> None:
        ContactFactory(**state)

        assert f'">{word}</a>' in agent_client.get(URL, {"tab": tab}).content.decode()

    def test_last_sync_is_told_to_the_eye_and_to_the_screen_reader(self, agent_client: Client) -> None:
        contact = ContactFactory(linked=True, last_synced_at=timezone.now() - timedelta(minutes=5))

        response = agent_client.get(URL)

        assert f'aria-describedby="sync-{contact.pk}"' in response.content.decode()
        assert f'role="tooltip" id="sync-{contact.pk}"' in response.content.decode()
        assert "5 minutes ago" in text(response)

    def test_never_synced(self, agent_client: Client) -> None:
        ContactFactory()

        assert "Never synced" in text(agent_client.get(URL))


class TestRoles:
    """R48."""

    def test_agent_deletes_one_but_not_many(self, agent_client: Client) -> None:
        contact = ContactFactory()

        html = agent_client.get(URL).content.decode()

        assert reverse("contacts:delete", args=[contact.pk]) in html
        assert 'name="contact"' not in html
        assert reverse("contacts:bulk", args=["delete"]) not in html

    def test_manager_deletes_many_but_none_forever(self, manager_client: Client) -> None:
        contact = ContactFactory(deleted=True)

        html = manager_client.get(URL, {"tab": "deleted"}).content.decode()

        assert reverse("contacts:bulk", args=["restore"]) in html
        assert reverse("contacts:bulk", args=["erase"]) not in html
        assert reverse("contacts:erase", args=[contact.pk]) not in html

    def test_admin_deletes_forever_and_finds_the_settings(self, admin_client: Client) -> None:
        contact = ContactFactory(deleted=True)

        html = admin_client.get(URL, {"tab": "deleted"}).content.decode()

        assert reverse("contacts:bulk", args=["erase"]) in html
        assert reverse("contacts:erase", args=[contact.pk]) in html
        assert reverse("settings:home") in html

    def test_only_admins_find_the_settings(self, manager_client: Client) -> None:
        html = manager_client.get(URL).content.decode()
        assert reverse("admin:index") not in html
        assert reverse("settings:home") not in html


@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize(
    "query", [{"tab": "all"}, {"q": "person", "sort": "email"}, {"verified": "yes", "columns": "connection"}]
)
def test_queries_do_not_grow_with_the_rows(
    admin_client: Client,
    django_assert_num_queries: Callable[[int], Any],
    count: int,
    query: dict[str, str],
) -> None:
    tenant = ConnectionFactory()
    for _ in range(count):
        ContactFactory(linked=True, connection=tenant, company=CompanyFactory())
    shows_addresses = "columns" not in query
    lacks_email = query.get("sort") == "email" and count < 30

    counts = 1 if query.keys() & {"q", "verified"} else 3

    # Session, agent, contact fields, connections; the counts; the page; views; the last change.
    with django_assert_num_queries(8 + counts + shows_addresses + lacks_email):
        response = admin_client.get(URL, query)

    assert len(rows(response)) == min(Contact.objects.count(), 30)
