"""POST of somebody whom the helpdesk knows: linked, brought back, or refused (R14, R15, R17, R18, R19)."""

from typing import Any

import pytest

from contacts import lifecycle
from contacts.models import Contact
from deskscim.provisioning.models import LogEntry
from tests.domain import addresses_of, timeline_of
from tests.factories import ContactFactory, TicketFactory

from .conftest import Scim, by_agent, fresh, person, refusal

pytestmark = pytest.mark.django_db


class TestUnlinked:
    """R14: the contact is linked and verified; no second one."""

    @pytest.mark.parametrize(
        "attributes",
        [
            {"emails": [{"type": "work", "value": "ANN@Northwind.example"}]},
            {
                "emails": [
                    {"type": "work", "value": "x@x.example"},
                    {"type": "home", "value": "ann@northwind.example"},
                ]
            },
            {"userName": "Ann@northwind.EXAMPLE", "emails": None},
            {"userName": "ann@northwind.example", "emails": [{"type": "work", "value": "mail@x.example"}]},
        ],
        ids=["work", "home", "userName", "userName beside another mail"],
    )
    def test_matched_by_address_or_user_name(self, scim: Scim, attributes: dict[str, Any]) -> None:
        contact = ContactFactory(emails=["ann@northwind.example"])
        answer = scim.post(externalId="e1", **attributes)
        assert (answer.status_code, answer.json()["id"]) == (201, str(contact.pk))
        linked = Contact.objects.get()
        assert (linked.verified, linked.external_id, linked.connection) == (True, "e1", scim.connection)
        assert scim.find('externalId eq "e1"')[0]["id"] == str(contact.pk)

    def test_matched_by_a_secondary_address(self, scim: Scim) -> None:
        contact = ContactFactory(emails=["first@x.example", "ann@northwind.example"])
        assert scim.created(login="ann").pk == contact.pk
        assert addresses_of(contact) == ["ann@northwind.example", "first@x.example"]

    def test_matched_across_unicode_forms(self, scim: Scim) -> None:
        """R17: NFC and casefold."""
        contact = ContactFactory(emails=["jos\u00e9@x.example"])
        assert scim.created(emails=[{"type": "work", "value": "JOSE\u0301@x.example"}]).pk == contact.pk

    def test_what_is_sent_overwrites_and_what_is_absent_stays(self, scim: Scim) -> None:
        contact = ContactFactory(
            emails=["ann@northwind.example"],
            name="ann",
            title="Trainee",
            phone="1",
            mobile="2",
            department="D",
        )
        scim.created(login="ann", title="Head", phoneNumbers=[{"type": "mobile", "value": "3"}])
        linked = fresh(contact)
        assert (linked.name, linked.title, linked.phone, linked.mobile) == ("Uma Example", "Head", "1", "3")
        assert linked.department == "D"

    @pytest.mark.parametrize("empty", ["", None, []])
    def test_what_is_sent_empty_stays_too(self, scim: Scim, empty: object) -> None:
        """RFC 7643 2.5: in a POST null is the same as absent."""
        contact = ContactFactory(emails=["ann@northwind.example"], name="Ann", title="Trainee", phone="1")
        names = ["title", "phoneNumbers", "displayName", "name"]
        scim.send("POST", "/Users", person(login="ann") | dict.fromkeys(names, empty))
        linked = fresh(contact)
        assert (linked.name, linked.title, linked.phone) == ("Ann", "Trainee", "1")

    def test_only_what_entra_sends_is_shown_as_its_addresses(self, scim: Scim) -> None:
        """R23: the helpdesk's own are not its business."""
        ContactFactory(emails=["own@x.example", "ann@northwind.example"])
        resource = scim.read(scim.created(login="ann").pk)
        assert [one["value"] for one in resource["emails"]] == ["ann@northwind.example"]
        assert scim.find('emails.value eq "own@x.example"') == []

    def test_the_same_post_again_is_a_conflict(self, scim: Scim) -> None:
        """R15: once linked, the person is taken."""
        ContactFactory(emails=["ann@northwind.example"])
        assert scim.post(login="ann").status_code == 201
        assert refusal(scim.post(login="ann")) == (409, "uniqueness")

    def test_an_inactive_user_links_and_deactivates(self, scim: Scim) -> None:
        """R19: one write, two consequences; its tickets become spam (R27)."""
        contact = ContactFactory(emails=["ann@northwind.example"])
        ticket = TicketFactory(contact=contact)
        answer = scim.post(login="ann", active=False)
        assert (answer.status_code, answer.json()["active"]) == (201, False)
        assert (fresh(contact).is_deleted, fresh(contact).deleted_by) == (True, "entra")
        ticket.refresh_from_db()
        assert ticket.is_spam
        assert timeline_of(contact)[0][0] == "linked"

    def test_a_suspended_contact_is_linked_and_stays_suspended(self, scim: Scim) -> None:
        """R35."""
        contact = ContactFactory(emails=["ann@northwind.example"], suspended=True)
        assert scim.created(login="ann").pk == contact.pk
        assert fresh(contact).is_suspended
        assert scim.read(contact.pk)["active"] is True


class TestConflicts:
    """R15: 409 uniqueness, an entry in the log, and nothing changed."""

    @pytest.mark.parametrize(
        ("second", "reason"),
        [
            ({"externalId": "e1", "userName": "ann@x.example"}, "external_id_taken"),
            ({"externalId": "e1", "userName": "bob@x.example"}, "external_id_taken"),
            ({"externalId": "e2", "userName": "ANN@x.example"}, "user_name_taken"),
            ({"externalId": None, "userName": "ann@x.example"}, "user_name_taken"),
            (
                {"externalId": "e2", "userName": "bob", "emails": [{"value": "Ann@Mail.example"}]},
                "address_taken",
            ),
            ({"externalId": "e2", "userName": "ann@mail.example", "emails": None}, "address_taken"),
        ],
    )
    def test_a_live_user_is_never_taken_over(self, scim: Scim, second: dict[str, Any], reason: str) -> None:
        first = scim.created(
            externalId="e1", userName="ann@x.example", emails=[{"value": "ann@mail.example"}]
        )
        before = scim.read(first.pk)
        answer = scim.post(**{"emails": [{"value": "bob@mail.example"}], "displayName": "Bob", **second})
        assert refusal(answer) == (409, "uniqueness")
        assert (Contact.objects.count(), scim.read(first.pk)) == (1, before)
        assert LogEntry.objects.latest("id").reason == reason

    def test_an_external_id_compares_exactly(self, scim: Scim) -> None:
        """R8."""
        scim.created(externalId="abc")
        assert scim.post(externalId="ABC").status_code == 201

    def test_two_matches_are_no_guess(self, scim: Scim) -> None:
        by_address = ContactFactory(emails=["ann@mail.example"])
        by_name = ContactFactory(emails=["ann@x.example"])
        answer = scim.post(userName="ann@x.example", emails=[{"type": "work", "value": "ann@mail.example"}])
        assert refusal(answer) == (409, "uniqueness")
        assert [fresh(one).is_linked for one in (by_address, by_name)] == [False, False]
        assert LogEntry.objects.latest("id").reason == "ambiguous_match"

    def test_the_refusal_says_nothing_of_the_other(self, scim: Scim) -> None:
        """No id, name or address of whoever stands in the way."""
        first = scim.created(login="ann", displayName="Ann Secret", externalId="secret-id")
        text = scim.post(login="ann", externalId="e2").content.decode().lower()
        assert not [word for word in ("secret", str(first.pk), "ann@") if word in text]

    def test_anothers_external_id_is_free(self, scim: Scim, other: Scim) -> None:
        """R4: each tenant has its own."""
        assert [one.post(externalId="e1").status_code for one in (other, scim)] == [201, 201]

    @pytest.mark.parametrize("by", ["entra", "agent"])
    def test_anothers_deleted_contact_is_not_taken_either(self, scim: Scim, other: Scim, by: str) -> None:
        """R15: only a SCIM DELETE of the other connection sets it free."""
        contact = other.created(login="ann")
        if by == "entra":
            other.replace(contact.pk, "active", False)
        else:
            by_agent(lifecycle.soft_delete, contact)
        assert refusal(scim.post(login="ann")) == (409, "uniqueness")
        other.delete(contact.pk)
        assert scim.created(login="ann").pk == contact.pk


class TestBack:
    """R18: a person in Deleted Contacts is restored and relinked, under the same id."""

    @pytest.mark.parametrize("how", ["disabled", "deleted", "by an agent", "disabled, then deleted"])
    def test_a_new_object_for_a_deleted_person(self, scim: Scim, how: str) -> None:
        contact = scim.created(login="ann", externalId="e1", title="Cook")
        ticket = TicketFactory(contact=contact)
        if "disabled" in how:
            scim.replace(contact.pk, "active", "False")
        if "deleted" in how:
            scim.delete(contact.pk)
        if "agent" in how:
            by_agent(lifecycle.soft_delete, contact)
        answer = scim.post(login="ann", externalId="e2")
        assert (answer.status_code, answer.json()["id"]) == (201, str(contact.pk))
        assert (answer.json()["active"], answer.json()["externalId"]) == (True, "e2")
        assert (answer.json()["title"], fresh(contact).sync_status) == ("Cook", "synced")
        ticket.refresh_from_db()
        assert not ticket.is_spam
        assert scim.find('externalId eq "e1"') == []
        assert timeline_of(contact)[-1][0] == "linked"

    def test_an_unlinked_contact_that_an_agent_deleted(self, scim: Scim) -> None:
        contact = ContactFactory(emails=["ann@northwind.example"], deleted=True)
        assert scim.created(login="ann").pk == contact.pk
        assert not fresh(contact).is_deleted

    def test_an_inactive_user_is_linked_and_stays_deleted(self, scim: Scim) -> None:
        """R19, R33: now it is Entra that keeps it there."""
        contact = ContactFactory(emails=["ann@northwind.example"], deleted=True)
        assert scim.created(login="ann", active="False").pk == contact.pk
        assert (fresh(contact).is_deleted, fresh(contact).deleted_by) == (True, "entra")
        scim.replace(contact.pk, "title", "Cook")
        assert fresh(contact).is_deleted

    def test_the_same_object_is_a_conflict_while_it_is_linked(self, scim: Scim) -> None:
        """R15: Entra finds it by the filter, inactive, and patches it."""
        contact = scim.created(login="ann", externalId="e1")
        scim.replace(contact.pk, "active", False)
        assert refusal(scim.post(login="ann", externalId="e1")) == (409, "uniqueness")
        assert fresh(contact).is_deleted

    def test_after_a_delete_the_address_is_enough(self, scim: Scim) -> None:
        """R28: externalId and userName are free; the person is still known by the address."""
        contact = scim.created(login="ann", externalId="e1")
        scim.delete(contact.pk)
        assert (
            scim.created(
                userName="new@x.example", externalId="e1", emails=[{"value": "ann@northwind.example"}]
            )
            == contact
        )

    def test_after_a_delete_the_user_name_is_enough(self, scim: Scim) -> None:
        """R18: somebody who never had an address."""
        contact = scim.created(userName="uma", emails=None)
        scim.delete(contact.pk)
        assert scim.created(userName="UMA", emails=None).pk == contact.pk

    def test_after_erasing_there_is_a_fresh_contact(self, scim: Scim) -> None:
        """R30."""
        contact = scim.created(login="ann", externalId="e1")
        scim.delete(contact.pk)
        by_agent(lifecycle.erase, contact)
        again = scim.created(login="ann", externalId="e1")
        assert again.pk != contact.pk
        assert Contact.objects.count() == 1

    def test_a_deleted_contacts_address_is_never_given_to_somebody_new(self, scim: Scim) -> None:
        """R17: two deleted people match; neither is guessed."""
        for login in ("ann", "bea"):
            scim.delete(scim.created(login=login).pk)
        answer = scim.post(login="ann", emails=[{"type": "work", "value": "bea@northwind.example"}])
        assert refusal(answer) == (409, "uniqueness")
