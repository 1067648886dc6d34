"""Tokens in the Django admin: issued, shown once, revoked (R3)."""

import pytest
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from deskscim.provisioning.models import Connection, Token
from tests.factories import ConnectionFactory

ADD = "/admin/provisioning/token/add/"
LIST = "/admin/provisioning/token/"


@pytest.fixture
def connection(db: None) -> Connection:
    return ConnectionFactory(name="Contoso")


def form(connection: Connection | None, *scopes: str, **more: str) -> dict[str, object]:
    return {"name": "Main", "connection": connection.pk if connection else "", "scopes": scopes, **more}


def test_the_secret_is_shown_once_and_opens_what_it_says(
    admin_client: Client, connection: Connection
) -> None:
    answer = admin_client.post(ADD, form(connection, "scim"))
    secret = answer.context["secret"]
    assert answer.status_code == 200
    assert f'<code class="copyable" id="secret">{secret}</code>' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    token = Token.objects.get(digest=Token.digest_of(secret))
    assert (token.connection, token.scopes, token.name) == (connection, ["scim"], "Main")
    for later in (LIST, reverse("admin:provisioning_token_change", args=[token.pk]), "/admin/"):
        assert secret not in admin_client.get(later).content.decode()


def test_the_secret_is_in_no_session_and_no_log(admin_client: Client, connection: Connection) -> None:
    secret = admin_client.post(ADD, form(connection, "scim")).context["secret"]
    entry = AdminLogEntry.objects.get()
    assert secret not in f"{entry.object_repr} {entry.change_message}"
    assert [secret in str(session.get_decoded()) for session in Session.objects.all()] == [False]
    assert secret not in str(admin_client.cookies)


def test_the_page_names_the_tenant_url(admin_client: Client, connection: Connection) -> None:
    page = admin_client.post(ADD, form(connection, "scim")).content.decode()
    assert '<code class="copyable">http://testserver/entra</code>' in page


def test_a_token_for_the_rest_api_belongs_to_no_connection(
    admin_client: Client, connection: Connection
) -> None:
    admin_client.post(ADD, form(None, "api:read", "api:write"))
    assert Token.objects.get().scopes == ["api:read", "api:write"]


@pytest.mark.parametrize(
    ("scopes", "bound", "more", "sentence"),
    [
        (("scim",), False, {}, "A token with the scope SCIM needs a connection."),
        (("api:read",), True, {}, "A token for the REST API belongs to no connection."),
        (("scim", "api:read"), True, {}, "One token for SCIM, another for the REST API, please."),
        ((), True, {}, "This field is required."),
        (("root",), True, {}, "root is not one of the available choices"),
        (("scim",), True, {"expires_at_0": "2020-01-01", "expires_at_1": "12:00"}, "This moment has passed."),
    ],
)
def test_a_token_that_makes_no_sense_is_not_issued(
    scopes: tuple[str, ...],
    bound: bool,
    more: dict[str, str],
    sentence: str,
    admin_client: Client,
    connection: Connection,
) -> None:
    answer = admin_client.post(ADD, form(connection if bound else None, *scopes, **more))
    assert sentence in answer.content.decode()
    assert not Token.objects.exists()


def test_a_second_token_leaves_the_first_alive(admin_client: Client, connection: Connection) -> None:
    for _ in range(2):
        admin_client.post(ADD, form(connection, "scim"))
    assert connection.tokens.filter(revoked_at=None).count() == 2


def test_a_token_is_never_edited(admin_client: Client, connection: Connection) -> None:
    token, _ = Token.issue(name="Main", connection=connection)
    changed = admin_client.post(
        reverse("admin:provisioning_token_change", args=[token.pk]), form(None, "api:write")
    )
    assert changed.status_code == 403
    token.refresh_from_db()
    assert token.scopes == ["scim"]


def test_revoking_asks_first(admin_client: Client, connection: Connection) -> None:
    token, _ = Token.issue(name="Main", connection=connection)
    kept, _ = Token.issue(name="Kept", connection=connection)
    selection = {"action": "revoke", "_selected_action": [token.pk]}
    question = admin_client.post(LIST, selection)
    assert "Revoke these tokens for good?" in question.content.decode()
    assert str(token) in question.content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None
    admin_client.post(LIST, selection | {"confirmed": "yes"})
    token.refresh_from_db()
    kept.refresh_from_db()
    assert token.revoked_at is not None
    assert kept.revoked_at is None
