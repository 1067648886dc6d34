"""Corners where rules meet, each found by the reference model of tests/reliability."""

import pytest

from companies.models import Company
from contacts import fields
from contacts.models import Contact, ContactField
from tests.domain import addresses_of, agent_writes, timeline_of
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory

from .conftest import CUSTOM, WORK, Scim, fresh, patched, person, values_of

pytestmark = pytest.mark.django_db

TOMBSTONE = "0123456789abcdefABCDEF0123456789ann@northwind.example"
HOME = 'emails[type eq "home"].value'


class TestNames:
    def test_a_display_name_taken_away_is_made_and_follows(self, scim: Scim, ann: Contact) -> None:
        """R7: it no longer comes."""
        scim.patch(ann.pk, {"op": "Remove", "path": "displayName"})
        assert scim.replace(ann.pk, "name.givenName", "Una").json()["displayName"] == "Una Example"

    def test_a_tombstone_is_no_display_name_that_came(self, scim: Scim) -> None:
        """R7, R22: a made name still follows."""
        contact = scim.created(login="ann", displayName=None, name=None)
        scim.replace(contact.pk, "displayName", TOMBSTONE)
        resource = scim.replace(contact.pk, "userName", "una@northwind.example").json()
        assert resource["displayName"] == "una@northwind.example"
        assert "name" not in fresh(contact).entra_fields


class TestAddresses:
    def test_a_new_work_address_becomes_primary_beside_another(self, scim: Scim) -> None:
        """R23: a home address was primary only because it was the only one."""
        contact = scim.created(userName="uma", emails=[{"type": "home", "value": "uma@home.example"}])
        resource = patched(scim, contact, {"op": "Add", "path": WORK, "value": "uma@x.example"})
        assert resource["emails"][0] == {"value": "uma@x.example", "type": "work", "primary": True}
        assert addresses_of(contact) == ["uma@x.example", "uma@home.example"]

    def test_unless_the_patch_flags_another(self, scim: Scim) -> None:
        """RFC 7643 2.4: the client says which one is preferred."""
        contact = scim.created(login="uma")
        emails = [
            {"type": "work", "value": "u@x.example"},
            {"type": "home", "value": "h@x.example", "primary": True},
        ]
        patched(scim, contact, {"op": "Replace", "path": "emails", "value": emails})
        assert addresses_of(contact)[0] == "h@x.example"

    def test_a_tombstone_leaves_the_address_beside_another(self, scim: Scim, ann: Contact) -> None:
        """R22: it stays Entra's, and primary."""
        patched(scim, ann, {"op": "Add", "path": HOME, "value": "ann@home.example"})
        off = {"op": "Replace", "path": "active", "value": "False"}
        resource = patched(scim, ann, {"op": "Replace", "path": WORK, "value": TOMBSTONE}, off)
        assert values_of(resource, "emails") == {"work": "ann@northwind.example", "home": "ann@home.example"}
        assert addresses_of(ann) == ["ann@northwind.example", "ann@home.example"]


class TestLinks:
    def test_a_user_name_that_a_deleted_contact_gave_back(self, scim: Scim, ann: Contact) -> None:
        """R14, R28: the address tells who it is, and the userName is free."""
        scim.replace(ann.pk, "userName", "the-cook")
        scim.delete(ann.pk)
        bea = ContactFactory(emails=["bea@x.example"])
        emails = [{"type": "work", "value": "bea@x.example"}]
        assert scim.created(userName="the-cook", emails=emails).pk == bea.pk
        assert fresh(ann).is_deleted

    def test_two_who_gave_it_back_are_no_guess(self, scim: Scim) -> None:
        """R15: there is nothing else to tell them apart."""
        for login in ("ann", "bea"):
            contact = scim.created(login=login)
            scim.replace(contact.pk, "userName", "cook")
            scim.delete(contact.pk)
        assert scim.post(userName="cook", emails=None).status_code == 409

    def test_linked_anew_is_not_linked_twice(self, scim: Scim, ann: Contact) -> None:
        """R18, R43: the timeline tells of the new externalId, and not of a link that was there."""
        scim.replace(ann.pk, "active", False)
        scim.created(login="ann", externalId="e2")
        assert timeline_of(ann)[-1] == (
            "linked",
            {"deleted_at": [True, False], "external_id": ["e1", "e2"]},
        )

    def test_linked_anew_nothing_is_left_unapplied(self, scim: Scim, ann: Contact) -> None:
        """R11, R18: what did not fit was the former user's."""
        ContactFieldFactory(api_name="cf_count", type=ContactField.Type.NUMBER)
        scim.replace(ann.pk, f"{CUSTOM}:cf_count", "many")
        scim.replace(ann.pk, "active", False)
        scim.created(login="ann", externalId="e2")
        assert fresh(ann).sync_status == "synced"

    def test_an_empty_company_name_in_a_post_is_an_absent_one(self, scim: Scim) -> None:
        """R14, R39: it neither clears what is there nor hides the organization."""
        company: Company = CompanyFactory(name="Northwind")
        known = ContactFactory(emails=["uma@x.example"], company=company, company_source="attribute")
        scim.send(
            "POST", "/Users", person(userName="uma@x.example", emails=None, **{CUSTOM: {"companyName": ""}})
        )
        assert fresh(known).company == company


class TestFields:
    @pytest.fixture
    def field(self, scim: Scim, ann: Contact) -> ContactField:
        """A number that Ann's value does not fit."""
        field = ContactFieldFactory(api_name="cf_count", type=ContactField.Type.NUMBER)
        scim.replace(ann.pk, f"{CUSTOM}:cf_count", "many")
        assert fresh(ann).sync_status == "partly_applied"
        return field

    def test_nobody_is_partly_applied_for_a_field_that_is_off(
        self, ann: Contact, field: ContactField
    ) -> None:
        """R11, R42: its values are ignored from now on."""
        fields.switch(ContactField.objects.filter(pk=field.pk), active=False)
        assert fresh(ann).sync_status == "synced"

    def test_another_field_stays_unapplied(self, scim: Scim, ann: Contact, field: ContactField) -> None:
        """R11."""
        other = ContactFieldFactory(api_name="cf_other")
        fields.switch(ContactField.objects.filter(pk=other.pk), active=False)
        assert fresh(ann).unapplied == ["cf_count"]


class TestCompanies:
    def test_what_a_bound_connection_set_ends_with_it(self, scim: Scim, other: Scim) -> None:
        """R38: no agent chose it, so the domain decides when it changes."""
        bound, fabrikam = CompanyFactory(name="Northwind"), CompanyFactory(domains=["fabrikam.example"])
        scim.connection.company = bound
        scim.connection.save()
        contact = scim.created(login="uma")
        scim.delete(contact.pk)
        other.created(login="uma")
        other.replace(contact.pk, WORK, "uma@fabrikam.example")
        assert (fresh(contact).company, fresh(contact).company_source) == (fabrikam, "domain")

    def test_an_agents_new_address_leaves_it(self, scim: Scim) -> None:
        """R38: the connection that holds the contact sets its company."""
        bound = CompanyFactory(name="Northwind")
        CompanyFactory(domains=["fabrikam.example"])
        scim.connection.company = bound
        scim.connection.save()
        contact = scim.created(login="uma")
        agent_writes(contact, emails=[])
        assert fresh(contact).company == bound
