"""The simulated Entra ID against a live server: both sides agree at the end, and again after a restart."""

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import transaction

from contacts import lifecycle
from contacts.models import Contact, ContactField, TimelineEntry
from deskscim.provisioning.models import LogEntry, Token
from deskscim.provisioning.simulator import mapping
from deskscim.provisioning.simulator.directory import Directory
from tests.domain import AGENT
from tests.factories import ConnectionFactory, ContactFactory, ContactFieldFactory

pytestmark = pytest.mark.django_db(transaction=True)
USERS = 15
ASSIGNED = [person for person in Directory(users=USERS, seed=1, dialect="mixed").people if person.is_active]
KINDS = {"probe", "match", "create", "read", "update", "disable", "enable", "delete", "page"}
FIELDS = {
    "cf_country": ("Country", ContactField.Type.TEXT, []),
    "cf_vip": ("VIP", ContactField.Type.CHECKBOX, []),
    "cf_tier": ("Support tier", ContactField.Type.DROPDOWN, ["Gold", "Silver"]),
    "cf_contract_end": ("Contract end", ContactField.Type.DATE, []),
    "cf_seats": ("Seats", ContactField.Type.NUMBER, []),
    "cf_budget": ("Budget", ContactField.Type.DECIMAL, []),
    "cf_home_page": ("Home page", ContactField.Type.URL, []),
    "cf_notes": ("Notes", ContactField.Type.PARAGRAPH, []),
}


class Tenant:
    """A connection of the live server and the command that provisions it."""

    def __init__(self, live_server: Any, capsys: pytest.CaptureFixture[str]) -> None:
        self.connection = ConnectionFactory()
        self.url = f"{live_server.url}/entra"
        _, self.secret = Token.issue(name="Simulation", connection=self.connection)
        self.capsys = capsys

    def run(self, *options: str) -> str:
        """Run the command and return what it printed."""
        where = ("--base-url", self.url, "--token", self.secret)
        call_command("simulate_entra", "--users", str(USERS), *options, *where)
        return self.capsys.readouterr().out

    @property
    def ids(self) -> dict[str, str]:
        """The SCIM id of each linked person's externalId."""
        contacts = Contact.objects.linked_to(self.connection.pk)
        return {contact.external_id: str(contact.pk) for contact in contacts}


@pytest.fixture
def tenant(
    django_db_setup: None,  # first, or the live server would take the database for one in memory and share it
    live_server: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Tenant:
    # Django's development server writes head and body apart, which costs 40 ms each on a kept connection.
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
    return Tenant(live_server, capsys)


@pytest.fixture
def custom_fields() -> None:
    for api_name, (label, kind, options) in FIELDS.items():
        ContactFieldFactory(api_name=api_name, label=label, type=kind, options=options)


@pytest.mark.parametrize(("dialect", "users"), [("legacy", 20), ("flagged", 20), ("mixed", 60)])
@pytest.mark.usefixtures("custom_fields")
def test_both_sides_agree_after_each_kind_of_change(tenant: Tenant, dialect: str, users: int) -> None:
    printed = tenant.run("--cycles=3", "--change-rate=0.6", f"--dialect={dialect}", f"--users={users}")
    assert printed.endswith(f"{users} people, no difference\n")
    assert set(re.findall(r"^(\w+) +\d", printed, re.MULTILINE)) >= KINDS
    failures = LogEntry.objects.filter(outcome=LogEntry.Outcome.FAILURE)
    assert set(failures.values_list("method", "status")) <= {("GET", 404)}  # reading what was deleted
    assert all(contact.unapplied == [] for contact in Contact.objects.all())


@pytest.mark.usefixtures("custom_fields")
def test_the_same_directory_again_finds_everybody(tenant: Tenant) -> None:
    tenant.run("--cycles=4", "--change-rate=0.4")
    ids, count = tenant.ids, Contact.objects.count()
    assert tenant.run("--cycles=1").endswith("no difference\n")
    assert ids.items() <= tenant.ids.items()
    assert Contact.objects.count() == count


def test_a_second_initial_cycle_changes_nothing(tenant: Tenant) -> None:
    tenant.run("--cycles=1")
    lines, ids = TimelineEntry.objects.count(), tenant.ids
    printed = tenant.run("--cycles=1")
    assert "update" not in printed
    assert "create" not in printed
    assert (TimelineEntry.objects.count(), tenant.ids) == (lines, ids)


def test_people_known_before_are_linked_and_not_doubled(tenant: Tenant) -> None:
    known = [str(person.values[mapping.USER_NAME]) for person in ASSIGNED[:10]]
    contacts = [ContactFactory(emails=[address]) for address in known]
    tenant.run("--cycles=1")
    linked = Contact.objects.filter(pk__in=[contact.pk for contact in contacts], verified=True)
    expected = {person.object_id for person in ASSIGNED[:10]}
    assert set(linked.values_list("external_id", flat=True)) == expected
    assert Contact.objects.count() == len(ASSIGNED)


def test_a_restart_mends_what_an_agent_changed(tenant: Tenant) -> None:
    tenant.run("--cycles=1")
    titled = next(person for person in ASSIGNED if mapping.TITLE in person.values)
    contact = Contact.objects.get(external_id=titled.object_id)
    Contact.objects.filter(pk=contact.pk).update(title="typed in by an agent")
    assert tenant.run("--cycles=1").endswith("no difference\n")
    contact.refresh_from_db()
    assert contact.title == titled.values[mapping.TITLE]


def test_a_contact_that_an_agent_deleted_comes_back(tenant: Tenant) -> None:
    tenant.run("--cycles=1")
    contact = Contact.objects.get(external_id=ASSIGNED[0].object_id)
    with transaction.atomic():
        lifecycle.soft_delete(contact=lifecycle.lock(contact.pk), actor=AGENT)
    assert tenant.run("--cycles=1").endswith("no difference\n")
    assert not Contact.objects.get(pk=contact.pk).is_deleted


def test_a_stranger_in_the_connection_is_a_difference(tenant: Tenant) -> None:
    ContactFactory(linked=True, connection=tenant.connection, external_id="a-stranger")
    with pytest.raises(CommandError, match="differences: 1, failures: 0"):
        tenant.run("--cycles=1")
    assert "differs: a-stranger: " in tenant.capsys.readouterr().out


def test_an_address_of_somebody_else_is_a_failure(tenant: Tenant) -> None:
    other = ConnectionFactory()
    ContactFactory(linked=True, connection=other, emails=[str(ASSIGNED[0].values[mapping.USER_NAME])])
    with pytest.raises(CommandError, match="failures: 1"):
        tenant.run("--cycles=1")
    assert f"failed: {ASSIGNED[0].object_id}: create POST: 409" in tenant.capsys.readouterr().out
