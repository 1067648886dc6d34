"""Every model has its pages in the Django admin, and only admins see them (R48)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from companies.models import Company, CompanyDomain
from contacts.models import (
    Action,
    Contact,
    ContactAddress,
    ContactField,
    ContactImport,
    ListPreference,
    NotDuplicate,
    SavedView,
    SearchText,
    Ticket,
    TimelineEntry,
)
from deskscim.agents.models import Agent
from deskscim.provisioning.models import Conflict, Connection, HeldCount, LogEntry, Token
from tests import factories
from tests.portal.test_german import ENGLISH, GERMAN, texts

OURS = ("companies", "contacts", "agents", "provisioning")
EDITED_WITH_THEIR_OWNER = {CompanyDomain, ContactAddress}
# Decided in the portal's Settings; kept by the database; each agent's own, in the portal.
NOT_IN_THE_ADMIN = {Conflict, ContactImport, HeldCount, SearchText, NotDuplicate, SavedView, ListPreference}


def a_token() -> Token:
    return Token.issue(name="Tenant", connection=factories.ConnectionFactory())[0]


def a_timeline_entry() -> TimelineEntry:
    return TimelineEntry.objects.create(
        contact=factories.ContactFactory(),
        at=timezone.now(),
        action=Action.UPDATED,
        actor_kind="agent",
        actor_label="Ada",
        changes={"title": ["", "Engineer"]},
    )


def a_log_entry() -> LogEntry:
    return LogEntry.objects.create(
        at=timezone.now(),
        connection=factories.ConnectionFactory(),
        contact=factories.ContactFactory(),
        method="POST",
        action=Action.CREATED,
        outcome=LogEntry.Outcome.FAILURE,
        status=409,
        reason="address_taken",
        duration_ms=2.5,
    )


ROWS: dict[type[Model], Callable[[], Any]] = {
    Company: lambda: factories.CompanyFactory(domains=["contoso.example"]),
    Contact: lambda: factories.ContactFactory(linked=True),
    ContactField: factories.ContactFieldFactory,
    TimelineEntry: a_timeline_entry,
    Ticket: factories.TicketFactory,
    Agent: factories.AgentFactory,
    Connection: factories.ConnectionFactory,
    Token: a_token,
    LogEntry: a_log_entry,
}
READ_ONLY: list[type[Model]] = [TimelineEntry, LogEntry]
MODELS = list(ROWS)


def names(model: type[Model]) -> str:
    return model.__name__


def url(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_is_in_the_admin() -> None:
    ours = {model for label in OURS for model in apps.get_app_config(label).get_models()}
    registered = {model for model in django_admin.site._registry if model._meta.app_label in OURS}
    assert ours - EDITED_WITH_THEIR_OWNER - NOT_IN_THE_ADMIN == registered == set(MODELS)


def test_nothing_else_is_in_the_admin() -> None:
    assert set(django_admin.site._registry) == set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_an_admin_sees_list_and_row(model: type[Model], admin_client: Client) -> None:
    row = ROWS[model]()
    assert admin_client.get(url(model, "changelist")).status_code == 200
    assert admin_client.get(url(model, "changelist"), {"q": "north wind"}).status_code == 200
    assert admin_client.get(url(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("view", ["changelist", "add", "change"])
@pytest.mark.parametrize("model", MODELS, ids=names)
def test_a_page_in_german_says_nothing_of_ours_in_english(
    model: type[Model], view: str, admin_client: Client
) -> None:
    row = ROWS[model]()
    Agent.objects.update(language="de")
    answer = admin_client.get(url(model, view, *([row.pk] if view == "change" else [])))
    said = {word.rstrip(":").lower() for word in texts(answer.content.decode())}
    same = {translated.lower() for _, translated in GERMAN}
    assert said & {english.lower() for english in ENGLISH} - same == set()


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_an_admin_adds_what_is_not_written_by_the_server(model: type[Model], admin_client: Client) -> None:
    expected = 403 if model in READ_ONLY else 200
    assert admin_client.get(url(model, "add")).status_code == expected


@pytest.mark.parametrize("model", MODELS, ids=names)
@pytest.mark.parametrize("who", ["agent_client", "manager_client", "client"])
def test_nobody_else_comes_in(model: type[Model], who: str, db: None, request: pytest.FixtureRequest) -> None:
    row, client = ROWS[model](), request.getfixturevalue(who)
    for address in (url(model, "changelist"), url(model, "add"), url(model, "change", row.pk)):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "sign-in" in answer["Location"] or "login" in answer["Location"]


@pytest.mark.parametrize("model", [Contact, TimelineEntry, Ticket, LogEntry, Token, ContactField], ids=names)
def test_the_stock_deletion_is_gone(model: type[Model], admin_client: Client) -> None:
    row = ROWS[model]()
    assert admin_client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    selection = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    admin_client.post(url(model, "changelist"), selection)
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", READ_ONLY, ids=names)
def test_the_histories_are_read_only(model: type[Model], admin_client: Client) -> None:
    row = ROWS[model]()
    before = model._default_manager.filter(pk=row.pk).values().get()
    answer = admin_client.post(url(model, "change", row.pk), {"action": "deleted", "status": "200"})
    assert answer.status_code == 403
    assert model._default_manager.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_a_longer_list_asks_no_more_questions(
    model: type[Model],
    admin_client: Client,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    ContentType.objects.get_for_model(model)
    ROWS[model]()
    with django_assert_max_num_queries(20) as short:
        admin_client.get(url(model, "changelist"))
    if model is Connection:
        Connection.objects.bulk_create(Connection(name=f"More {number}") for number in range(20))
    else:
        for _ in range(20):
            ROWS[model]()
    with django_assert_num_queries(len(short.captured_queries)):
        admin_client.get(url(model, "changelist"))
