"""Delete Forever (R30): from Deleted Contacts only, and nothing of the person remains."""

from typing import Any

import pytest
from django.utils import timezone

from contacts.errors import InvalidTransition
from contacts.models import Action, Contact, ContactField
from deskscim.provisioning.models import Connection, LogEntry
from tests.domain import (
    Step,
    agent_deletes,
    agent_erases,
    agent_suspends,
    agent_writes,
    causes,
    entra_deactivates,
    entra_deletes,
    entra_writes,
    push,
    stored,
    whole_database,
    work,
)
from tests.factories import ConnectionFactory, ContactFactory, SavedViewFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory()


@pytest.fixture
def ann(connection: Connection) -> Contact:
    """Ann, linked and live."""
    return push(connection, "ann@x.example", external_id="E-1", title="Boss").contact


class TestErasing:
    PERSONAL = "Rosebud"

    def fill(self, connection: Connection) -> Contact:
        """A contact with something personal wherever it can be, in the past too."""
        columns = (
            "name",
            "given_name",
            "family_name",
            "formatted_name",
            "title",
            "phone",
            "mobile",
            "department",
        )
        more = ("employee_number", "organization", "formatted_name")
        words: dict[str, Any] = {column: f"{self.PERSONAL} {column}" for column in columns + more}
        ContactField.objects.create(label="Pet", api_name="cf_pet", type="text")
        contact = push(
            connection,
            f"{self.PERSONAL}@x.example",
            external_id=self.PERSONAL,
            custom_fields={"cf_pet": self.PERSONAL},
            **words,
        ).contact
        TicketFactory(contact=contact, subject=self.PERSONAL, description=self.PERSONAL)
        entra_writes(contact, title="Boss", emails=work(f"{self.PERSONAL}.new@x.example"))
        agent_writes(contact, phone=f"{self.PERSONAL} again", note=self.PERSONAL)
        agent_writes(contact, note=f"{self.PERSONAL} again")
        return contact

    def test_no_personal_value_remains_anywhere(self, connection: Connection) -> None:
        """R30: in no table, nor in the log of what the connection did."""
        contact = self.fill(connection)
        LogEntry.objects.create(
            at=timezone.now(),
            connection=connection,
            contact=contact,
            method="POST",
            action=Action.CREATED,
            outcome="success",
            status=201,
            duration_ms=1,
        )
        assert self.PERSONAL in whole_database()
        agent_deletes(contact)
        agent_erases(contact)
        assert self.PERSONAL.lower() not in whole_database().lower()
        assert LogEntry.objects.get().contact is None

    @pytest.mark.parametrize(
        ("search", "rest"),
        [
            ("ann%40x.example", "?tab=all&status=error"),
            ("sample+ANN+boss", "?tab=all&status=error"),
            ("ann", None),
            ("x.example", None),
        ],
    )
    def test_no_saved_search_holds_its_name_or_address(
        self, ann: Contact, search: str, rest: str | None
    ) -> None:
        """R30: what is not its alone stays, and so does the rest of the view."""
        agent_writes(ann, name="Ann Sample")
        before = f"?tab=all&q={search}&status=error"
        view = SavedViewFactory(query=before)
        agent_deletes(ann)
        agent_erases(ann)
        view.refresh_from_db()
        assert view.query == (rest or before)

    @pytest.mark.parametrize("delete", [agent_deletes, entra_deactivates, entra_deletes])
    def test_whoever_deleted_it(self, ann: Contact, delete: Step) -> None:
        """R30."""
        delete(ann)
        agent_erases(ann)
        assert not Contact.objects.exists()

    def test_only_from_deleted_contacts(self, ann: Contact) -> None:
        """R30."""
        with pytest.raises(InvalidTransition):
            agent_erases(ann)
        agent_suspends(ann)
        with pytest.raises(InvalidTransition):
            agent_erases(ann)
        assert stored(ann) == ann

    def test_a_later_post_makes_a_fresh_contact(self, ann: Contact, connection: Connection) -> None:
        """R17, R30: erasing frees address, userName and externalId."""
        agent_deletes(ann)
        agent_erases(ann)
        change = push(connection, "ann@x.example", external_id="E-1")
        assert (change.action, change.contact.pk == ann.pk) == (Action.CREATED, False)
        assert stored(change.contact).title == ""

    def test_others_stay(self, ann: Contact) -> None:
        """R30."""
        other = TicketFactory(contact=ContactFactory(emails=["bob@x.example"])).contact
        agent_deletes(ann)
        agent_erases(ann)
        assert (Contact.objects.get(), causes(other)) == (other, [""])
