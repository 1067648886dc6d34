"""The provisioning log: one entry a write, one a failure, and no personal value (R9, R11, R42, R44)."""

import uuid

import pytest

from contacts.models import Contact, SyncStatus
from contacts.values import Email, Values
from deskscim.provisioning import conflicts
from deskscim.provisioning.log import Call
from deskscim.provisioning.models import Conflict, LogEntry
from tests.factories import ConnectionFactory, ContactFactory, ContactFieldFactory

from .conftest import CUSTOM, Scim

pytestmark = pytest.mark.django_db


def last() -> LogEntry:
    """The newest entry."""
    return LogEntry.objects.latest("id")


def test_each_write_has_one_entry_that_names_its_action(scim: Scim) -> None:
    """R44: and linked for a contact that existed."""
    contact = scim.created()
    scim.replace(contact.pk, "title", "Cook")
    scim.replace(contact.pk, "title", "Cook")
    scim.replace(contact.pk, "active", "False")
    scim.replace(contact.pk, "active", "True")
    scim.delete(contact.pk)
    ContactFactory(emails=["known@northwind.example"])
    scim.created(login="known")
    actions = list(LogEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["created", "updated", "nothing", "deactivated", "reactivated", "deleted", "linked"]
    assert set(LogEntry.objects.values_list("outcome", "connection")) == {("success", scim.connection.pk)}


def test_reads_that_succeed_are_not_logged(scim: Scim) -> None:
    """Entra reads far more than it writes."""
    contact = scim.created()
    scim.get(f"/Users/{contact.pk}")
    scim.get("/Users")
    assert LogEntry.objects.count() == 1


def test_a_failure_is_logged_with_what_the_caller_saw(scim: Scim) -> None:
    """R44: status and a reason to look the cure up by; nothing else was written."""
    scim.created(login="ann", externalId="e1")
    assert scim.post(login="ann", externalId="e1").status_code == 409
    entry = last()
    assert (entry.outcome, entry.status, entry.reason) == ("failure", 409, "external_id_taken")
    assert LogEntry.objects.count() == 2


def test_a_failed_read_is_logged(scim: Scim) -> None:
    """A broken filter is what turns a sync red."""
    scim.get("/Users?filter=userName%20xx%201")
    assert (last().method, last().status, last().reason) == ("GET", 400, "invalid_filter")


def test_ignored_attributes_are_counted(scim: Scim) -> None:
    """R9."""
    scim.created(nickName="Uma", favouriteColour="green")
    assert last().ignored == 2


def test_the_log_holds_no_personal_value(scim: Scim) -> None:
    """R44: whatever was sent, in success and in failure."""
    ContactFieldFactory(api_name="cf_tier", type="dropdown", options=["Gold"])
    scim.created(login="ann.zebra", displayName="Ann Zebra", title="Zebra", **{CUSTOM: {"cf_tier": "Zebra"}})
    scim.post(login="ann.zebra", displayName="Zebra")
    scim.get('/Users?filter=userName eq "zebra" zebra')
    rows = [str(row).lower() for row in LogEntry.objects.values()]
    assert len(rows) == 3
    assert not [row for row in rows if "zebra" in row]


def test_a_value_that_does_not_fit_is_named_with_its_reason(scim: Scim) -> None:
    """R11: the field is kept as it was, the rest applied, the contact Partly applied."""
    ContactFieldFactory(api_name="cf_tier", type="dropdown", options=["Gold"])
    contact = scim.created(title="Cook", **{CUSTOM: {"cf_tier": "Lead"}})
    assert contact.title == "Cook"
    assert contact.custom_fields == {}
    assert contact.sync_status == SyncStatus.PARTLY_APPLIED
    assert last().notes == ["cf_tier: The value is not one of the field's options."]


def test_a_strict_connection_refuses_the_whole_request(scim: Scim) -> None:
    """R11: 400 invalidValue naming the field; nothing is changed."""
    ContactFieldFactory(api_name="cf_tier", type="dropdown", options=["Gold"])
    scim.connection.strict_custom_fields = True
    scim.connection.save()
    answer = scim.post(**{CUSTOM: {"cf_tier": "Lead"}})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert "cf_tier" in answer.json()["detail"]
    assert Contact.objects.count() == 0


def test_a_refused_write_marks_its_contact_until_the_next_success(scim: Scim) -> None:
    """R42: Error, then Synced again."""
    contact = scim.created(login="ann")
    scim.created(login="bea")
    assert scim.replace(contact.pk, "userName", "bea@northwind.example").status_code == 409
    assert Contact.objects.get(pk=contact.pk).sync_status == SyncStatus.ERROR
    assert last().contact_id == contact.pk
    scim.replace(contact.pk, "title", "Cook")
    assert Contact.objects.get(pk=contact.pk).sync_status == SyncStatus.SYNCED


def test_an_unknown_company_is_told(scim: Scim) -> None:
    """R39: blank, and a line in the log."""
    enterprise = {"organization": "Nobody Ltd"}
    contact = scim.created(**{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": enterprise})
    assert contact.company is None
    assert "company" in last().notes[0]


@pytest.mark.django_db(transaction=True)
def test_the_refusal_of_who_was_erased_in_the_meantime_is_logged() -> None:
    """R44: nothing refused is missing, and a conflict without the contact is none (R15)."""
    connection, gone = ConnectionFactory(), uuid.uuid4()
    ContactFactory(emails=["taken@northwind.example"])
    values: Values = {"emails": [Email("taken@northwind.example", primary=True)]}

    Call("PATCH", connection=connection, contact_id=gone).failed(status=409, reason="address_taken")
    conflicts.record(conflicts.Attempt(connection, values, own_id=gone), "address_taken")

    entry = LogEntry.objects.get()
    assert (entry.contact, entry.status, entry.reason) == (None, 409, "address_taken")
    assert not Conflict.objects.exists()
