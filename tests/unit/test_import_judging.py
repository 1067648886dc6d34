"""What becomes of each row of a file (R10, R17, R25, R36 to R39), and how it is written."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import transaction

from contacts import lifecycle
from contacts.columns import all_columns
from contacts.importing.judging import Choices, Judge, Outcome, Verdict
from contacts.importing.reading import Row
from contacts.importing.writing import locked, unlocked, write
from contacts.models import ActorKind, Contact, TimelineEntry
from contacts.values import Actor
from tests.domain import addresses_of, stored, timeline_of
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory

pytestmark = pytest.mark.django_db

BOTH = Choices()
IMPORT = Actor(ActorKind.IMPORT, "Mia Manager")
MAPPING = ("name", "email", "other_emails", "title", "phone", "company", "cf_member", "")


def rows(*people: dict[str, str]) -> list[Row]:
    return [Row(n, [one.get(key, "") for key in MAPPING]) for n, one in enumerate(people, start=2)]


def judge(*people: dict[str, str], choices: Choices = BOTH) -> list[Verdict]:
    return Judge(MAPPING, all_columns(), choices).judge(rows(*people), unlocked)


@transaction.atomic
def carry_out(*people: dict[str, str], choices: Choices = BOTH) -> list[Verdict]:
    verdicts = Judge(MAPPING, all_columns(), choices).judge(rows(*people), locked)
    write(verdicts, IMPORT)
    return verdicts


def said(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(one.outcome.value, one.reason) for one in verdicts]


ANN = {"name": "Ann", "email": "ann@northwind.example"}


class TestNewContacts:
    def test_are_created_with_source_and_timeline(self) -> None:
        """R20, R43."""
        owner = CompanyFactory(domains=["northwind.example"])
        other = "two@x.example; three@x.example"
        carry_out({**ANN, "other_emails": other, "phone": "(030) 12-3", "title": "Cook"})
        contact = Contact.objects.get()
        assert (contact.name, contact.phone, contact.title) == ("Ann", "(030) 12-3", "Cook")
        assert (contact.source, contact.company, contact.company_source) == ("import", owner, "domain")
        assert addresses_of(contact) == ["ann@northwind.example", "two@x.example", "three@x.example"]
        assert contact.timeline.get().actor_kind == ActorKind.IMPORT

    def test_have_a_note(self) -> None:
        """The timeline tells that there is one, not what it says."""
        judge = Judge(["name", "note"], all_columns(), BOTH)
        write(judge.judge([Row(2, ["Ann", "Calls on Mondays"])], locked), IMPORT)
        assert Contact.objects.get().note == "Calls on Mondays"
        assert TimelineEntry.objects.get().changes["note"] == [False, True]

    def test_need_a_name(self) -> None:
        assert said(judge({"email": "ann@northwind.example"})) == [("refused", "A new contact needs a name.")]

    def test_need_what_their_form_needs(self) -> None:
        """R11: `required` binds forms."""
        ContactFieldFactory(label="Member", api_name="cf_member", type="checkbox", required=True)
        assert said(judge(ANN)) == [("refused", "Member is required.")]
        assert judge({**ANN, "cf_member": "Ja"})[0].outcome == Outcome.CREATE

    def test_can_be_left_out(self) -> None:
        (verdict,) = carry_out(ANN, choices=Choices(create=False))
        assert said([verdict]) == [("skip", "No contact has these e-mail addresses.")]
        assert not Contact.objects.exists()


class TestChecks:
    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ({"email": "ann@"}, "Primary e-mail address: This is not an e-mail address."),
            ({"other_emails": "a@b.example;x"}, "Other e-mail addresses: This is not an e-mail address."),
            ({"phone": "1" * 101}, "Work phone: The phone is longer than 100 characters."),
            ({"title": "a\0b"}, "Title: The title holds a character that cannot be kept."),
            ({"cf_member": "perhaps"}, "Member: True or False is expected."),
            ({"company": "Nobody"}, "No company has this name or domain."),
        ],
    )
    def test_a_wrong_value_refuses_the_row(self, cells: dict[str, str], reason: str) -> None:
        """R10, R17."""
        ContactFieldFactory(label="Member", api_name="cf_member", type="checkbox")
        (verdict,) = judge({**ANN, **cells})
        assert verdict.outcome == Outcome.REFUSED
        assert verdict.reason.startswith(reason)

    def test_every_mistake_of_a_row_is_told(self) -> None:
        (verdict,) = judge({"name": "x" * 256, "email": "x"})
        assert verdict.reason.count(":") == 2

    def test_reasons_hold_no_value(self) -> None:
        """They stand in a report that outlives the file."""
        (verdict,) = judge({"name": "Ann", "email": "secret@@x", "company": "Secret"})
        assert "secret" not in verdict.reason.casefold()

    def test_a_cell_too_many_refuses_the_row(self) -> None:
        judged = Judge(["name"], all_columns(), Choices()).judge([Row(2, ["Ann", "x"])], unlocked)
        assert said(judged) == [("refused", "The row has more cells than there are headings.")]

    def test_what_an_export_defused_is_taken_as_it_was(self) -> None:
        carry_out({**ANN, "phone": "'+1-555-0100", "title": "'n Cook"})
        contact = Contact.objects.get()
        assert (contact.phone, contact.title) == ("+1-555-0100", "'n Cook")


class TestExistingContacts:
    def test_are_found_by_any_address_without_regard_to_case(self) -> None:
        """R17."""
        contact = ContactFactory(emails=["old@northwind.example", "ann@northwind.example"])
        (verdict,) = judge({"email": "ANN@northwind.example", "title": "Cook"})
        assert (verdict.outcome, verdict.contact) == (Outcome.UPDATE, contact)

    def test_are_updated_and_keep_what_the_row_does_not_say(self) -> None:
        contact = ContactFactory(name="Ann", emails=[ANN["email"]], phone="1", custom_fields={"cf_x": "y"})
        verdicts = carry_out({**ANN, "title": "Cook", "other_emails": "new@northwind.example"})
        assert said(verdicts) == [("update", "Changes: Title, E-mail addresses.")]
        now = stored(contact)
        assert (now.title, now.phone, now.custom_fields) == ("Cook", "1", {"cf_x": "y"})
        assert addresses_of(contact) == [ANN["email"], "new@northwind.example"]
        assert timeline_of(contact)[-1][1]["title"] == ["", "Cook"]

    def test_the_rows_primary_address_becomes_theirs_and_the_old_one_stays(self) -> None:
        contact = ContactFactory(name="Ann", emails=["old@northwind.example"])
        carry_out({"email": "ann@northwind.example", "other_emails": "old@northwind.example"})
        assert addresses_of(contact) == ["ann@northwind.example", "old@northwind.example"]

    def test_change_nothing_when_nothing_differs(self) -> None:
        """R24."""
        ContactFactory(name="Ann", emails=[ANN["email"]])
        assert said(carry_out(ANN)) == [("skip", "The contact has these values already.")]

    def test_can_be_left_alone(self) -> None:
        contact = ContactFactory(name="Ann", emails=[ANN["email"]])
        verdicts = carry_out({**ANN, "title": "Cook"}, choices=Choices(update=False))
        assert said(verdicts) == [("skip", "The contact exists already.")]
        assert stored(contact).title == ""

    def test_deleted_ones_are_to_be_restored_first(self) -> None:
        """R17: a deleted contact keeps its addresses."""
        ContactFactory(emails=[ANN["email"]], deleted=True)
        (verdict,) = judge({**ANN, "title": "Cook"})
        assert verdict.reason == "The contact is in Deleted Contacts. Restore it first."

    def test_two_contacts_are_no_match(self) -> None:
        ContactFactory(emails=["ann@northwind.example"])
        ContactFactory(emails=["two@northwind.example"])
        (verdict,) = judge({**ANN, "other_emails": "two@northwind.example"})
        assert verdict.reason == "The e-mail addresses of this row belong to different contacts."


class TestEntra:
    @pytest.fixture
    def contact(self) -> Contact:
        return ContactFactory(
            name="Ann",
            title="Boss",
            emails=[ANN["email"]],
            linked=True,
            entra_fields=["name", "title", "emails", "cf_member"],
        )

    def test_what_entra_manages_is_left_and_the_row_says_so(self, contact: Contact) -> None:
        """R25."""
        verdicts = carry_out({**ANN, "title": "Cook", "phone": "1"})
        assert said(verdicts) == [("update", "Changes: Work phone. Left as Entra ID manages them: Title.")]
        assert (stored(contact).title, stored(contact).phone) == ("Boss", "1")

    def test_a_row_of_nothing_else_is_left(self, contact: Contact) -> None:
        ContactFieldFactory(label="Member", api_name="cf_member", type="checkbox")
        row = {"email": ANN["email"], "other_emails": "x@x.example", "cf_member": "yes"}
        labels = "Member, E-mail addresses"
        assert said(carry_out(row)) == [("skip", f"Left as Entra ID manages them: {labels}.")]
        assert addresses_of(contact) == [ANN["email"]]

    def test_the_company_of_a_connection_is_left(self, contact: Contact) -> None:
        Contact.objects.filter(pk=contact.pk).update(company=CompanyFactory(), company_source="connection")
        other = CompanyFactory(name="Other")
        assert said(carry_out({**ANN, "company": "Other"}))[0][0] == "skip"
        assert stored(contact).company != other

    def test_the_link_is_never_touched(self, contact: Contact) -> None:
        carry_out({**ANN, "name": "Bob", "phone": "1"})
        link = ("connection_id", "external_id", "user_name", "entra_fields", "entra_active", "last_synced_at")
        assert all(getattr(stored(contact), name) == getattr(contact, name) for name in link)

    @pytest.mark.parametrize("key", ["external_id", "user_name", "connection", "verified"])
    def test_no_column_is_a_part_of_it(self, key: str) -> None:
        assert key not in {column.key for column in all_columns()}


class TestCompanies:
    @pytest.mark.parametrize("text", ["Northwind Ltd", "NORTHWIND  ltd", "northwind.example"])
    def test_by_name_or_domain(self, text: str) -> None:
        """R36, R38, R39: somebody chose it."""
        company = CompanyFactory(name="Northwind Ltd", domains=["northwind.example"])
        carry_out({"name": "Ann", "company": text})
        contact = Contact.objects.get()
        assert (contact.company, contact.company_source) == (company, "agent")

    def test_a_shared_domain_is_nobodys(self) -> None:
        """R36."""
        CompanyFactory.create_batch(2, domains=["northwind.example"])
        assert judge({**ANN, "company": "northwind.example"})[0].outcome == Outcome.REFUSED


class TestOneAfterTheOther:
    def test_an_address_comes_once_in_a_file(self) -> None:
        first, second = carry_out(ANN, {"name": "Bob", "other_emails": "ANN@northwind.example"})
        assert (first.outcome, second.outcome) == (Outcome.CREATE, Outcome.REFUSED)
        assert second.reason == "An earlier row of the file has one of these e-mail addresses."

    def test_in_all_of_its_chunks(self) -> None:
        judge = Judge(MAPPING, all_columns(), Choices())
        judge.pass_over(rows(ANN))
        assert judge.judge(rows(ANN), unlocked)[0].outcome == Outcome.REFUSED

    def test_one_that_the_database_refuses_does_not_hold_up_the_others(self) -> None:
        """An address that somebody took after the row was judged (R17)."""
        bob = {"name": "Bob", "email": "bob@northwind.example"}
        verdicts = Judge(MAPPING, all_columns(), Choices()).judge(rows(ANN, bob), unlocked)
        ContactFactory(emails=[ANN["email"]])
        write(verdicts, IMPORT)
        assert said(verdicts) == [
            ("refused", "An e-mail address already belongs to another contact."),
            ("create", ""),
        ]
        assert Contact.objects.filter(name="Bob").count() == 1

    def test_one_whose_update_is_refused_does_not_hold_up_the_others(self) -> None:
        ann, bob = (ContactFactory(emails=[f"{name}@northwind.example"]) for name in ("ann", "bob"))
        new = {"email": "ann@northwind.example", "other_emails": "x@northwind.example"}
        verdicts = Judge(MAPPING, all_columns(), Choices()).judge(
            rows(new, {"email": "bob@northwind.example", "title": "Cook"}), unlocked
        )
        ContactFactory(emails=["x@northwind.example"])
        write(verdicts, IMPORT)
        assert [one.outcome for one in verdicts] == [Outcome.REFUSED, Outcome.UPDATE]
        assert (addresses_of(ann), stored(bob).title) == (["ann@northwind.example"], "Cook")


def test_a_dry_run_writes_nothing() -> None:
    ContactFactory(emails=["bob@northwind.example"])
    before = list(Contact.objects.values())
    judge(ANN, {"email": "bob@northwind.example", "title": "Cook"})
    assert list(Contact.objects.values()) == before


@pytest.mark.parametrize("count", [1, 40])
def test_the_number_of_queries_does_not_grow(
    count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    CompanyFactory(name="Northwind")
    for number in range(count):
        ContactFactory(emails=[f"old{number}@northwind.example"])
    people = [
        {"name": f"{age} {n}", "email": f"{age}{n}@northwind.example", "company": "Northwind"}
        for age in ("old", "new")
        for n in range(count)
    ]
    with django_assert_num_queries(5):  # fields, addresses, contacts, theirs, companies
        judge(*people)


def test_many_are_locked_in_one_order() -> None:
    """Two who lock the same must not wait in a circle."""
    contacts = ContactFactory.create_batch(3)
    with transaction.atomic():
        found = lifecycle.lock_many([one.pk for one in reversed(contacts)])
    assert found == contacts
