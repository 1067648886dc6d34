"""Contacts in the Django admin: through the lifecycle, and nothing left behind (R30, R43)."""

from typing import Any
from unittest.mock import ANY

import pytest
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.test import Client
from django.urls import reverse

from companies.models import Company
from contacts.models import Contact, ContactAddress, ContactField, Ticket, TimelineEntry
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory, TicketFactory

ADD = "/admin/contacts/contact/add/"
LIST = "/admin/contacts/contact/"


def change_url(contact: Contact) -> str:
    return reverse("admin:contacts_contact_change", args=[contact.pk])


def form_of(client: Client, contact: Contact, **changes: str) -> dict[str, str]:
    """What a browser sends back of the untouched form, and the changes."""
    form = client.get(change_url(contact)).context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields}
    return {**values, **changes}


def run(client: Client, action: str, *contacts: Contact, **more: str) -> Any:
    selection = {"action": action, "_selected_action": [one.pk for one in contacts], **more}
    return client.post(LIST, selection, follow=True)


def test_a_contact_is_made_with_addresses_company_and_custom_fields(admin_client: Client) -> None:
    company = CompanyFactory(domains=["northwind.example"])
    ContactFieldFactory(label="Country", api_name="cf_country")
    emails = {"email": "ada@northwind.example", "other_emails": "a.king@northwind.example"}
    admin_client.post(ADD, {"given_name": "Ada", "family_name": "King", **emails, "cf_country": "UK"})
    made = Contact.objects.get()
    assert (made.name, made.company, made.custom_fields) == ("Ada King", company, {"cf_country": "UK"})
    assert [one.address for one in made.addresses.all()] == [*emails.values()]
    assert made.primary_address == "ada@northwind.example"
    entry = made.timeline.get()
    assert (entry.action, entry.actor_kind, entry.actor_label) == ("created", "agent", "Abe Admin")


def test_a_change_writes_a_timeline_line_of_what_changed(admin_client: Client) -> None:
    contact = ContactFactory(name="Ada King", title="Clerk", emails=["ada@northwind.example"])
    form = form_of(admin_client, contact, title="Engineer", other_emails="a.king@northwind.example")
    assert admin_client.post(change_url(contact), form).status_code == 302
    entry = contact.timeline.get()
    assert entry.changes == {
        "title": ["Clerk", "Engineer"],
        "addresses": [["ada@northwind.example"], ["ada@northwind.example", "a.king@northwind.example"]],
    }
    assert (entry.action, entry.actor_label) == ("updated", "Abe Admin")


def test_a_change_that_changes_nothing_writes_no_line(admin_client: Client) -> None:
    contact = ContactFactory(company=CompanyFactory())
    assert admin_client.post(change_url(contact), form_of(admin_client, contact)).status_code == 302
    assert not contact.timeline.exists()


def test_the_link_to_entra_cannot_be_forged(admin_client: Client) -> None:
    contact = ContactFactory(linked=True, external_id="7f3c", user_name="ada@northwind.example")
    forged = {"external_id": "0000", "user_name": "eve@northwind.example", "verified": "", "connection": ""}
    admin_client.post(change_url(contact), form_of(admin_client, contact, title="Engineer", **forged))
    contact.refresh_from_db()
    assert (contact.title, contact.external_id, contact.user_name) == (
        "Engineer",
        "7f3c",
        "ada@northwind.example",
    )
    assert contact.verified
    assert contact.is_linked


def test_an_address_of_another_contact_is_an_error_of_the_form(admin_client: Client) -> None:
    ContactFactory(name="Gone Person", emails=["taken@northwind.example"], deleted=True)
    contact = ContactFactory()
    form = form_of(admin_client, contact, title="Engineer", other_emails="TAKEN@northwind.example")
    answer = admin_client.post(change_url(contact), form)
    assert answer.status_code == 200
    assert "in Deleted Contacts" in answer.content.decode()
    contact.refresh_from_db()
    assert contact.title == ""


def test_a_form_that_somebody_was_quicker_than_is_refused(admin_client: Client) -> None:
    contact = ContactFactory(title="Clerk")
    stale = form_of(admin_client, contact, title="Engineer")
    admin_client.post(change_url(contact), form_of(admin_client, contact, title="Baker"))
    assert "changed while you were editing" in admin_client.post(change_url(contact), stale).content.decode()
    contact.refresh_from_db()
    assert contact.title == "Baker"


def test_delete_restore_and_suspension_go_through_the_lifecycle(admin_client: Client) -> None:
    contact = ContactFactory()
    ticket = TicketFactory(contact=contact)
    run(admin_client, "soft_delete", contact)
    contact.refresh_from_db()
    ticket.refresh_from_db()
    assert (contact.deleted_by, ticket.spam_cause) == ("agent", "deletion")
    run(admin_client, "restore", contact)
    contact.refresh_from_db()
    ticket.refresh_from_db()
    assert (contact.is_deleted, ticket.is_spam) == (False, False)
    assert list(contact.timeline.values_list("action", "actor_label")) == [
        ("restored", "Abe Admin"),
        ("deleted", "Abe Admin"),
    ]


def test_a_suspension_is_lifted(admin_client: Client) -> None:
    contact = ContactFactory(suspended=True)
    run(admin_client, "lift_suspension", contact)
    contact.refresh_from_db()
    assert not contact.is_suspended
    assert contact.timeline.get().action == "unsuspended"


@pytest.mark.parametrize(
    ("action", "sentence"),
    [("restore", "This contact is not deleted."), ("lift_suspension", "This contact is not suspended.")],
)
def test_a_step_that_leads_nowhere_is_a_message(action: str, sentence: str, admin_client: Client) -> None:
    answer = run(admin_client, action, ContactFactory())
    assert answer.status_code == 200
    assert [message.message for message in answer.context["messages"]] == [ANY]
    assert sentence in answer.content.decode()


def test_delete_forever_asks_and_names_what_goes(admin_client: Client) -> None:
    contact = ContactFactory(name="Ada King", deleted=True, emails=["a@x.example", "b@x.example"])
    TicketFactory(contact=contact)
    page = run(admin_client, "erase", contact).content.decode()
    for text in (
        "Ada King",
        "2 e-mail addresses",
        "1 ticket",
        "0 lines",
        "custom fields",
        "Delete 1 forever",
    ):
        assert text in page
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_only_those_in_deleted_contacts_are_deleted_forever(admin_client: Client) -> None:
    gone, kept = ContactFactory(deleted=True), ContactFactory()
    answer = run(admin_client, "erase", gone, kept, confirmed="yes")
    assert "1 of the selected contacts is not in Deleted Contacts; it stays." in answer.content.decode()
    assert list(Contact.objects.all()) == [kept]


def test_a_lone_living_contact_is_not_asked_about(admin_client: Client) -> None:
    answer = run(admin_client, "erase", ContactFactory())
    assert "it stays" in answer.content.decode()
    assert "Delete 0 forever" not in answer.content.decode()


def every_text_of_the_admin_log() -> str:
    rows = AdminLogEntry.objects.values_list("object_id", "object_repr", "change_message")
    return "\n".join(" ".join(map(str, row)) for row in rows).lower()


def test_no_personal_value_reaches_the_admin_log(admin_client: Client) -> None:
    ContactFieldFactory(label="Country", api_name="cf_country")
    admin_client.post(ADD, {"name": "Quentin", "email": "quentin@northwind.example", "cf_country": "Quebec"})
    contact = Contact.objects.get()
    admin_client.post(change_url(contact), form_of(admin_client, contact, name="Quill", title="Quaestor"))
    ticket = {"contact": contact.pk, "subject": "Quiz", "description": "Quill asks"}
    admin_client.post("/admin/contacts/ticket/add/", ticket)
    change = reverse("admin:contacts_ticket_change", args=[Ticket.objects.get().pk])
    admin_client.post(change, {"subject": "Quiet", "description": "", "status": "open"})
    run(admin_client, "soft_delete", contact)
    run(admin_client, "erase", contact, confirmed="yes")
    log = every_text_of_the_admin_log()
    assert AdminLogEntry.objects.count() == 5
    assert f"contact {contact.pk}" in log
    assert '"fields": ["name", "title"]' in log
    assert "qu" not in log
    for model in (Contact, ContactAddress, Ticket, TimelineEntry):
        assert not model._default_manager.exists()


def test_searching_finds_addresses(admin_client: Client) -> None:
    ContactFactory(name="Ada", emails=["ada@northwind.example"])
    ContactFactory(name="Bob", emails=["bob@fabrikam.example"])
    found = admin_client.get(LIST, {"q": "FABRIKAM"}).context["cl"].result_list
    assert [one.name for one in found] == ["Bob"]


@pytest.mark.parametrize(
    ("state", "names"), [("active", ["A"]), ("suspended", ["S"]), ("deleted", ["D"]), ("", ["A", "D", "S"])]
)
def test_the_list_is_filtered_by_state(state: str, names: list[str], admin_client: Client) -> None:
    ContactFactory(name="A")
    ContactFactory(name="S", suspended=True)
    ContactFactory(name="D", deleted=True)
    found = admin_client.get(LIST, {"state": state} if state else {}).context["cl"].result_list
    assert [one.name for one in found] == names


def test_inactive_fields_are_not_in_the_form(admin_client: Client) -> None:
    ContactFieldFactory(api_name="cf_old", active=False)
    assert not ContactField.objects.get().active
    assert "cf_old" not in admin_client.get(ADD).content.decode()


def test_a_company_with_contacts_is_not_deleted(admin_client: Client) -> None:
    company = CompanyFactory(name="Northwind")
    ContactFactory(company=company, deleted=True)
    url = reverse("admin:companies_company_delete", args=[company.pk])
    for answer in (admin_client.get(url), admin_client.post(url, {"post": "yes"})):
        assert "Northwind: 1 contact belongs to it" in answer.content.decode()
    assert Company.objects.filter(pk=company.pk).exists()
