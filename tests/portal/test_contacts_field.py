"""One value of a contact, edited where it stands (R25); the note among them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts import lifecycle
from contacts.models import ActorKind, Contact
from contacts.values import Actor
from tests.domain import agent_writes, stored, timeline_of
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory

from .page import text

HTMX = {"HX-Request": "true"}
MIA = Actor(ActorKind.AGENT, "Mia Manager")


def url(contact: Contact, name: str) -> str:
    return reverse("contacts:field", args=[contact.pk, name])


def edit(client: Client, contact: Contact, name: str, value: Any = None, **more: Any) -> Any:
    """Open the editor, enter the value, save."""
    form = client.get(url(contact, name), headers=HTMX).context["form"]
    data = {"seen": form.seen, **({} if value is None else {name: value}), **more}
    return client.post(url(contact, name), data, headers=HTMX)


@pytest.mark.parametrize(
    "name", ["name", "given_name", "family_name", "title", "department", "phone", "mobile", "note"]
)
def test_saves_this_value_and_no_other(agent_client: Client, name: str) -> None:
    contact = ContactFactory(name="Grace", title="Captain")

    response = edit(agent_client, contact, name, "New")

    assert response.headers["Location"] == reverse("contacts:detail", args=[contact.pk])
    assert getattr(stored(contact), name) == "New"
    ((action, changes),) = timeline_of(contact)
    assert (action, list(changes)) == ("updated", [name])


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("text", "x", "x"),
        ("number", "12", 12),
        ("date", "2026-05-31", "2026-05-31"),
        ("checkbox", "on", True),
        ("dropdown", "EMEA", "EMEA"),
        ("url", "https://northwind.example", "https://northwind.example"),
        ("paragraph", "one\r\ntwo", "one\ntwo"),
    ],
)
def test_saves_a_contact_field(agent_client: Client, kind: str, value: str, kept: object) -> None:
    """R10."""
    ContactFieldFactory(api_name="cf_x", type=kind, options=["EMEA"])
    ContactFieldFactory(api_name="cf_y", required=True)
    contact = ContactFactory(custom_fields={"cf_z": "stays"})

    edit(agent_client, contact, "cf_x", value)

    assert stored(contact).custom_fields == {"cf_z": "stays", "cf_x": kept}


def test_company_is_the_agents_choice_then(agent_client: Client) -> None:
    """R38."""
    company = CompanyFactory()
    contact = ContactFactory()

    edit(agent_client, contact, "company", str(company.pk))

    assert (stored(contact).company, stored(contact).company_source) == (company, "agent")


def test_what_does_not_fit_is_said_in_the_editor(agent_client: Client) -> None:
    ContactFieldFactory(api_name="cf_x", type="number")
    contact = ContactFactory()

    response = edit(agent_client, contact, "cf_x", "many")

    assert 'role="alert"' in response.content.decode()
    assert 'value="many"' in response.content.decode()
    assert stored(contact).custom_fields == {}


def test_a_contact_keeps_a_name(agent_client: Client) -> None:
    contact = ContactFactory(name="Grace")

    response = edit(agent_client, contact, "name", "")

    assert "A contact needs a name." in text(response)
    assert stored(contact).name == "Grace"


def test_nothing_changed_writes_nothing(agent_client: Client) -> None:
    """R24."""
    contact = ContactFactory(title="Captain")

    edit(agent_client, contact, "title", "Captain")

    assert timeline_of(contact) == []


class TestOvertaken:
    def test_both_values_are_shown_and_nothing_saved(self, agent_client: Client) -> None:
        contact = ContactFactory(title="Captain")
        seen = agent_client.get(url(contact, "title"), headers=HTMX).context["form"].seen
        lifecycle.update(contact=lifecycle.lock(contact.pk), values={"title": "Major"}, actor=MIA)

        response = agent_client.post(url(contact, "title"), {"seen": seen, "title": "Admiral"})

        assert "Mia Manager has changed this meanwhile, from “Captain” to “Major”" in text(response)
        assert 'value="Admiral"' in response.content.decode()
        assert stored(contact).title == "Major"
        edit(agent_client, contact, "title", "Admiral")
        assert stored(contact).title == "Admiral"

    def test_another_field_does_not_matter(self, agent_client: Client) -> None:
        contact = ContactFactory(title="Captain")
        seen = agent_client.get(url(contact, "title"), headers=HTMX).context["form"].seen
        agent_writes(contact, phone="1")

        agent_client.post(url(contact, "title"), {"seen": seen, "title": "Admiral"})

        assert (stored(contact).title, stored(contact).phone) == ("Admiral", "1")

    @pytest.mark.parametrize("seen", ["", "nonsense", '"Major"'])
    def test_without_a_true_value_nothing_is_saved(self, agent_client: Client, seen: str) -> None:
        contact = ContactFactory(title="Captain")

        response = agent_client.post(url(contact, "title"), {"seen": seen, "title": "Admiral"})

        assert response.status_code == 200
        assert stored(contact).title == "Captain"

    def test_companies_are_named(self, agent_client: Client) -> None:
        contact = ContactFactory()
        seen = agent_client.get(url(contact, "company"), headers=HTMX).context["form"].seen
        agent_writes(contact, company=CompanyFactory(name="Northwind"))

        response = agent_client.post(url(contact, "company"), {"seen": seen, "company": "none"})

        assert "“Northwind”" in text(response)


class TestNote:
    def test_the_timeline_tells_that_it_changed_and_keeps_no_text(self, agent_client: Client) -> None:
        contact = ContactFactory()
        for note in ("Likes tea", "Likes coffee", ""):
            edit(agent_client, contact, "note", note)

        shown = text(agent_client.get(reverse("contacts:detail", args=[contact.pk])))

        assert [changes for _action, changes in timeline_of(contact)] == [
            {"note": [False, True]},
            {"note": [True, True]},
            {"note": [True, False]},
        ]
        assert "Note the text before → a new text" in shown
        assert "Note the text before → empty" in shown

    def test_keeps_its_lines(self, agent_client: Client) -> None:
        contact = ContactFactory()

        edit(agent_client, contact, "note", "one\r\ntwo")

        assert stored(contact).note == "one\ntwo"
        edit(agent_client, contact, "note", "one\r\ntwo")
        assert len(timeline_of(contact)) == 1

    def test_too_long_is_refused(self, agent_client: Client) -> None:
        contact = ContactFactory()

        response = edit(agent_client, contact, "note", "x" * 10_001)

        assert "at most 10000 characters" in text(response)


@pytest.mark.parametrize("name", ["email", "other_emails", "custom_fields", "id", "verified", "cf_off"])
def test_what_is_no_field_is_not_found(agent_client: Client, name: str) -> None:
    ContactFieldFactory(api_name="cf_off", active=False)

    assert agent_client.get(url(ContactFactory(), name)).status_code == 404
    assert agent_client.post(url(ContactFactory(), name)).status_code == 404


def test_unknown_contact_is_not_found(agent_client: Client) -> None:
    nobody = Contact(pk=uuid.uuid4())

    assert agent_client.get(url(nobody, "title")).status_code == 404
    assert agent_client.post(url(nobody, "title")).status_code == 404


def test_without_a_script_the_edit_page_does_it(agent_client: Client) -> None:
    contact = ContactFactory()

    response = agent_client.get(url(contact, "title"))

    assert response.headers["Location"] == reverse("contacts:edit", args=[contact.pk]) + "#id_title"


def test_a_deleted_contact_is_restored_first(agent_client: Client) -> None:
    contact = ContactFactory(deleted=True, title="Captain")
    page = reverse("contacts:detail", args=[contact.pk])

    response = agent_client.post(url(contact, "title"), {"seen": '"Captain"', "title": "x"}, follow=True)

    assert "This contact is deleted. Restore it, then edit it." in text(response)
    assert stored(contact).title == "Captain"
    assert url(contact, "title") not in agent_client.get(page).content.decode()


def test_the_lock_says_which_values_entra_manages(agent_client: Client) -> None:
    """R25."""
    contact = ContactFactory(linked=True, title="Captain", phone="1", entra_fields=["title"])

    shown = text(agent_client.get(reverse("contacts:detail", args=[contact.pk])))

    assert "Title Captain Managed by Entra ID" in shown
    assert "Work phone 1 Mobile" in shown
    editor = agent_client.get(url(contact, "title"), headers=HTMX)
    assert "your change lasts until Entra sends this field again" in text(editor)


def test_queries(agent_client: Client, django_assert_num_queries: Callable[[int], Any]) -> None:
    contact = ContactFactory(title="Captain")

    with django_assert_num_queries(5):  # session, agent, contact, addresses, fields
        agent_client.get(url(contact, "title"), headers=HTMX)
