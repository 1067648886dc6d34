"""Custom fields in the form of a contact (R10, R12)."""

from typing import Any

import pytest
from django.test import Client

from contacts.models import Contact
from tests.factories import ContactFactory, ContactFieldFactory

from .form import NEW, edit_url, filled, only_contact
from .page import text


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("text", " 4711 ", "4711"),
        ("paragraph", "one\r\ntwo", "one\ntwo"),
        ("checkbox", "on", True),
        ("date", "2026-05-31", "2026-05-31"),
        ("number", "42", 42),
        ("number", "0", 0),
        ("decimal", "1.005", "1.01"),
        ("dropdown", "EMEA", "EMEA"),
        ("url", "https://northwind.example/", "https://northwind.example/"),
    ],
)
def test_value_is_kept_as_scim_would_keep_it(agent_client: Client, kind: str, sent: str, kept: Any) -> None:
    ContactFieldFactory(api_name="cf_x", type=kind, options=["EMEA", "APAC"])

    agent_client.post(NEW, {"name": "Grace", "cf_x": sent})

    assert only_contact().custom_fields == {"cf_x": kept}


@pytest.mark.parametrize(
    ("kind", "sent", "error"),
    [
        ("date", "31.05.2026", "A date such as 2026-05-31 is expected."),
        ("number", "12a", "A number is expected."),
        ("number", "1.5", "A whole number is expected."),
        ("decimal", "NaN", "A number is expected."),
        ("dropdown", "Moon", "The value is not one of the field's options."),
        ("url", "javascript:alert(1)", "A web address that begins with http:// or https:// is expected."),
        ("text", "x" * 256, "longer than 255 characters"),
        ("text", "a\0b", "Null characters are not allowed."),
    ],
)
def test_what_does_not_fit_is_refused(agent_client: Client, kind: str, sent: str, error: str) -> None:
    ContactFieldFactory(api_name="cf_x", type=kind, options=["EMEA"])

    response = agent_client.post(NEW, {"name": "Grace", "cf_x": sent})

    assert error in text(response)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("kind", ["text", "date", "number", "dropdown", "checkbox"])
def test_required_binds_the_form(agent_client: Client, kind: str) -> None:
    ContactFieldFactory(api_name="cf_x", type=kind, options=["EMEA"], required=True)

    response = agent_client.post(NEW, {"name": "Grace"})

    assert "This field is required." in text(response)
    assert not Contact.objects.exists()


def test_inactive_field_is_not_asked_for(agent_client: Client) -> None:
    ContactFieldFactory(label="Old thing", api_name="cf_x", active=False, required=True)

    assert "Old thing" not in text(agent_client.get(NEW))
    agent_client.post(NEW, {"name": "Grace", "cf_x": "smuggled"})
    assert only_contact().custom_fields == {}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", " as Entra sent it "),
        ("paragraph", "one\ntwo"),
        ("checkbox", True),
        ("date", "2026-05-31"),
        ("number", 0),
        ("decimal", "1.50"),
        ("dropdown", "an option that was removed"),
    ],
)
def test_untouched_value_stays_as_it_came(agent_client: Client, kind: str, value: Any) -> None:
    """R20."""
    ContactFieldFactory(api_name="cf_x", type=kind, options=["EMEA"])
    contact = ContactFactory(custom_fields={"cf_x": value})

    agent_client.post(edit_url(contact), filled(agent_client, contact, title="Admiral"))

    contact.refresh_from_db()
    assert (contact.title, contact.custom_fields) == ("Admiral", {"cf_x": value})
    assert list(contact.timeline.get().changes) == ["title"]


@pytest.mark.parametrize(("kind", "value", "left"), [("text", "x", {}), ("checkbox", True, {"cf_x": False})])
def test_value_can_be_taken_away(agent_client: Client, kind: str, value: Any, left: dict[str, Any]) -> None:
    ContactFieldFactory(api_name="cf_x", type=kind)
    contact = ContactFactory(custom_fields={"cf_x": value})

    agent_client.post(edit_url(contact), filled(agent_client, contact, cf_x=False))

    contact.refresh_from_db()
    assert contact.custom_fields == left
