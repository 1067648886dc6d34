"""Contact fields in the Django admin (R12)."""

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import ContactField
from tests.factories import ContactFieldFactory

ADD = "/admin/contacts/contactfield/add/"


def change_url(field: ContactField) -> str:
    return reverse("admin:contacts_contactfield_change", args=[field.pk])


def form_of(field: ContactField, **changes: str) -> dict[str, str]:
    lines = "\r\n".join(field.options)
    return {"label": field.label, "options": lines, "order": "0", "active": "on", **changes}


def test_the_api_name_is_made_from_the_label(admin_client: Client) -> None:
    admin_client.post(ADD, {"label": "Cost centre", "type": "text", "options": "", "order": "0"})
    admin_client.post(ADD, {"label": "Cost centre", "type": "number", "options": "", "order": "0"})
    names = ContactField.objects.order_by("id").values_list("api_name", flat=True)
    assert list(names) == ["cf_cost_centre", "cf_cost_centre_2"]


def test_the_api_name_is_shown_to_be_copied(admin_client: Client) -> None:
    page = admin_client.get(change_url(ContactFieldFactory(api_name="cf_country"))).content.decode()
    assert '<code class="copyable">cf_country</code>' in page


def test_neither_a_rename_nor_a_forged_form_changes_api_name_or_type(admin_client: Client) -> None:
    field = ContactFieldFactory(label="Country", api_name="cf_country")
    admin_client.post(change_url(field), form_of(field, label="Land", type="number", api_name="cf_land"))
    field.refresh_from_db()
    assert (field.label, field.api_name, field.type) == ("Land", "cf_country", "text")


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("dropdown", " \r\n", "A dropdown needs at least one option."),
        ("dropdown", "Gold\r\nGold \r\nSilver", "Each option once, please: Gold."),
        ("text", "Gold", "Only a dropdown has options."),
    ],
)
def test_options_that_do_not_fit(kind: str, options: str, sentence: str, admin_client: Client) -> None:
    answer = admin_client.post(ADD, {"label": "Tier", "type": kind, "options": options, "order": "0"})
    assert sentence in answer.content.decode()
    assert not ContactField.objects.exists()


def test_a_dropdown_keeps_its_options_in_order(admin_client: Client) -> None:
    admin_client.post(
        ADD, {"label": "Tier", "type": "dropdown", "options": "Gold\r\n\r\n Ore ", "order": "3"}
    )
    field = ContactField.objects.get()
    assert (field.options, field.order, field.active) == (["Gold", "Ore"], 3, True)
    admin_client.post(change_url(field), form_of(field, options="Ore\r\nGold"))
    field.refresh_from_db()
    assert field.options == ["Ore", "Gold"]


def test_a_dropdown_cannot_lose_its_last_option(admin_client: Client) -> None:
    field = ContactFieldFactory(type="dropdown", options=["Gold"])
    answer = admin_client.post(change_url(field), form_of(field, options=""))
    assert "A dropdown needs at least one option." in answer.content.decode()
    field.refresh_from_db()
    assert field.options == ["Gold"]


@pytest.mark.parametrize(("action", "before"), [("deactivate", True), ("activate", False)])
def test_fields_are_switched_off_and_on(action: str, before: bool, admin_client: Client) -> None:
    field = ContactFieldFactory(active=before)
    selection = {"action": action, "_selected_action": [field.pk]}
    admin_client.post(reverse("admin:contacts_contactfield_changelist"), selection)
    field.refresh_from_db()
    assert field.active is not before
