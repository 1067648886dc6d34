"""Changing a contact, by Entra and by agents (R7, R11, R16, R20 to R25, R42, R43)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts import lifecycle
from contacts.errors import InvalidValue
from contacts.models import Action, ActorKind, Contact, SyncStatus
from contacts.values import Values
from tests.domain import (
    AGENT,
    ENTRA,
    addresses_of,
    agent_writes,
    entra_writes,
    push,
    stored,
    sync_of,
    timeline_of,
    work,
)
from tests.factories import ConnectionFactory, ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Contact:
    """Ann, linked."""
    return push(
        ConnectionFactory(),
        "ann@x.example",
        external_id="E-1",
        name="Ann Example",
        given_name="Ann",
        family_name="Example",
        title="Boss",
        phone="1",
        emails=work("ann@x.example"),
    ).contact


def last_line(contact: Contact) -> tuple[str, dict[str, Any]]:
    """The newest line of the timeline: (action, changes)."""
    return timeline_of(contact)[-1]


class TestPlainValues:
    def test_what_is_sent_changes_and_the_rest_stays(self, ann: Contact) -> None:
        """R21."""
        entra_writes(ann, title="Chief", mobile="2")
        contact = stored(ann)
        assert (contact.title, contact.mobile, contact.phone, contact.name) == (
            "Chief",
            "2",
            "1",
            "Ann Example",
        )

    def test_an_empty_value_clears(self, ann: Contact) -> None:
        """R21: what SCIM's remove comes to."""
        entra_writes(ann, title="", phone="")
        assert (stored(ann).title, stored(ann).phone) == ("", "")

    @pytest.mark.parametrize(
        "value", ["+49 (0)30-1 23", " 007 ", "\ufb01", "Zoë", "Zoe\u0308", "\u202eevil", "<b>"]
    )
    def test_a_value_is_kept_exactly_as_sent(self, ann: Contact, value: str) -> None:
        """R20."""
        entra_writes(ann, phone=value)
        assert stored(ann).phone == value

    def test_the_timeline_tells_who_and_what(self, ann: Contact) -> None:
        """R43."""
        entra_writes(ann, title="Chief", phone="1")
        line = ann.timeline.all()[0]
        assert (line.action, line.actor_kind, line.actor_label) == (
            Action.UPDATED,
            ActorKind.CONNECTION,
            ENTRA.label,
        )
        assert line.changes == {"title": ["Boss", "Chief"]}

    @pytest.mark.parametrize("text", ["x" * 256, "nul\x00"])
    def test_what_cannot_be_kept_is_refused_with_all_the_rest(self, ann: Contact, text: str) -> None:
        """R21: all or nothing."""
        with pytest.raises(InvalidValue):
            entra_writes(ann, title="Chief", department=text)
        assert stored(ann).title == "Boss"

    def test_a_user_name_cannot_be_cleared(self, ann: Contact) -> None:
        """R16."""
        with pytest.raises(InvalidValue, match="userName"):
            entra_writes(ann, user_name="")


class TestNames:
    """R7: a displayName that never comes is made, and follows what it was made from."""

    def test_a_made_name_follows_the_user_name(self) -> None:
        """R7."""
        contact = push(ConnectionFactory(), "old@x.example").contact
        entra_writes(contact, user_name="new@x.example")
        assert stored(contact).name == "new@x.example"

    def test_a_made_name_follows_the_parts(self) -> None:
        """R7."""
        contact = push(ConnectionFactory(), "ann@x.example", given_name="Ann").contact
        entra_writes(contact, family_name="Example")
        assert stored(contact).name == "Ann Example"

    def test_a_made_name_that_was_cut_still_follows(self) -> None:
        """R7."""
        contact = push(
            ConnectionFactory(), "ann@x.example", given_name="G" * 200, family_name="F" * 200
        ).contact
        entra_writes(contact, given_name="Ann", family_name="Example")
        assert stored(contact).name == "Ann Example"

    def test_a_name_that_entra_sent_stays(self, ann: Contact) -> None:
        """R7: even while it equals what would be made."""
        entra_writes(ann, family_name="Married")
        assert stored(ann).name == "Ann Example"

    def test_a_name_that_an_agent_gave_stays(self) -> None:
        """R25."""
        contact = push(ConnectionFactory(), "ann@x.example", given_name="Ann").contact
        agent_writes(contact, name="Annie")
        entra_writes(contact, family_name="Example")
        assert stored(contact).name == "Annie"

    def test_a_cleared_name_is_made_anew(self, ann: Contact) -> None:
        """R7, R21."""
        entra_writes(ann, given_name="Anna", name="")
        assert stored(ann).name == "Anna Example"
        assert last_line(ann)[1] == {"given_name": ["Ann", "Anna"], "name": ["Ann Example", "Anna Example"]}

    def test_a_cleared_name_that_is_made_again_is_no_change(self, ann: Contact) -> None:
        """R24."""
        assert entra_writes(ann, name="").action == Action.NOTHING
        assert stored(ann).name == "Ann Example"

    def test_the_last_source_of_a_name_cannot_go(self) -> None:
        contact = ContactFactory(name="Annie", emails=[])
        with pytest.raises(InvalidValue, match="needs a name"):
            agent_writes(contact, name="")


class TestUserName:
    def test_a_later_user_name_never_touches_addresses(self, ann: Contact) -> None:
        """R22."""
        entra_writes(ann, user_name="ann.married@x.example")
        assert stored(ann).user_name == "ann.married@x.example"
        assert addresses_of(ann) == ["ann@x.example"]

    def test_not_even_when_there_is_none(self) -> None:
        """R16, R22: the userName serves as address at the beginning only."""
        contact = push(ConnectionFactory(), "cloud-only").contact
        entra_writes(contact, user_name="ann@x.example")
        assert addresses_of(contact) == []

    def test_the_old_user_name_is_free(self, ann: Contact) -> None:
        """R22."""
        entra_writes(ann, user_name="ann.married@x.example")
        other = push(ann.connection or ConnectionFactory(), "cloud").contact
        entra_writes(other, user_name="ann@x.example")
        assert Contact.objects.get(user_name="ann@x.example") == other

    def test_a_change_of_case_is_kept(self, ann: Contact) -> None:
        """R20: and is no conflict with oneself."""
        entra_writes(ann, user_name="Ann@X.example")
        assert stored(ann).user_name == "Ann@X.example"


class TestCustomFields:
    def test_only_the_fields_named_change(self, ann: Contact) -> None:
        """R21."""
        entra_writes(ann, custom_fields={"cf_a": "1", "cf_b": True})
        entra_writes(ann, custom_fields={"cf_b": False})
        assert stored(ann).custom_fields == {"cf_a": "1", "cf_b": False}

    def test_none_clears_a_field(self, ann: Contact) -> None:
        """R10."""
        entra_writes(ann, custom_fields={"cf_a": "1", "cf_b": 0})
        entra_writes(ann, custom_fields={"cf_a": None})
        assert stored(ann).custom_fields == {"cf_b": 0}

    def test_each_field_has_its_own_place_in_the_timeline(self, ann: Contact) -> None:
        """R43."""
        entra_writes(ann, custom_fields={"cf_a": "1", "cf_b": 2})
        assert last_line(ann)[1] == {"cf_a": [None, "1"], "cf_b": [None, 2]}

    def test_clearing_an_empty_field_changes_nothing(self, ann: Contact) -> None:
        """R24."""
        assert entra_writes(ann, custom_fields={"cf_a": None}).action == Action.NOTHING

    def test_false_is_a_value(self, ann: Contact) -> None:
        """R10: an unticked checkbox is not an empty one."""
        entra_writes(ann, custom_fields={"cf_a": False})
        assert stored(ann).custom_fields == {"cf_a": False}


class TestPartlyApplied:
    """R11: what did not fit."""

    def writes(self, contact: Contact, *, fitted: set[str], unapplied: dict[str, str]) -> tuple[str, ...]:
        """Entra sends custom values, some of which fit."""
        sync = sync_of(
            contact.connection or ConnectionFactory(), fitted=frozenset(fitted), unapplied=unapplied
        )
        locked = lifecycle.lock(contact.pk)
        return lifecycle.update(contact=locked, values=Values(), actor=ENTRA, sync=sync).notes

    def test_the_contact_is_marked_and_the_log_told(self, ann: Contact) -> None:
        """R11, R42."""
        notes = self.writes(ann, fitted=set(), unapplied={"cf_a": "A number is expected."})
        assert notes == ("cf_a: A number is expected.",)
        assert (stored(ann).unapplied, stored(ann).sync_status) == (["cf_a"], SyncStatus.PARTLY_APPLIED)

    def test_a_value_that_fits_clears_its_mark_alone(self, ann: Contact) -> None:
        """R11."""
        self.writes(ann, fitted=set(), unapplied={"cf_a": "No.", "cf_b": "No."})
        self.writes(ann, fitted={"cf_a"}, unapplied={})
        assert stored(ann).unapplied == ["cf_b"]

    def test_other_writes_leave_the_mark(self, ann: Contact) -> None:
        """R11."""
        self.writes(ann, fitted=set(), unapplied={"cf_a": "No."})
        entra_writes(ann, title="Chief")
        assert stored(ann).sync_status == SyncStatus.PARTLY_APPLIED


class TestNothingChanges:
    @pytest.fixture(autouse=True)
    def synced_yesterday(self, ann: Contact) -> None:
        yesterday = timezone.now() - timedelta(days=1)
        Contact.objects.filter(pk=ann.pk).update(last_synced_at=yesterday, updated_at=yesterday)

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"title": "Boss"},
            {"name": "Ann Example", "user_name": "ann@x.example", "external_id": "E-1"},
            {"emails": work("ann@x.example")},
            {"custom_fields": {}},
        ],
    )
    def test_no_line_is_written_but_last_synced_moves(self, ann: Contact, values: dict[str, Any]) -> None:
        """R24."""
        before, lines = stored(ann), timeline_of(ann)
        change = entra_writes(ann, active=True, **values)
        after = stored(ann)
        assert (change.action, timeline_of(ann)) == (Action.NOTHING, lines)
        assert after.last_synced_at > before.last_synced_at  # type: ignore[operator]
        assert after.updated_at == before.updated_at

    def test_an_agent_who_changes_nothing_leaves_no_trace(self, ann: Contact) -> None:
        """R24, R25."""
        before = Contact.objects.filter(pk=ann.pk).values().get()
        assert agent_writes(ann, title="Boss", emails=work("ann@x.example")).action == Action.NOTHING
        assert Contact.objects.filter(pk=ann.pk).values().get() == before

    def test_a_change_moves_both_times(self, ann: Contact) -> None:
        """R6, R24: meta.lastModified is updated_at."""
        before = stored(ann)
        entra_writes(ann, title="Chief")
        after = stored(ann)
        assert after.updated_at > before.updated_at
        assert after.last_synced_at == after.updated_at


class TestOneWay:
    def test_an_agents_edit_lasts_until_entra_sends_that_attribute(self, ann: Contact) -> None:
        """R25."""
        agent_writes(ann, title="Queen", phone="9")
        entra_writes(ann, phone="1")
        assert (stored(ann).title, stored(ann).phone) == ("Queen", "1")
        entra_writes(ann, title="Boss")
        assert stored(ann).title == "Boss"

    def test_an_agents_edit_is_no_sync(self, ann: Contact) -> None:
        """R25, R41."""
        before = stored(ann).last_synced_at
        agent_writes(ann, title="Queen")
        assert stored(ann).last_synced_at == before

    def test_attributes_that_entra_sends_add_up(self, ann: Contact) -> None:
        """R25: the form tells which ones Entra manages."""
        entra_writes(ann, mobile="2")
        entra_writes(ann, department="IT")
        assert {"title", "mobile", "department", "emails"} <= set(stored(ann).entra_fields)

    def test_an_agents_edit_makes_nothing_entras(self, ann: Contact) -> None:
        """R25."""
        agent_writes(ann, department="IT")
        assert "department" not in stored(ann).entra_fields


class TestFailure:
    def test_a_refused_write_marks_the_contact_until_the_next_success(self, ann: Contact) -> None:
        """R42."""
        lifecycle.note_failure(ann.pk)
        assert stored(ann).sync_status == SyncStatus.ERROR
        entra_writes(ann, title="Boss")
        assert stored(ann).sync_status == SyncStatus.SYNCED

    def test_an_unlinked_contact_has_no_sync_to_fail(self) -> None:
        """R42."""
        contact = ContactFactory()
        lifecycle.note_failure(contact.pk)
        assert stored(contact).sync_failed_at is None

    def test_an_agents_edit_is_no_success_of_entra(self, ann: Contact) -> None:
        """R42."""
        lifecycle.note_failure(ann.pk)
        agent_writes(ann, title="Queen")
        assert stored(ann).sync_status == SyncStatus.ERROR


def test_a_gone_contact_cannot_be_locked(ann: Contact) -> None:
    lifecycle.soft_delete(contact=lifecycle.lock(ann.pk), actor=AGENT)
    lifecycle.erase(contact=lifecycle.lock(ann.pk), actor=AGENT)
    with pytest.raises(Contact.DoesNotExist):
        lifecycle.lock(ann.pk)
