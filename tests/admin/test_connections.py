"""Connections in the Django admin (R4)."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deskscim.provisioning.models import Connection, LogEntry, Token
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory

ADD = "/admin/provisioning/connection/add/"
LIST = "/admin/provisioning/connection/"


def page(name: str, connection: Connection) -> str:
    return reverse(f"admin:provisioning_connection_{name}", args=[connection.pk])


def test_a_connection_is_made_with_its_rules(admin_client: Client) -> None:
    company = CompanyFactory()
    rules = {"company": company.pk, "tickets_on_delete": "keep", "strict_custom_fields": "on"}
    admin_client.post(ADD, {"name": "Contoso", "enabled": "on", **rules})
    made = Connection.objects.get()
    assert (made.name, made.enabled, made.company) == ("Contoso", True, company)
    assert (made.tickets_on_delete, made.strict_custom_fields, made.may_create_companies) == (
        "keep",
        True,
        False,
    )


def test_it_shows_the_tenant_url_and_its_tokens(admin_client: Client) -> None:
    connection = ConnectionFactory()
    token, _ = Token.issue(name="Main", connection=connection)
    shown = admin_client.get(page("change", connection)).content.decode()
    assert '<code class="copyable">http://testserver/entra</code>' in shown
    assert token.prefix in shown
    assert token.digest not in shown


def test_it_is_switched_off(admin_client: Client) -> None:
    connection = ConnectionFactory()
    formset = {f"tokens-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    admin_client.post(page("change", connection), {"name": "Off", "tickets_on_delete": "spam", **formset})
    connection.refresh_from_db()
    assert (connection.name, connection.enabled) == ("Off", False)


def test_one_with_linked_contacts_is_not_deleted(admin_client: Client) -> None:
    connection = ConnectionFactory()
    ContactFactory(linked=True, connection=connection)
    sentence = "1 linked contact. Remove it in Entra first, or switch the connection off."
    asked = admin_client.get(page("delete", connection))
    posted = admin_client.post(page("delete", connection), {"post": "yes"})
    selection = {"action": "delete_selected", "_selected_action": [connection.pk], "post": "yes"}
    selected = admin_client.post(LIST, selection)
    assert all(sentence in answer.content.decode() for answer in (asked, posted, selected))
    assert Connection.objects.filter(pk=connection.pk).exists()


def test_one_without_contacts_goes_with_its_tokens_and_log(admin_client: Client) -> None:
    connection, other = ConnectionFactory(), ConnectionFactory()
    for one in (connection, other):
        Token.issue(name="Main", connection=one)
        LogEntry.objects.create(at=timezone.now(), connection=one, method="POST", status=201, duration_ms=1)
    admin_client.post(page("delete", connection), {"post": "yes"})
    assert list(Connection.objects.all()) == [other]
    assert list(Token.objects.values_list("connection", flat=True)) == [other.pk]
    assert list(LogEntry.objects.values_list("connection", flat=True)) == [other.pk]
