"""Making a contact and editing one."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts import lifecycle
from contacts.models import Action, ActorKind, Contact
from contacts.values import Actor
from deskscim.agents.models import Agent
from tests.factories import CompanyFactory, ContactFactory, ContactFieldFactory

from .form import NEW, edit_url, filled, only_contact
from .page import text

ENTRA = Actor(ActorKind.CONNECTION, "Northwind tenant")
MANAGED = "Managed by Entra ID: your change lasts until Entra sends this field again."


class TestCreate:
    def test_makes_the_contact(self, agent_client: Client, agent: Agent) -> None:
        response = agent_client.post(
            NEW,
            {
                "name": "Grace Sample",
                "given_name": "Grace",
                "family_name": "Sample",
                "title": "Admiral",
                "department": "Research",
                "phone": "+1 425 555 0100",
                "mobile": "+1 425 555 0101",
                "email": "grace@navy.example",
                "other_emails": "sample@navy.example\r\n\r\ngh@contoso.example",
            },
        )

        contact = only_contact()
        assert response.headers["Location"] == reverse("contacts:detail", args=[contact.pk])
        assert (contact.name, contact.title, contact.department) == ("Grace Sample", "Admiral", "Research")
        assert (contact.phone, contact.mobile) == ("+1 425 555 0100", "+1 425 555 0101")
        assert [(row.address, row.is_primary) for row in contact.addresses.all()] == [
            ("grace@navy.example", True),
            ("sample@navy.example", False),
            ("gh@contoso.example", False),
        ]
        entry = contact.timeline.get()
        assert (entry.action, entry.actor_label) == (Action.CREATED, agent.name)

    def test_says_so(self, agent_client: Client) -> None:
        response = agent_client.post(NEW, {"name": "Grace"}, follow=True)

        assert "Grace is created." in text(response)

    def test_name_is_made_from_its_parts(self, agent_client: Client) -> None:
        agent_client.post(NEW, {"given_name": "Grace", "family_name": "Sample"})

        assert only_contact().name == "Grace Sample"

    def test_without_any_name_nothing_is_made(self, agent_client: Client) -> None:
        response = agent_client.post(NEW, {"name": " ", "email": "grace@navy.example"})

        assert "Enter a name." in text(response)
        assert 'value="grace@navy.example"' in response.content.decode()
        assert not Contact.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value", "error"),
        [
            ("email", "nonsense", "“nonsense” is not an e-mail address."),
            ("email", "a@b.example c@d.example", "Only one address can be primary."),
            ("other_emails", "a@b.example\nwrong", "“wrong” is not an e-mail address."),
            ("title", "x" * 256, "at most 255 characters"),
            ("phone", "5" * 101, "at most 100 characters"),
            ("title", "a\0b", "Null characters are not allowed."),
            ("company", "999999", "The company is gone. Choose another one."),
        ],
    )
    def test_bad_input_is_refused_where_it_stands(
        self, agent_client: Client, field: str, value: str, error: str
    ) -> None:
        response = agent_client.post(NEW, {"name": "Grace", field: value})

        assert error in text(response)
        assert field in response.context["form"].errors
        assert "Nothing was saved." in text(response)
        assert not Contact.objects.exists()

    def test_first_mistake_has_the_cursor(self, agent_client: Client) -> None:
        response = agent_client.post(NEW, {"name": "Grace", "email": "nonsense", "other_emails": "wrong"})

        html = response.content.decode()
        assert html.count("autofocus") == 1
        assert "autofocus" in html[html.index('name="email"') :].split(">")[0]

    def test_address_that_is_taken_names_who_holds_it(self, agent_client: Client) -> None:
        """R17."""
        holder = ContactFactory(name="Grace Sample", emails=["grace@navy.example"])

        response = agent_client.post(NEW, {"name": "Other", "email": "Grace@NAVY.example"})

        assert "grace@navy.example belongs to Grace Sample ." in text(response)
        assert f'href="{reverse("contacts:detail", args=[holder.pk])}"' in response.content.decode()
        assert only_contact() == holder

    def test_address_held_by_a_deleted_contact_says_so(self, agent_client: Client) -> None:
        """R17: only erasing frees an address."""
        ContactFactory(name="Grace Sample", deleted=True, emails=["grace@navy.example"])

        response = agent_client.post(NEW, {"name": "Other", "other_emails": "grace@navy.example"})

        assert "belongs to Grace Sample in Deleted Contacts." in text(response)
        assert Contact.objects.count() == 1

    def test_holder_with_a_hostile_name_is_escaped(self, agent_client: Client) -> None:
        ContactFactory(name="<b>Bob</b>", emails=["bob@navy.example"])

        response = agent_client.post(NEW, {"name": "Other", "email": "bob@navy.example"})

        assert b"<b>Bob" not in response.content


class TestCompany:
    """R36, R38."""

    def test_domain_gives_the_company_by_default(self, agent_client: Client) -> None:
        company = CompanyFactory(domains=["navy.example"])

        agent_client.post(NEW, {"name": "Grace", "email": "grace@navy.example", "company": ""})

        contact = only_contact()
        assert (contact.company, contact.company_source) == (company, "domain")

    def test_choice_outranks_the_domain(self, agent_client: Client) -> None:
        CompanyFactory(domains=["navy.example"])
        chosen = CompanyFactory()

        agent_client.post(NEW, {"name": "Grace", "email": "grace@navy.example", "company": str(chosen.pk)})

        contact = only_contact()
        assert (contact.company, contact.company_source) == (chosen, "agent")

    def test_no_company_is_a_choice(self, agent_client: Client) -> None:
        CompanyFactory(domains=["navy.example"])

        agent_client.post(NEW, {"name": "Grace", "email": "grace@navy.example", "company": "none"})

        contact = only_contact()
        assert (contact.company, contact.company_source) == (None, "agent")

    def test_left_empty_the_choice_is_taken_back_to_none(self, agent_client: Client) -> None:
        contact = ContactFactory(company=CompanyFactory(), company_source="agent")

        agent_client.post(edit_url(contact), filled(agent_client, contact, company="", company_text=""))

        contact.refresh_from_db()
        assert (contact.company, contact.company_source) == (None, "agent")

    def test_words_alone_find_the_company(self, agent_client: Client) -> None:
        company = CompanyFactory(name="Northwind Traders")

        agent_client.post(NEW, {"name": "Grace", "company": "", "company_text": "northwind"})

        assert only_contact().company == company

    def test_words_typed_over_a_chosen_company_find_another(self, agent_client: Client) -> None:
        """Without the script the earlier choice still comes along."""
        company = CompanyFactory(name="Northwind Traders")
        contact = ContactFactory(company=CompanyFactory(name="Fabrikam"), company_source="agent")

        agent_client.post(edit_url(contact), filled(agent_client, contact, company_text="northwind"))

        contact.refresh_from_db()
        assert contact.company == company

    def test_picker_offers_no_company_last(self, agent_client: Client) -> None:
        CompanyFactory(name="Northwind")

        offered = agent_client.get(reverse("companies:pick"), {"q": "north", "none": ""})

        assert text(offered) == "Northwind No company"

    def test_page_names_no_company_but_the_contacts_own(self, agent_client: Client) -> None:
        """However many there are, they are searched."""
        CompanyFactory(name="Fabrikam")
        contact = ContactFactory(company=CompanyFactory(name="Northwind"), company_source="agent")

        page = agent_client.get(edit_url(contact)).content.decode()

        assert "Northwind" in page
        assert "Fabrikam" not in page

    @pytest.mark.parametrize("source", ["domain", "attribute", "agent", "connection"])
    def test_untouched_it_keeps_its_reason(self, agent_client: Client, source: str) -> None:
        contact = ContactFactory(company=CompanyFactory(), company_source=source)

        agent_client.post(edit_url(contact), filled(agent_client, contact, title="Admiral"))

        contact.refresh_from_db()
        assert (contact.title, contact.company_source) == ("Admiral", source)

    def test_entra_sends_the_company_again(self, agent_client: Client) -> None:
        contact = ContactFactory(linked=True, company=CompanyFactory(), company_source="attribute")

        field = agent_client.get(edit_url(contact)).context["form"]["company"]

        assert MANAGED in field.help_text


class TestEdit:
    def test_changes_what_was_changed_and_nothing_else(self, agent_client: Client, agent: Agent) -> None:
        contact = ContactFactory(
            name="Grace", title=" Captain ", emails=["a@navy.example", "b@navy.example"], suspended=True
        )

        response = agent_client.post(
            edit_url(contact), filled(agent_client, contact, name="Grace Sample"), follow=True
        )

        assert "The changes are saved." in text(response)
        entry = contact.timeline.get()
        assert entry.changes == {"name": ["Grace", "Grace Sample"]}
        assert (entry.action, entry.actor_kind, entry.actor_label) == ("updated", "agent", agent.name)

    def test_saving_without_a_change_says_so(self, agent_client: Client) -> None:
        contact = ContactFactory()

        response = agent_client.post(edit_url(contact), filled(agent_client, contact), follow=True)

        assert "Nothing was changed." in text(response)
        assert not contact.timeline.exists()

    def test_addresses_are_the_whole_list(self, agent_client: Client) -> None:
        contact = ContactFactory(emails=["a@navy.example", "b@navy.example"])

        agent_client.post(
            edit_url(contact),
            filled(agent_client, contact, email="b@navy.example", other_emails="c@navy.example"),
        )

        shown = [(row.address, row.is_primary) for row in contact.addresses.all()]
        assert shown == [("b@navy.example", True), ("c@navy.example", False)]

    def test_own_address_is_not_taken_and_an_odd_one_may_stay(self, agent_client: Client) -> None:
        """R20: what Entra sent is not judged again."""
        contact = ContactFactory(emails=["grace@localhost"])

        response = agent_client.post(
            edit_url(contact),
            filled(agent_client, contact, email="GRACE@localhost", other_emails="new@navy.example"),
        )

        assert response.status_code == 302
        assert {row.address for row in contact.addresses.all()} == {"GRACE@localhost", "new@navy.example"}

    def test_managed_fields_say_so_and_others_do_not(self, agent_client: Client) -> None:
        """R25."""
        ContactFieldFactory(api_name="cf_managed")
        contact = ContactFactory(linked=True, entra_fields=["cf_managed", "emails", "title"])

        form = agent_client.get(edit_url(contact)).context["form"]

        managed = [name for name, field in form.fields.items() if MANAGED in str(field.help_text)]
        assert managed == ["title", "email", "other_emails", "cf_managed"]

    def test_unlinked_contact_has_no_managed_fields(self, agent_client: Client) -> None:
        assert MANAGED not in text(agent_client.get(edit_url(ContactFactory(entra_fields=["title"]))))

    def test_deleted_contact_is_restored_first(self, agent_client: Client) -> None:
        contact = ContactFactory(name="Grace", deleted=True)

        for response in (
            agent_client.get(edit_url(contact), follow=True),
            agent_client.post(edit_url(contact), {"name": "Other"}, follow=True),
        ):
            assert "This contact is deleted. Restore it, then edit it." in text(response)
        contact.refresh_from_db()
        assert contact.name == "Grace"

    def test_unknown_contact_is_not_found(self, agent_client: Client) -> None:
        url = reverse("contacts:edit", args=[uuid.uuid4()])

        assert agent_client.get(url).status_code == 404
        assert agent_client.post(url, {"name": "x"}).status_code == 404


class TestStaleForm:
    def test_is_rejected_and_tells_who_was_quicker(self, agent_client: Client) -> None:
        contact = ContactFactory(name="Grace", title="Captain")
        stale = filled(agent_client, contact, department="Research")
        lifecycle.update(contact=lifecycle.lock(contact.pk), values={"title": "Admiral"}, actor=ENTRA)

        response = agent_client.post(edit_url(contact), stale)

        assert "changed while you were editing it, so nothing was saved" in text(response)
        assert "Northwind tenant: Title “Captain” → “Admiral”." in text(response)
        assert 'value="Research"' in response.content.decode()
        contact.refresh_from_db()
        assert (contact.title, contact.department) == ("Admiral", "")

    def test_saved_again_it_is_taken(self, agent_client: Client) -> None:
        contact = ContactFactory(name="Grace", title="Captain")
        stale = filled(agent_client, contact, department="Research")
        lifecycle.update(contact=lifecycle.lock(contact.pk), values={"title": "Admiral"}, actor=ENTRA)
        fresh = agent_client.post(edit_url(contact), stale).context["form"].version

        agent_client.post(edit_url(contact), stale | {"version": fresh})

        contact.refresh_from_db()
        assert (contact.title, contact.department) == ("Captain", "Research")

    @pytest.mark.parametrize("version", ["", "nonsense", "2026-13-45T00:00:00+00:00"])
    def test_without_a_true_version_nothing_is_saved(self, agent_client: Client, version: str) -> None:
        contact = ContactFactory(name="Grace")

        response = agent_client.post(
            edit_url(contact), filled(agent_client, contact, name="Other") | {"version": version}
        )

        assert "nothing was saved" in text(response)
        contact.refresh_from_db()
        assert contact.name == "Grace"


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(
    agent_client: Client, django_assert_num_queries: Callable[[int], Any], count: int
) -> None:
    contact = ContactFactory(emails=[f"person{number}@northwind.example" for number in range(count)])
    for _ in range(count):
        ContactFieldFactory()
        CompanyFactory()

    with django_assert_num_queries(5):  # session, agent, contact, addresses, fields
        agent_client.get(edit_url(contact))
