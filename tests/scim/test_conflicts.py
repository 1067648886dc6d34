"""Conflicts over SCIM (R15, R23): a refusal is queued once, an admin decides, and the same try succeeds."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Action, Contact
from contacts.values import Actor
from deskscim.provisioning import deciding
from deskscim.provisioning.models import Conflict
from tests.domain import (
    AGENT,
    addresses_of,
    agent_deletes,
    agent_erases,
    entra_deactivates,
    timeline_of,
    whole_database,
)
from tests.factories import CompanyFactory, ContactFactory, TicketFactory

from .conftest import WORK, Scim, fresh, person, refusal, values_of

pytestmark = pytest.mark.django_db

ADMIN = Actor.system("Abe Admin")


def entry() -> Conflict:
    """The only open one."""
    return Conflict.objects.get(decision="")


def version() -> str:
    return deciding.Seen.of(entry()).version


def link(contact: Contact) -> None:
    deciding.link(entry(), contact.pk, actor=ADMIN, version=version())


def keep_apart() -> None:
    deciding.keep_apart(entry(), actor=ADMIN, version=version())


def merge(survivor: Contact, absorbed: Contact) -> None:
    deciding.merge(entry(), survivor.pk, absorbed.pk, actor=ADMIN, version=version())


class Case:
    """A user whom Entra posts, and the contacts in its way; `first` is the one that it is."""

    def __init__(self, scim: Scim, other: Scim, reason: str) -> None:
        self.body = person(login="ann", externalId="e-new")
        self.scim, self.reason = scim, reason
        self.first: Contact = getattr(self, reason)(scim, other)

    def try_again(self) -> Any:
        return self.scim.send("POST", "/Users", self.body)

    def ambiguous_match(self, scim: Scim, other: Scim) -> Contact:
        self.body["userName"] = "ann.login@northwind.example"
        ContactFactory(name="By name", emails=["ann.login@northwind.example"])
        first: Contact = ContactFactory(name="By address", emails=["ann@northwind.example"])
        return first

    def address_taken(self, scim: Scim, other: Scim) -> Contact:
        self.body["userName"] = "ann.login@northwind.example"
        return scim.created(login="ann", externalId="e-old", userName="other@northwind.example")

    def user_name_taken(self, scim: Scim, other: Scim) -> Contact:
        return scim.created(login="ann", externalId="e-old")

    def external_id_taken(self, scim: Scim, other: Scim) -> Contact:
        return scim.created(login="elsewhere", externalId="e-new")

    def linked_elsewhere(self, scim: Scim, other: Scim) -> Contact:
        return other.created(login="ann", externalId="e-new")

    def other_company(self, scim: Scim, other: Scim) -> Contact:
        scim.connection.company = CompanyFactory(name="Bound")
        scim.connection.save()
        company = CompanyFactory(name="Another")
        first: Contact = ContactFactory(emails=["ann@northwind.example"], company=company)
        return first


REASONS = [
    "ambiguous_match",
    "address_taken",
    "user_name_taken",
    "external_id_taken",
    "linked_elsewhere",
    "other_company",
]


@pytest.fixture(params=REASONS)
def case(request: pytest.FixtureRequest, scim: Scim, other: Scim) -> Case:
    """One of each reason, refused once."""
    case = Case(scim, other, request.param)
    assert refusal(case.try_again()) == (409, "uniqueness")
    return case


def test_a_refusal_is_queued_with_both_sides(case: Case) -> None:
    """R15."""
    found = entry()
    assert (found.reason, found.attempts, found.connection) == (case.reason, 1, case.scim.connection)
    assert found.attempted["user_name"] == case.body["userName"]
    assert found.attempted["addresses"] == ["ann@northwind.example"]
    assert case.first in found.contacts.all()


def test_retries_raise_the_count_and_pile_up_nothing(case: Case) -> None:
    """Entra tries every forty minutes."""
    for _ in range(3):
        case.try_again()
    assert (entry().attempts, Conflict.objects.count()) == (4, 1)
    assert entry().last_seen_at > entry().first_seen_at


def test_the_client_learns_nothing_of_who_is_in_the_way(case: Case) -> None:
    """R15."""
    detail = case.try_again().content.decode()
    assert case.first.name not in detail
    assert str(case.first.pk) not in detail
    assert not case.first.is_linked or case.first.external_id not in detail


def test_after_link_the_same_try_links_the_chosen_contact(case: Case) -> None:
    """R14, R15: 201 with its id, verified, whoever held it before."""
    link(case.first)
    answer = case.try_again()
    assert (answer.status_code, answer.json()["id"]) == (201, str(case.first.pk))
    contact = fresh(case.first)
    assert (contact.connection, contact.external_id, contact.verified) == (
        case.scim.connection,
        "e-new",
        True,
    )
    assert not Conflict.objects.waiting().exists()


def test_after_link_a_second_post_is_refused_as_ever(case: Case) -> None:
    """R15: the decision links once."""
    link(case.first)
    case.try_again()
    assert refusal(case.try_again()) == (409, "uniqueness")


def test_after_link_later_writes_succeed_too(case: Case) -> None:
    """What stayed with others is left out of each write."""
    link(case.first)
    user_id = case.try_again().json()["id"]
    answer = case.scim.replace(user_id, WORK, "ann@northwind.example")
    assert (answer.status_code, Conflict.objects.waiting().exists()) == (200, False)


def test_after_keep_apart_the_same_try_makes_a_contact_of_its_own(case: Case) -> None:
    """R15, R17: beside the others, without the addresses that are theirs."""
    before = {contact.pk: addresses_of(contact) for contact in Contact.objects.all()}
    keep_apart()
    answer = case.try_again()
    assert answer.status_code == 201, answer.content
    new = Contact.objects.get(pk=answer.json()["id"])
    assert new.pk not in before
    assert (new.external_id, new.user_name) == ("e-new", case.body["userName"])
    held = {address for addresses in before.values() for address in addresses}
    assert not held & set(addresses_of(new))
    assert before == {pk: addresses_of(Contact(pk=pk)) for pk in before}


def test_after_keep_apart_each_cycle_succeeds_and_changes_nothing(case: Case) -> None:
    """R24: Entra sends the address again and again, since an answer never has it."""
    keep_apart()
    user_id = case.try_again().json()["id"]
    lines, addresses = timeline_of(Contact(pk=user_id)), addresses_of(Contact(pk=user_id))
    for _ in range(3):
        assert case.scim.replace(user_id, WORK, "ann@northwind.example").status_code == 200
        body = {**case.body, "id": user_id}
        assert case.scim.send("PUT", f"/Users/{user_id}", body).status_code == 200
    if case.reason != "external_id_taken":  # there the address was free
        assert addresses_of(Contact(pk=user_id)) == addresses
        assert timeline_of(Contact(pk=user_id)) == lines
    assert not Conflict.objects.waiting().exists()


def test_a_second_post_of_a_user_kept_apart_is_refused_as_ever(case: Case) -> None:
    """R15: the decision makes one contact, not one each try."""
    keep_apart()
    case.try_again()
    assert refusal(case.try_again()) == (409, "uniqueness")
    assert Contact.objects.filter(external_id="e-new", connection=case.scim.connection).count() == 1


def test_a_freed_address_comes_by_itself(scim: Scim, other: Scim) -> None:
    """R23: what is kept apart is the contact, not the address."""
    case = Case(scim, other, "address_taken")
    case.try_again()
    keep_apart()
    user_id = case.try_again().json()["id"]
    agent_deletes(case.first)
    agent_erases(case.first)
    scim.replace(user_id, WORK, "ann@northwind.example")
    assert addresses_of(Contact(pk=user_id))[0] == "ann@northwind.example"


def test_a_user_kept_apart_comes_back_after_its_deletion(scim: Scim, other: Scim) -> None:
    """R18, R28."""
    case = Case(scim, other, "address_taken")
    case.try_again()
    keep_apart()
    user_id = case.try_again().json()["id"]
    scim.delete(user_id)
    answer = case.try_again()
    assert (answer.status_code, answer.json()["id"]) == (201, user_id)


def test_link_moves_the_link_of_another_connection(scim: Scim, other: Scim) -> None:
    """R15, R4: the other one sees the contact no more."""
    case = Case(scim, other, "linked_elsewhere")
    case.try_again()
    link(case.first)
    case.try_again()
    assert other.get(f"/Users/{case.first.pk}").status_code == 404
    assert [action for action, _ in timeline_of(case.first)] == ["created", "unlinked", "linked"]


def test_merge_leaves_a_single_match(scim: Scim, other: Scim) -> None:
    """R14, R15: tickets and addresses of both, and Entra's next try verifies it."""
    case = Case(scim, other, "ambiguous_match")
    case.try_again()
    second = Contact.objects.get(name="By name")
    ticket = TicketFactory(contact=second)
    merge(case.first, second)
    answer = case.try_again()
    assert (answer.status_code, answer.json()["id"]) == (201, str(case.first.pk))
    ticket.refresh_from_db()
    assert ticket.contact == case.first
    assert addresses_of(case.first) == ["ann@northwind.example", "ann.login@northwind.example"]
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("step", [agent_deletes, entra_deactivates])
def test_merge_of_a_linked_contact_frees_it_for_the_new_user(scim: Scim, step: Any) -> None:
    """R18: the recreated object of somebody who was deleted, and a twin that an agent typed in."""
    old = scim.created(login="ann", externalId="e-old")
    step(old)
    twin = ContactFactory(emails=["twin@northwind.example"])
    body = person(login="twin", externalId="e-new", userName="ann@northwind.example")
    assert scim.send("POST", "/Users", body).status_code == 409
    merge(twin, old)
    answer = scim.send("POST", "/Users", body)
    assert (answer.status_code, answer.json()["id"], answer.json()["active"]) == (201, str(twin.pk), True)


def test_an_operation_of_a_bulk_is_queued_and_decided_alike(scim: Scim, other: Scim) -> None:
    """RFC 7644 3.7: as good as a request of its own."""
    case = Case(scim, other, "ambiguous_match")
    operation = {"method": "POST", "path": "/Users", "bulkId": "a", "data": case.body}
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [operation]}
    (refused,) = scim.send("POST", "/Bulk", body).json()["Operations"]
    link(case.first)
    (linked,) = scim.send("POST", "/Bulk", body).json()["Operations"]
    assert (refused["status"], linked["status"]) == ("409", "201")
    assert linked["location"].endswith(str(case.first.pk))


class TestChanging:
    """R23: PATCH and PUT of a user who has a contact already."""

    @pytest.fixture
    def holder(self, db: None) -> Contact:
        holder: Contact = ContactFactory(name="Holder", emails=["new@northwind.example"])
        return holder

    def put(self, scim: Scim, ann: Contact) -> Any:
        emails = [{"type": "work", "value": "new@northwind.example"}]
        body = person(externalId="e1", userName="ann@northwind.example", emails=emails)
        return scim.send("PUT", f"/Users/{ann.pk}", body)

    def test_a_taken_address_is_queued(self, scim: Scim, ann: Contact, holder: Contact) -> None:
        """R23: 409, an entry, nothing half-saved."""
        assert refusal(scim.replace(ann.pk, WORK, "new@northwind.example")) == (409, "uniqueness")
        assert refusal(self.put(scim, ann)) == (409, "uniqueness")
        assert (entry().reason, entry().contact, entry().attempts) == ("address_taken", ann, 2)
        assert list(entry().contacts.all()) == [holder]
        assert addresses_of(ann) == ["ann@northwind.example"]

    def test_keep_apart_leaves_the_address_out(self, scim: Scim, ann: Contact, holder: Contact) -> None:
        """R23: the rest of the write is carried out."""
        scim.replace(ann.pk, WORK, "new@northwind.example")
        keep_apart()
        changes = [("title", "Chef"), (WORK, "new@northwind.example")]
        answer = scim.patch(ann.pk, *({"op": "replace", "path": p, "value": v} for p, v in changes))
        assert (answer.status_code, answer.json()["title"]) == (200, "Chef")
        assert values_of(answer.json(), "emails") == {"work": "ann@northwind.example"}
        assert self.put(scim, ann).status_code == 200
        assert addresses_of(holder) == ["new@northwind.example"]

    def test_merge_gives_it_the_address(self, scim: Scim, ann: Contact, holder: Contact) -> None:
        """The contact that Entra knows keeps its id."""
        scim.replace(ann.pk, WORK, "new@northwind.example")
        merge(ann, holder)
        answer = scim.replace(ann.pk, WORK, "new@northwind.example")
        assert values_of(answer.json(), "emails") == {"work": "new@northwind.example"}
        assert not Contact.objects.filter(pk=holder.pk).exists()
        assert not Conflict.objects.waiting().exists()

    def test_a_user_name_is_let_go_by_whoever_had_it(self, scim: Scim, ann: Contact) -> None:
        """R15: Keep apart frees a userName that only one contact of a connection can have."""
        bea = scim.created(login="bea")
        assert scim.replace(ann.pk, "userName", "bea@northwind.example").status_code == 409
        keep_apart()
        assert scim.replace(ann.pk, "userName", "bea@northwind.example").status_code == 200
        assert (fresh(bea).is_linked, fresh(bea).is_deleted) == (False, False)

    def test_link_is_refused(self, scim: Scim, ann: Contact, holder: Contact) -> None:
        """The user has its contact."""
        scim.replace(ann.pk, WORK, "new@northwind.example")
        with pytest.raises(deciding.Stale):
            link(holder)


class TestOver:
    """An entry ends with what caused it."""

    def test_a_success_takes_the_entry_off_the_queue(self, case: Case) -> None:
        """Whatever made it possible."""
        for contact in Contact.objects.all():
            if not contact.is_deleted:
                agent_deletes(contact)
            agent_erases(contact)
        assert case.try_again().status_code == 201
        assert not Conflict.objects.waiting().exists()

    def test_what_is_over_is_removed_with_the_next_refusal(self, scim: Scim, other: Scim) -> None:
        """R44: what Entra wanted is kept no longer than it wants it."""
        ann, bea = scim.created(login="ann"), scim.created(login="bea")
        scim.replace(ann.pk, "userName", "bea@northwind.example")
        scim.replace(ann.pk, "title", "Chef")
        assert not Conflict.objects.waiting().exists()
        scim.replace(bea.pk, "userName", "ann@northwind.example")
        assert entry().contact == bea

    def test_what_entra_has_stopped_trying_is_removed(self, scim: Scim, other: Scim) -> None:
        """After a month."""
        case = Case(scim, other, "address_taken")
        case.try_again()
        Conflict.objects.update(last_seen_at=timezone.now() - timedelta(days=31))
        scim.created(login="bea")
        scim.post(login="bea")
        assert entry().attempted["addresses"] == ["bea@northwind.example"]

    def test_a_refusal_that_is_no_conflict_is_not_queued(self, scim: Scim) -> None:
        """R16."""
        assert scim.post(userName="").status_code == 400
        assert not Conflict.objects.exists()


class TestErasing:
    """R30: nothing of an erased contact remains."""

    def test_whoever_is_in_the_way_takes_the_entry_along(self, case: Case) -> None:
        if not case.first.is_deleted:
            agent_deletes(case.first)
        agent_erases(case.first)
        assert not Conflict.objects.exists()

    def test_whoever_the_user_became_takes_the_entry_along(self, scim: Scim, other: Scim) -> None:
        """Its values were in the queue before it was a contact."""
        case = Case(scim, other, "address_taken")
        case.body["displayName"] = "Rosebud"
        case.try_again()
        scim.replace(case.first.pk, WORK, "else@northwind.example")
        Contact.objects.get(pk=case.first.pk).addresses.filter(address="ann@northwind.example").delete()
        new = Contact.objects.get(pk=case.try_again().json()["id"])
        agent_deletes(new)
        agent_erases(new)
        assert "Rosebud" not in whole_database()
        assert "e-new" not in whole_database()

    @pytest.mark.parametrize("decide", ["link", "keep_apart"])
    def test_after_a_decision_too(self, case: Case, decide: str) -> None:
        link(case.first) if decide == "link" else keep_apart()
        new = Contact.objects.get(pk=case.try_again().json()["id"])
        agent_deletes(new)
        agent_erases(new)
        assert "e-new" not in whole_database() or case.reason in ("linked_elsewhere", "external_id_taken")
        assert not Conflict.objects.filter(external_id="e-new").exists()

    def test_after_a_delete_of_entra_too(self, scim: Scim, other: Scim) -> None:
        """R28 cuts the link by which the entry would be found."""
        case = Case(scim, other, "address_taken")
        case.body["displayName"] = "Rosebud"
        case.try_again()
        scim.replace(case.first.pk, WORK, "else@northwind.example")
        Contact.objects.get(pk=case.first.pk).addresses.filter(address="ann@northwind.example").delete()
        new = Contact.objects.get(pk=case.try_again().json()["id"])
        scim.delete(new.pk)
        agent_erases(new)
        assert "Rosebud" not in whole_database()

    def test_the_decided_entry_holds_no_personal_value(self, case: Case) -> None:
        """R44."""
        keep_apart()
        assert Conflict.objects.get().attempted == {}


def test_a_decision_about_something_else_by_now_is_refused(scim: Scim, other: Scim) -> None:
    """Each of the contacts may have changed, and somebody may have decided before."""
    case = Case(scim, other, "address_taken")
    case.try_again()
    looked_at, seen = entry(), version()
    scim.replace(case.first.pk, "title", "Chef")
    with pytest.raises(deciding.Stale):
        deciding.keep_apart(looked_at, actor=ADMIN, version=seen)
    keep_apart()
    with pytest.raises(deciding.Stale):
        deciding.keep_apart(looked_at, actor=ADMIN, version=seen)
    with pytest.raises(deciding.Stale):
        deciding.link(looked_at, ContactFactory().pk, actor=AGENT, version=seen)


def test_the_timeline_tells_who_let_go_of_the_link(scim: Scim, other: Scim) -> None:
    """R43."""
    case = Case(scim, other, "user_name_taken")
    case.try_again()
    link(case.first)
    line = case.first.timeline.get(action=Action.UNLINKED)
    assert (line.actor_label, line.changes["external_id"]) == ("Abe Admin", ["e-old", ""])
