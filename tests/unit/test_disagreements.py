"""In what a contact differs from what Entra ID sent of it (R11, R25)."""

import pytest
from django.utils import timezone

from contacts import disagreements
from contacts.models import Action, Contact
from contacts.values import Email
from deskscim.provisioning.models import Connection, LogEntry
from tests.domain import agent_writes, entra_writes, push, stored, work
from tests.factories import ConnectionFactory, ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann(connection: Connection) -> Contact:
    return push(connection, "ann@x.example", title="Cook", emails=work("ann@x.example")).contact


def differences(contact: Contact) -> list[tuple[str, str, str]]:
    return [(one.label, one.theirs, one.ours) for one in disagreements.overridden(stored(contact), {})]


def test_none_when_nobody_interfered(ann: Contact) -> None:
    entra_writes(ann, title="Chef")

    assert differences(ann) == []


def test_what_an_agent_changed_since(ann: Contact) -> None:
    agent_writes(ann, title="Chef")
    agent_writes(ann, title="Boss")

    assert differences(ann) == [("Title", "Cook", "Boss")]
    (one,) = disagreements.overridden(stored(ann), {})
    assert one.by == "Ada Agent"


def test_over_when_entra_sends_it_again(ann: Contact) -> None:
    """R25."""
    agent_writes(ann, title="Boss")
    entra_writes(ann, title="Cook")

    assert differences(ann) == []


def test_none_when_the_agent_took_it_back(ann: Contact) -> None:
    agent_writes(ann, title="Boss")
    agent_writes(ann, title="Cook")

    assert differences(ann) == []


def test_fields_that_entra_does_not_manage_are_the_agents(ann: Contact) -> None:
    agent_writes(ann, department="Kitchen")

    assert differences(ann) == []


def test_an_address_beside_is_no_difference_and_another_primary_is(ann: Contact) -> None:
    """R23."""
    agent_writes(ann, emails=[Email("ann@x.example", primary=True), Email("own@x.example")])
    assert differences(ann) == []
    agent_writes(ann, emails=[Email("own@x.example", primary=True), Email("ann@x.example")])
    assert differences(ann) == [("E-mail addresses", "ann@x.example", "own@x.example, ann@x.example")]


def test_what_was_before_entra_came_does_not_count(connection: Connection) -> None:
    """R14: linking sends everything."""
    bob = ContactFactory(emails=["bob@x.example"], title="Cook")
    agent_writes(bob, title="Chef")
    push(connection, "bob@x.example", title="Chef")

    assert differences(bob) == []


def test_unlinked_nothing_differs() -> None:
    bob = ContactFactory(entra_fields=["title"])
    agent_writes(bob, title="Chef")

    assert differences(bob) == []


def test_why_a_custom_value_was_not_applied() -> None:
    """R11: as the newest line of the log says it."""
    ann = ContactFactory(linked=True, unapplied=["cf_cost", "cf_unknown"])
    for why in ("A number is expected.", "The number is out of range."):
        LogEntry.objects.create(
            at=timezone.now(),
            contact=ann,
            method="PATCH",
            action=Action.UPDATED,
            outcome="success",
            status=200,
            notes=["A company is unknown.", f"cf_cost: {why}"],
            duration_ms=1,
        )

    found = disagreements.unapplied(ann, {"cf_cost": "Cost centre"})

    assert [(one.label, one.why) for one in found] == [
        ("Cost centre", "The number is out of range."),
        ("cf_unknown", ""),
    ]
