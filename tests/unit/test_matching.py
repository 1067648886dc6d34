"""Who a pushed user is: the match, its conflicts, the walls between connections (R4, R14, R15, R17, R18)."""

from collections.abc import Callable
from typing import Any

import pytest

from companies.models import Company
from contacts import errors, lifecycle
from contacts.models import Contact, ContactAddress, TimelineEntry
from contacts.values import Email
from deskscim.provisioning.models import Connection
from tests.domain import AGENT, addresses_of, entra_writes, push, work
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Connection:
    return ConnectionFactory(name="Ours")


@pytest.fixture
def theirs() -> Connection:
    return ConnectionFactory(name="Theirs")


def everything() -> list[Any]:
    """All that a refused push must leave as it was."""
    tables = (Contact, ContactAddress, TimelineEntry, Company)
    return [list(model._default_manager.order_by("pk").values()) for model in tables]


def refused(conflict: type[errors.Conflict], pushing: Callable[[], object]) -> None:
    """`pushing` raises exactly this conflict and changes nothing."""
    before = everything()
    with pytest.raises(errors.Conflict) as refusal:
        pushing()
    assert type(refusal.value) is conflict
    assert everything() == before


class TestMatch:
    @pytest.mark.parametrize("address", ["first@x.example", "second@x.example", "THIRD@x.example"])
    def test_any_address_of_the_contact_matches(self, ours: Connection, address: str) -> None:
        """R14."""
        known = ContactFactory(emails=["first@x.example", "second@x.example", "third@x.example"])
        assert push(ours, "upn", emails=work(address)).contact == known

    def test_any_address_of_the_user_matches(self, ours: Connection) -> None:
        """R14."""
        known = ContactFactory(emails=["ann@x.example"])
        emails = [*work("new@x.example"), Email("ann@x.example", scim_type="home")]
        assert push(ours, "upn", emails=emails).contact == known

    def test_a_user_name_that_is_the_contacts_address_matches(self, ours: Connection) -> None:
        """R14, R16: although the user has another mail address."""
        known = ContactFactory(emails=["ann@x.example"])
        assert push(ours, "Ann@x.example", emails=work("mail@x.example")).contact == known

    def test_the_user_name_of_an_earlier_link_matches(self, ours: Connection) -> None:
        """R14, R28."""
        known = ContactFactory(emails=["mail@x.example"], user_name="upn@x.example")
        assert push(ours, "UPN@X.example").contact == known

    @pytest.mark.parametrize(
        ("stored", "pushed"),
        [
            ("zoë@x.example", "ZOE\u0308@x.example"),
            ("strasse@x.example", "STRAßE@x.example"),
            ("ann@x.example", "ANN@X.EXAMPLE"),
        ],
    )
    def test_addresses_compare_by_nfc_and_casefold(self, ours: Connection, stored: str, pushed: str) -> None:
        """R8, R17."""
        known = ContactFactory(emails=[stored])
        assert push(ours, "upn", emails=work(pushed)).contact == known

    @pytest.mark.parametrize("address", ["a_n@x.example", "%@x.example", "ann@x.exampl", "an@x.example"])
    def test_a_similar_address_is_somebody_else(self, ours: Connection, address: str) -> None:
        """R14: no wildcard, no prefix."""
        known = ContactFactory(emails=["ann@x.example"])
        assert push(ours, "upn", emails=work(address)).contact != known

    def test_people_without_address_or_user_name_match_nobody(self, ours: Connection) -> None:
        """R16: nothing in common is not the same nothing."""
        ContactFactory(emails=[])
        push(ours, "cloud-only")
        assert Contact.objects.count() == 2

    def test_a_name_alone_is_no_match(self, ours: Connection) -> None:
        """R14."""
        ContactFactory(name="Ann Example")
        push(ours, "ann", name="Ann Example")
        assert Contact.objects.count() == 2


class TestConflictsWithinAConnection:
    @pytest.mark.parametrize("state", ["live", "deactivated", "deleted by an agent", "suspended"])
    def test_an_external_id_in_use(self, ours: Connection, state: str) -> None:
        """R15: 409, whatever the state of the contact that holds it."""
        holder = push(ours, "ann@x.example", external_id="E-1").contact
        bring_to(holder, state)
        refused(errors.ExternalIdTaken, lambda: push(ours, "bob@x.example", external_id="E-1"))
        refused(errors.ExternalIdTaken, lambda: push(ours, "ann@x.example", external_id="E-1"))

    def test_external_ids_compare_exactly(self, ours: Connection) -> None:
        """R8."""
        push(ours, "ann@x.example", external_id="abc")
        push(ours, "bob@x.example", external_id="ABC")
        assert Contact.objects.count() == 2

    @pytest.mark.parametrize("user_name", ["ann@x.example", "ANN@X.example"])
    def test_a_user_name_in_use(self, ours: Connection, user_name: str) -> None:
        """R15."""
        push(ours, "ann@x.example")
        refused(errors.UserNameTaken, lambda: push(ours, user_name, emails=work("other@x.example")))

    def test_an_address_in_use(self, ours: Connection) -> None:
        """R15: somebody linked to another externalId is never taken over."""
        push(ours, "ann@x.example")
        refused(errors.AddressTaken, lambda: push(ours, "bob@x.example", emails=work("ann@x.example")))

    def test_a_user_name_that_is_somebodys_address(self, ours: Connection) -> None:
        """R15."""
        push(ours, "upn@x.example", emails=work("ann@x.example"))
        refused(errors.AddressTaken, lambda: push(ours, "ann@x.example", emails=work("b@x.example")))

    def test_a_second_address_in_use(self, ours: Connection) -> None:
        """R15, R17."""
        push(ours, "ann@x.example")
        emails = [*work("bob@x.example"), Email("Ann@x.example", scim_type="home")]
        refused(errors.AddressTaken, lambda: push(ours, "bob@x.example", emails=emails))

    def test_a_linked_contact_without_external_id_is_not_taken_over(self, ours: Connection) -> None:
        """R15."""
        ContactFactory(emails=["ann@x.example"], linked=True, connection=ours, external_id="")
        refused(errors.UserNameTaken, lambda: push(ours, "ann@x.example"))

    def test_a_suspended_contact_is_live(self, ours: Connection) -> None:
        """R15, R35."""
        bring_to(push(ours, "ann@x.example").contact, "suspended")
        refused(errors.UserNameTaken, lambda: push(ours, "ann@x.example"))


def bring_to(contact: Contact, state: str) -> None:
    """Bring a live linked contact to `state`."""
    locked = lifecycle.lock(contact.pk)
    if state == "deactivated":
        entra_writes(contact, active=False)
    elif state == "deleted by an agent":
        lifecycle.soft_delete(contact=locked, actor=AGENT)
    elif state == "suspended":
        lifecycle.suspend(contact=locked, actor=AGENT)


class TestTwoContactsMatch:
    """R15: no guess."""

    def test_two_addresses_of_two_contacts(self, ours: Connection) -> None:
        """R15."""
        ContactFactory(emails=["one@x.example"])
        ContactFactory(emails=["two@x.example"])
        emails = [*work("one@x.example"), Email("two@x.example", scim_type="home")]
        refused(errors.Ambiguous, lambda: push(ours, "upn", emails=emails))

    def test_the_address_of_one_and_the_user_name_of_another(self, ours: Connection) -> None:
        """R15."""
        ContactFactory(emails=["one@x.example"])
        ContactFactory(emails=[], user_name="upn@x.example")
        refused(errors.Ambiguous, lambda: push(ours, "upn@x.example", emails=work("one@x.example")))

    @pytest.mark.parametrize("state", ["deleted", "suspended"])
    def test_a_deleted_or_suspended_one_counts(self, ours: Connection, state: str) -> None:
        """R15, R17."""
        ContactFactory(emails=["one@x.example"])
        ContactFactory(emails=["two@x.example"], **{state: True})
        refused(errors.Ambiguous, lambda: push(ours, "two@x.example", emails=work("one@x.example")))

    def test_many_contacts_match(self, ours: Connection) -> None:
        """R15."""
        addresses = [f"{number}@x.example" for number in range(6)]
        for address in addresses:
            ContactFactory(emails=[address])
        refused(errors.Ambiguous, lambda: push(ours, "upn", emails=[Email(one) for one in addresses]))

    def test_one_contact_that_matches_in_every_way_is_one(self, ours: Connection) -> None:
        """R14."""
        known = ContactFactory(emails=["one@x.example", "two@x.example"], user_name="one@x.example")
        emails = [*work("one@x.example"), Email("two@x.example", scim_type="home")]
        assert push(ours, "one@x.example", emails=emails).contact == known


class TestWallsBetweenConnections:
    def test_two_tenants_may_use_one_external_id(self, ours: Connection, theirs: Connection) -> None:
        """R4, R15: an externalId is unique within its connection."""
        push(theirs, "ann@x.example", external_id="E-1")
        push(ours, "bob@y.example", external_id="E-1")
        assert Contact.objects.filter(external_id="E-1").count() == 2

    @pytest.mark.parametrize("state", ["live", "deactivated", "deleted by an agent", "suspended"])
    def test_what_another_connection_holds_is_refused(
        self, ours: Connection, theirs: Connection, state: str
    ) -> None:
        """R15, R18: their deleted contacts are theirs too."""
        bring_to(push(theirs, "ann@x.example").contact, state)
        refused(errors.LinkedElsewhere, lambda: push(ours, "ann@x.example"))
        refused(errors.LinkedElsewhere, lambda: push(ours, "b@x.example", emails=work("ann@x.example")))

    def test_their_external_id_is_not_taken_for_ours(self, ours: Connection, theirs: Connection) -> None:
        """R15: the refusal does not tell that they use the same one."""
        push(theirs, "ann@x.example", external_id="E-1")
        refused(errors.LinkedElsewhere, lambda: push(ours, "ann@x.example", external_id="E-1"))

    def test_the_user_name_that_another_connection_holds(self, ours: Connection, theirs: Connection) -> None:
        """R15."""
        push(theirs, "cloud-only")
        refused(errors.LinkedElsewhere, lambda: push(ours, "cloud-only"))

    def test_the_refusal_reveals_nothing_of_it(self, ours: Connection, theirs: Connection) -> None:
        """R15."""
        push(theirs, "ann@x.example", name="Ann Secret")
        with pytest.raises(errors.LinkedElsewhere) as refusal:
            push(ours, "ann@x.example")
        assert str(refusal.value) == "This user conflicts with an existing contact."

    def test_a_match_of_ours_does_not_hide_one_of_theirs(self, ours: Connection, theirs: Connection) -> None:
        """R15."""
        ContactFactory(emails=["free@x.example"])
        push(theirs, "ann@x.example")
        refused(errors.LinkedElsewhere, lambda: push(ours, "ann@x.example", emails=work("free@x.example")))

    def test_what_they_deleted_by_scim_is_free(self, ours: Connection, theirs: Connection) -> None:
        """R18, R28: the link is cut, so the person may move to another tenant."""
        gone = push(theirs, "ann@x.example").contact
        lifecycle.unlink(contact=lifecycle.lock(gone.pk), actor=AGENT)
        moved = push(ours, "ann@x.example").contact
        assert (moved, moved.connection_id, moved.is_deleted) == (gone, ours.pk, False)

    def test_their_contact_of_another_address_is_not_in_the_way(
        self, ours: Connection, theirs: Connection
    ) -> None:
        """R14."""
        push(theirs, "ann@y.example")
        assert addresses_of(push(ours, "ann@x.example").contact) == ["ann@x.example"]


class TestBoundConnection:
    """R4: a connection bound to a company links only contacts of that company or of none."""

    @pytest.fixture
    def northwind(self) -> Company:
        return CompanyFactory(name="Northwind")

    @pytest.fixture
    def bound(self, northwind: Company) -> Connection:
        return ConnectionFactory(company=northwind)

    def test_a_contact_of_its_company_is_linked(self, bound: Connection, northwind: Company) -> None:
        """R4."""
        known = ContactFactory(emails=["ann@x.example"], company=northwind)
        assert push(bound, "ann@x.example").contact == known

    def test_a_contact_of_no_company_is_linked_and_gets_it(
        self, bound: Connection, northwind: Company
    ) -> None:
        """R4, R38."""
        ContactFactory(emails=["ann@x.example"])
        contact = push(bound, "ann@x.example").contact
        assert (contact.company, contact.company_source) == (northwind, "connection")

    @pytest.mark.parametrize("state", [{}, {"deleted": True}, {"suspended": True}])
    def test_a_contact_of_another_company_is_refused(self, bound: Connection, state: dict[str, bool]) -> None:
        """R4: and the refusal names no company."""
        ContactFactory(emails=["ann@x.example"], company=CompanyFactory(name="Fabrikam"), **state)
        refused(errors.OtherCompany, lambda: push(bound, "ann@x.example"))
        assert "Fabrikam" not in errors.OtherCompany.message

    def test_a_connection_of_no_company_links_contacts_of_any(self, ours: Connection) -> None:
        """R4."""
        known = ContactFactory(emails=["ann@x.example"], company=CompanyFactory())
        assert push(ours, "ann@x.example").contact == known


class TestLaterConflicts:
    """R22, R23: the same promises hold when a linked user changes."""

    @pytest.mark.parametrize(
        ("values", "conflict"),
        [
            ({"user_name": "ANN@x.example"}, errors.UserNameTaken),
            ({"external_id": "E-1"}, errors.ExternalIdTaken),
            ({"emails": work("Ann@x.example")}, errors.AddressTaken),
            ({"title": "Boss", "emails": work("ann@x.example")}, errors.AddressTaken),
        ],
    )
    def test_what_another_user_holds_is_refused(
        self, ours: Connection, values: dict[str, Any], conflict: type[errors.Conflict]
    ) -> None:
        """R15, R23: nothing is half-saved."""
        push(ours, "ann@x.example", external_id="E-1")
        bob = push(ours, "bob@x.example", external_id="E-2").contact
        refused(conflict, lambda: entra_writes(bob, **values))

    @pytest.mark.parametrize("state", [{"deleted": True}, {"suspended": True}, {"linked": True}])
    def test_an_address_of_anybody_is_refused(self, ours: Connection, state: dict[str, bool]) -> None:
        """R17, R23."""
        ContactFactory(emails=["taken@x.example"], **state)
        bob = push(ours, "bob@x.example").contact
        refused(errors.AddressTaken, lambda: entra_writes(bob, emails=work("taken@x.example")))

    def test_an_old_address_of_a_colleague_is_still_taken(self, ours: Connection) -> None:
        """R17, R23: a secondary address belongs to its contact as much as the primary one."""
        ann = push(ours, "ann@x.example").contact
        entra_writes(ann, emails=work("ann.new@x.example"))
        bob = push(ours, "bob@x.example").contact
        refused(errors.AddressTaken, lambda: entra_writes(bob, emails=work("ann@x.example")))

    def test_a_user_name_of_another_connection_is_free(self, ours: Connection, theirs: Connection) -> None:
        """R4: userName is unique within its connection."""
        push(theirs, "cloud-only")
        bob = push(ours, "bob").contact
        entra_writes(bob, user_name="cloud-only")
        assert Contact.objects.filter(user_name="cloud-only").count() == 2
