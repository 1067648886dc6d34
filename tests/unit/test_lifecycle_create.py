"""New contacts, and existing ones that a connection links (R7, R14, R16, R18 to R20, R43)."""

import uuid
from typing import Any

import pytest

from contacts import lifecycle
from contacts.errors import AddressTaken, InvalidValue
from contacts.models import Action, ActorKind, Contact, SyncStatus
from contacts.values import Email, Values
from deskscim.provisioning.models import Connection
from tests.domain import (
    AGENT,
    addresses_of,
    agent_writes,
    entra_writes,
    push,
    stored,
    timeline_of,
    work,
)
from tests.factories import ConnectionFactory, ContactFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


class TestAgentCreates:
    def test_every_value_is_kept_as_given(self) -> None:
        """R20."""
        values = Values(
            name=" Zoë  Example",
            given_name="Zoë",
            title="Head of Ops",
            phone="(030) 123-45",
            mobile="+49 170 1",
            department="IT",
            employee_number="007",
            organization="Northwind",
        )
        contact = stored(lifecycle.create(values=values, actor=AGENT).contact)
        assert {column: getattr(contact, column) for column in values} == values

    def test_the_contact_is_neither_linked_nor_verified(self) -> None:
        """R14, R42."""
        contact = stored(lifecycle.create(values=Values(name="Ann"), actor=AGENT).contact)
        assert not contact.verified
        assert contact.sync_status == SyncStatus.NOT_SYNCED
        assert contact.source == Contact.Source.PORTAL

    def test_the_id_is_a_uuid_that_grows(self) -> None:
        """R6."""
        first, second = (
            lifecycle.create(values=Values(name="Ann"), actor=AGENT).contact.pk for _ in range(2)
        )
        assert isinstance(first, uuid.UUID)
        assert (first.version, first < second) == (7, True)

    def test_the_timeline_names_the_agent_and_each_value(self) -> None:
        """R43."""
        contact = lifecycle.create(
            values=Values(name="Ann", title="Boss", emails=[Email("ann@northwind.example")]), actor=AGENT
        ).contact
        line = contact.timeline.get()
        assert (line.action, line.actor_kind, line.actor_label) == (
            Action.CREATED,
            ActorKind.AGENT,
            "Ada Agent",
        )
        assert line.changes == {
            "name": ["", "Ann"],
            "title": ["", "Boss"],
            "addresses": [[], ["ann@northwind.example"]],
        }

    @pytest.mark.parametrize(
        ("emails", "primary"),
        [
            ([Email("a@x.example"), Email("b@x.example")], "a@x.example"),
            ([Email("a@x.example"), Email("b@x.example", primary=True)], "b@x.example"),
            ([Email("a@x.example"), Email("b@x.example", scim_type="work")], "b@x.example"),
            ([Email("a@x.example", primary=True), Email("b@x.example", scim_type="work")], "a@x.example"),
            ([Email("a@x.example"), Email("A@X.example", primary=True)], "a@x.example"),
        ],
    )
    def test_one_address_is_primary(self, emails: list[Email], primary: str) -> None:
        """R36: the one flagged, else the work one, else the first."""
        contact = stored(lifecycle.create(values=Values(name="Ann", emails=emails), actor=AGENT).contact)
        assert contact.primary_address == primary

    def test_an_address_given_twice_is_one(self) -> None:
        """R17: compared by NFC and casefold; the first spelling is kept."""
        emails = [Email(text) for text in ("Zoë@x.example", "b@x.example", "ZOE\u0308@X.EXAMPLE")]
        contact = lifecycle.create(values=Values(name="Zoë", emails=emails), actor=AGENT).contact
        assert addresses_of(contact) == ["Zoë@x.example", "b@x.example"]

    @pytest.mark.parametrize("state", ["deleted", "suspended", "linked"])
    def test_a_taken_address_is_refused(self, state: str) -> None:
        """R17: deleted holders included; nothing is half-saved."""
        ContactFactory(emails=["ann@x.example"], **{state: True})
        values = Values(name="Ann", emails=[Email("free@x.example"), Email("ANN@x.example")])
        with pytest.raises(AddressTaken):
            lifecycle.create(values=values, actor=AGENT)
        assert Contact.objects.count() == 1

    def test_a_contact_without_any_name_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="needs a name"):
            lifecycle.create(values=Values(title="Boss"), actor=AGENT)

    @pytest.mark.parametrize("column", ["name", "phone", "title", "department"])
    def test_a_value_too_long_for_its_column_is_refused(self, column: str) -> None:
        """On both databases alike: SQLite would keep it, PostgreSQL would not."""
        values = {"name": "Ann", column: "x" * 256}
        with pytest.raises(InvalidValue, match="longer than"):
            lifecycle.create(values=values, actor=AGENT)  # type: ignore[arg-type]

    def test_an_address_too_long_is_refused(self) -> None:
        emails = [Email("x" * 245 + "@x.example")]
        with pytest.raises(InvalidValue, match="longer than 254"):
            lifecycle.create(values=Values(name="Ann", emails=emails), actor=AGENT)

    @pytest.mark.parametrize(
        "values", [{"name": "A\x00"}, {"name": "A", "emails": [Email("a\x00@x.example")]}]
    )
    def test_a_character_that_no_database_keeps_is_refused(self, values: Values) -> None:
        with pytest.raises(InvalidValue, match="cannot be kept"):
            lifecycle.create(values=values, actor=AGENT)

    def test_an_empty_address_is_refused(self) -> None:
        """R17: two people without an address must not share one."""
        with pytest.raises(InvalidValue, match="address is empty"):
            lifecycle.create(values=Values(name="Ann", emails=[Email("")]), actor=AGENT)


class TestConnectionPushesAStranger:
    def test_a_contact_is_made_linked_and_verified(self, connection: Connection) -> None:
        """R14."""
        change = push(connection, "Ann@Northwind.example", external_id="E-1", name="Ann Example")
        contact = stored(change.contact)
        assert change.action == Action.CREATED
        assert (contact.connection, contact.external_id, contact.user_name) == (
            connection,
            "E-1",
            "Ann@Northwind.example",
        )
        assert contact.verified
        assert contact.source == Contact.Source.ENTRA
        assert contact.sync_status == SyncStatus.SYNCED
        assert contact.last_synced_at is not None

    def test_what_entra_sent_is_remembered(self, connection: Connection) -> None:
        """R25."""
        contact = push(connection, "ann@x.example", title="Boss").contact
        assert stored(contact).entra_fields == ["external_id", "title", "user_name"]

    @pytest.mark.parametrize(
        ("values", "name"),
        [
            ({"name": "Ann E.", "given_name": "Ann"}, "Ann E."),
            ({"given_name": "Ann", "family_name": "Example"}, "Ann Example"),
            ({"given_name": "Ann"}, "Ann"),
            ({"family_name": "Example"}, "Example"),
            ({"name": "", "family_name": "Example"}, "Example"),
            ({}, "ann@x.example"),
        ],
    )
    def test_a_missing_display_name_is_made(
        self, connection: Connection, values: dict[str, Any], name: str
    ) -> None:
        """R7: from the name, else from the userName."""
        assert stored(push(connection, "ann@x.example", **values).contact).name == name

    def test_a_made_name_fits_its_column(self, connection: Connection) -> None:
        """R7."""
        contact = push(connection, "ann@x.example", given_name="G" * 200, family_name="F" * 200).contact
        assert stored(contact).name == "G" * 200 + " " + "F" * 54

    def test_an_address_like_user_name_serves_without_emails(self, connection: Connection) -> None:
        """R16."""
        contact = push(connection, "Ann@Northwind.example").contact
        assert addresses_of(contact) == ["Ann@Northwind.example"]

    def test_an_empty_list_of_emails_counts_as_none(self, connection: Connection) -> None:
        """R16."""
        assert addresses_of(push(connection, "ann@x.example", emails=[]).contact) == ["ann@x.example"]

    def test_emails_win_over_the_user_name(self, connection: Connection) -> None:
        """R16: only without emails."""
        contact = push(connection, "upn@x.example", emails=work("mail@x.example")).contact
        assert addresses_of(contact) == ["mail@x.example"]

    @pytest.mark.parametrize(
        "user_name",
        [
            "ann",
            "NORTHWIND\\ann",
            "ann@localhost",
            "a b@x.example",
            "a@b@x.example",
            "ann_fabrikam.example#EXT#@northwind.example",
            "ann_fabrikam.example#ext#@northwind.example",
            "x" * 245 + "@x.example",
        ],
    )
    def test_another_user_name_is_no_address(self, connection: Connection, user_name: str) -> None:
        """R16, R20: no mail reaches a guest's name; it is kept all the same."""
        contact = stored(push(connection, user_name).contact)
        assert (contact.user_name, addresses_of(contact)) == (user_name, [])

    def test_a_user_name_is_required(self, connection: Connection) -> None:
        """R16: and an empty one is nobody else's."""
        ContactFactory(emails=[])
        with pytest.raises(InvalidValue, match="userName"):
            push(connection, "")

    def test_an_inactive_stranger_goes_straight_to_deleted(self, connection: Connection) -> None:
        """R19."""
        change = push(connection, "ann@x.example", active=False)
        contact = stored(change.contact)
        assert (change.action, contact.is_deleted, contact.deleted_by) == (Action.CREATED, True, "entra")
        assert contact.sync_status == SyncStatus.DEACTIVATED

    @pytest.mark.parametrize("active", [True, None])
    def test_a_stranger_is_active_unless_said_otherwise(
        self, connection: Connection, active: bool | None
    ) -> None:
        """R19."""
        contact = stored(push(connection, "ann@x.example", active=active).contact)
        assert (contact.is_deleted, contact.entra_active) == (False, True)


class TestConnectionPushesAKnownPerson:
    def test_the_contact_is_linked_and_verified_not_doubled(self, connection: Connection) -> None:
        """R14."""
        known = ContactFactory(name="Ann", emails=["ann@x.example"])
        change = push(connection, "ann@x.example", external_id="E-1")
        assert change.action == Action.LINKED
        assert Contact.objects.get() == known
        contact = stored(known)
        assert (contact.connection, contact.external_id, contact.verified) == (connection, "E-1", True)

    def test_attributes_sent_overwrite_and_absent_ones_stay(self, connection: Connection) -> None:
        """R14."""
        known = ContactFactory(name="Annie", title="Boss", phone="1", emails=["ann@x.example"])
        push(connection, "ann@x.example", name="Ann Example", phone="2")
        contact = stored(known)
        assert (contact.name, contact.title, contact.phone) == ("Ann Example", "Boss", "2")

    def test_a_name_that_an_agent_gave_stays_when_none_is_sent(self, connection: Connection) -> None:
        """R14, R7: a made name replaces only a made name."""
        known = ContactFactory(name="Annie", emails=["ann@x.example"])
        push(connection, "ann@x.example", given_name="Ann", family_name="Example")
        assert stored(known).name == "Annie"

    def test_the_source_of_the_contact_stays(self, connection: Connection) -> None:
        known = ContactFactory(emails=["ann@x.example"])
        push(connection, "ann@x.example")
        assert stored(known).source == Contact.Source.PORTAL

    def test_its_other_addresses_stay(self, connection: Connection) -> None:
        """R14, R23: the pushed one becomes primary, the others secondary."""
        known = ContactFactory(emails=["old@x.example", "ann@x.example"])
        push(connection, "ann@x.example", emails=work("Ann@x.example"))
        assert addresses_of(known) == ["Ann@x.example", "old@x.example"]

    def test_its_addresses_stay_when_none_is_sent(self, connection: Connection) -> None:
        """R16: the userName is no address of a contact that has one."""
        known = ContactFactory(emails=["old@x.example", "ann@x.example"])
        push(connection, "ann@x.example")
        assert addresses_of(known) == ["old@x.example", "ann@x.example"]

    def test_a_contact_without_an_address_gets_the_user_name(self, connection: Connection) -> None:
        """R16: cloud-only, known by its userName from an earlier link."""
        known = ContactFactory(emails=[], user_name="ann@x.example")
        push(connection, "ann@x.example")
        assert addresses_of(known) == ["ann@x.example"]

    def test_the_timeline_tells_of_the_link(self, connection: Connection) -> None:
        """R43: each field, old and new."""
        known = ContactFactory(name="Ann", emails=["ann@x.example"])
        push(connection, "ann@x.example", external_id="E-1", title="Boss")
        assert timeline_of(known) == [
            (
                Action.LINKED,
                {
                    "linked": [False, True],
                    "verified": [False, True],
                    "external_id": ["", "E-1"],
                    "user_name": ["", "ann@x.example"],
                    "title": ["", "Boss"],
                },
            )
        ]

    def test_a_suspended_person_is_linked_and_stays_suspended(self, connection: Connection) -> None:
        """R35."""
        known = ContactFactory(emails=["ann@x.example"], suspended=True)
        push(connection, "ann@x.example", active=True)
        contact = stored(known)
        assert (contact.is_linked, contact.is_suspended) == (True, True)

    def test_an_inactive_user_moves_the_contact_to_deleted(self, connection: Connection) -> None:
        """R14, R26: its tickets become spam."""
        known = ContactFactory(emails=["ann@x.example"])
        ticket = TicketFactory(contact=known)
        push(connection, "ann@x.example", active=False)
        ticket.refresh_from_db()
        assert (stored(known).deleted_by, ticket.spam_cause) == ("entra", "deletion")


class TestComingBack:
    """R18: a new externalId for somebody in Deleted Contacts."""

    @pytest.fixture(
        params=["deleted by an agent", "deleted by an agent while linked", "deactivated", "deleted by SCIM"]
    )
    def gone(self, request: pytest.FixtureRequest, connection: Connection) -> Contact:
        """Ann, in Deleted Contacts for one of four reasons."""
        if request.param == "deleted by an agent":
            return ContactFactory(emails=["ann@x.example"], deleted=True)
        contact: Contact = push(connection, "ann@x.example", external_id="old").contact
        if request.param == "deactivated":
            return entra_writes(contact, active=False).contact
        locked = lifecycle.lock(contact.pk)
        if request.param == "deleted by SCIM":
            return lifecycle.unlink(contact=locked, actor=AGENT).contact
        return lifecycle.soft_delete(contact=locked, actor=AGENT).contact

    def test_the_contact_is_restored_and_relinked(self, gone: Contact, connection: Connection) -> None:
        """R18."""
        change = push(connection, "ann@x.example", external_id="new", active=True)
        contact = stored(gone)
        assert (change.action, Contact.objects.get()) == (Action.LINKED, gone)
        assert (contact.external_id, contact.is_deleted, contact.deleted_by) == ("new", False, "")
        assert contact.sync_status == SyncStatus.SYNCED

    def test_a_post_that_does_not_speak_of_active_restores_too(
        self, gone: Contact, connection: Connection
    ) -> None:
        """R18: a new user is active unless said otherwise."""
        push(connection, "ann@x.example", external_id="new")
        assert not stored(gone).is_deleted

    def test_an_inactive_user_stays_deleted(self, gone: Contact, connection: Connection) -> None:
        """R18, R19: relinked, and from now on Entra's deletion."""
        push(connection, "ann@x.example", external_id="new", active=False)
        contact = stored(gone)
        assert (contact.external_id, contact.deleted_by) == ("new", "entra")
        assert contact.sync_status == SyncStatus.DEACTIVATED

    def test_the_person_is_known_by_user_name_too(self, gone: Contact, connection: Connection) -> None:
        """R14, R18."""
        push(connection, "ANN@x.example", external_id="new", emails=work("ann.married@x.example"))
        assert Contact.objects.get() == gone
        assert addresses_of(gone) == ["ann.married@x.example", "ann@x.example"]


def test_an_agents_edit_right_after_creation_adds_to_what_is_there() -> None:
    """The contact that a change hands back can be written to again."""
    contact = lifecycle.create(values=Values(name="Ann", emails=work("ann@x.example")), actor=AGENT).contact
    agent_writes(contact, emails=[Email("ann@x.example", primary=True), Email("two@x.example")])
    assert addresses_of(contact) == ["ann@x.example", "two@x.example"]


def test_the_contact_handed_back_answers_questions_about_its_addresses(connection: Connection) -> None:
    """A caller may count and filter what was just written, not only walk it."""
    contact = push(connection, "ann@x.example", emails=work("ann@x.example")).contact
    assert contact.addresses.count() == 1
    assert contact.addresses.filter(is_primary=True).exists()
    assert contact.addresses.all()[0].address == contact.primary_address
