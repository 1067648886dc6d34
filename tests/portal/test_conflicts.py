"""Settings > Conflicts (R15): the queue, both sides of an entry, and the decisions."""

from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts import lifecycle
from contacts.models import Contact
from deskscim.provisioning.models import Conflict
from tests.domain import AGENT, agent_writes, push
from tests.factories import ConnectionFactory, ContactFactory, TicketFactory

from .conflict import ambiguous, refused, taken, version_of
from .page import rows, text

pytestmark = pytest.mark.django_db


LIST = reverse("settings:conflicts")
HTMX = {"HX-Request": "true"}


def page_of(entry: Conflict) -> str:
    return reverse("settings:conflict", args=[entry.pk])


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(database) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def decide(client: Client, name: str, entry: Conflict, *whom: Contact, **data: str) -> Any:
    """The answer of a decision, followed to the page that it leads to."""
    url = reverse(f"settings:{name}", args=[entry.pk, *(one.pk for one in whom)])
    return client.post(url, {"version": version_of(entry), **data}, follow=True)


class TestHome:
    def test_tells_how_many_wait(self, admin_client: Client) -> None:
        ambiguous()
        assert "Conflicts 1 open" in text(admin_client.get(reverse("settings:home")))

    def test_says_nothing_when_none_waits(self, admin_client: Client) -> None:
        shown = text(admin_client.get(reverse("settings:home")))
        assert "Conflicts Users whom" in shown
        assert "Contacts in error" not in shown

    def test_tells_of_contacts_whose_last_change_was_refused(self, admin_client: Client) -> None:
        """R42."""
        ContactFactory(linked=True, sync_failed_at=timezone.now())
        page = admin_client.get(reverse("settings:home"))
        assert "Contacts in error 1" in text(page)
        assert f'href="{reverse("contacts:list")}?status=error"' in page.content.decode()

    def test_every_link_leads_somewhere(self, admin_client: Client) -> None:
        """R48: an admin gets from here to everything that only admins set."""
        for entry in admin_client.get(reverse("settings:home")).context["entries"]:
            assert admin_client.get(reverse(entry.url)).status_code == 200

    def test_navigation_leads_here_for_admins_alone(self, admin_client: Client, agent_client: Client) -> None:
        """R48."""
        link = f'href="{reverse("settings:home")}"'
        assert link in admin_client.get(reverse("contacts:list")).content.decode()
        assert link not in agent_client.get(reverse("contacts:list")).content.decode()


class TestList:
    def test_an_empty_queue_says_what_it_means(self, admin_client: Client) -> None:
        assert "Entra ID can write every user that it sends" in text(admin_client.get(LIST))
        assert "Nothing was decided yet" in text(admin_client.get(LIST + "?tab=decided"))

    def test_a_row_tells_who_why_and_since_when(self, admin_client: Client) -> None:
        entry, *_ = ambiguous()
        page = text(admin_client.get(LIST))
        assert "Una Example" in page
        assert "More than one contact could be this user" in page
        assert "Una Sample U. Sample" in page
        assert entry.connection.name in page
        assert "1 try" in page

    def test_newest_first(self, admin_client: Client) -> None:
        ambiguous()
        taken()
        assert rows(admin_client.get(LIST)) == ["Tess Example", "Una Example"]

    def test_what_was_decided_has_a_tab_without_what_entra_sent(self, admin_client: Client) -> None:
        """R44."""
        entry, _ = taken()
        decide(admin_client, "keep-apart", entry)
        assert rows(admin_client.get(LIST)) == []
        page = admin_client.get(LIST + "?tab=decided")
        assert rows(page) == ["Hal Sample"]
        assert "Kept apart by Abe Admin" in text(page)
        assert "Tess" not in text(page)

    def test_costs_the_same_for_one_and_for_many(self, admin_client: Client) -> None:
        ambiguous()
        few = statements(admin_client, LIST)
        for _ in range(5):
            ambiguous()
        assert (few, statements(admin_client, LIST)) == (
            6,
            6,
        )  # session, agent, two counts, entries, contacts


class TestDetail:
    def test_both_sides_and_how_they_differ_in_words(self, admin_client: Client) -> None:
        """R42: never by colour alone."""
        entry, first, second = ambiguous()
        TicketFactory.create_batch(2, contact=first)
        page = text(admin_client.get(page_of(entry)))
        entras, ours, other = page[page.index("User in Entra") :].split("Sample Not synced")
        assert "Name Una Example" in entras
        assert "externalId e-" in entras
        assert "Title Cook Same" in ours
        assert "Differs" in ours
        assert "Tickets 2" in ours
        assert "Title — Missing" in other
        assert f"{second.primary_address} Same as userName" in other
        assert first.primary_address in ours
        assert second.primary_address in other

    def test_all_decisions_about_a_new_user(self, admin_client: Client) -> None:
        entry, first, second = ambiguous()
        html = admin_client.get(page_of(entry)).content.decode()
        for name, whom in [("link", [first]), ("link", [second]), ("keep-apart", []), ("drop", [])]:
            assert reverse(f"settings:{name}", args=[entry.pk, *(one.pk for one in whom)]) in html
        for pair in ((first.pk, second.pk), (second.pk, first.pk)):
            assert reverse("settings:merge", args=[entry.pk, *pair]) in html

    def test_one_contact_cannot_be_merged_with_nobody(self, admin_client: Client) -> None:
        entry, _ = taken()
        assert "Merge" not in text(admin_client.get(page_of(entry)))

    def test_a_user_who_has_a_contact_cannot_be_linked_to_another(self, admin_client: Client) -> None:
        """R23: the contact that Entra knows stays."""
        own = push(ConnectionFactory(), "own@northwind.example", name="Own Example").contact
        holder = ContactFactory(name="Hal Sample", emails=["hal@northwind.example"])
        assert own.connection
        entry = refused(own.connection, "address_taken", ("hal@northwind.example",), own)
        html = admin_client.get(page_of(entry)).content.decode()
        assert reverse("settings:link", args=[entry.pk, holder.pk]) not in html
        assert reverse("settings:merge", args=[entry.pk, own.pk, holder.pk]) in html
        assert reverse("settings:merge", args=[entry.pk, holder.pk, own.pk]) not in html

    def test_nobody_in_the_way_any_more(self, admin_client: Client) -> None:
        entry, _ = taken()
        entry.contacts.clear()
        assert "next try succeeds by itself" in text(admin_client.get(page_of(entry)))

    def test_a_missing_entry(self, admin_client: Client) -> None:
        assert admin_client.get(reverse("settings:conflict", args=[999])).status_code == 404

    def test_costs_the_same_for_few_and_many_tickets(self, admin_client: Client) -> None:
        entry, first, _ = ambiguous()
        few = statements(admin_client, page_of(entry))
        TicketFactory.create_batch(5, contact=first)
        # session, agent, entry, who is in the way, their contacts, their addresses
        assert (few, statements(admin_client, page_of(entry))) == (6, 6)


class TestLink:
    def test_asks_and_names_the_consequences(self, admin_client: Client) -> None:
        entry, first, _ = ambiguous()
        page = text(admin_client.get(reverse("settings:link", args=[entry.pk, first.pk]), headers=HTMX))
        assert "Is this user Una Sample?" in page
        assert "what Entra ID sends overwrites what the contact has" in page
        assert "U. Sample stays apart and keeps its addresses" in page
        assert "<html" not in page

    def test_is_decided_and_tells_what_happens_next(self, admin_client: Client) -> None:
        entry, first, _ = ambiguous()
        page = text(decide(admin_client, "link", entry, first))
        assert "within about 40 minutes" in page
        assert "Provision on demand" in page
        entry.refresh_from_db()
        assert (entry.decision, entry.chosen, entry.decided_by) == ("linked", first, "Abe Admin")

    def test_a_link_is_not_moved_without_an_explicit_yes(self, admin_client: Client) -> None:
        """R15: whoever held it until now loses it."""
        entry, holder = taken(linked=True)
        question = reverse("settings:link", args=[entry.pk, holder.pk])
        page = text(admin_client.get(question))
        assert f"externalId {holder.external_id} is released" in page
        assert "Nothing was changed: tick the box" in text(decide(admin_client, "link", entry, holder))
        assert Contact.objects.get().is_linked
        decide(admin_client, "link", entry, holder, confirmed="yes")
        assert not Contact.objects.get().is_linked

    def test_the_link_of_another_connection_is_named(self, admin_client: Client) -> None:
        """R15: an admin may see both."""
        holder = ContactFactory(linked=True, emails=["hal@northwind.example"])
        entry = refused(
            ConnectionFactory(),
            "linked_elsewhere",
            ("hal@northwind.example",),
            user_name="x",
            external_id="e",
        )
        page = text(admin_client.get(reverse("settings:link", args=[entry.pk, holder.pk])))
        assert f"{holder.connection.name} no longer holds the contact" in page

    def test_a_stranger_to_the_entry_is_refused(self, admin_client: Client) -> None:
        entry, *_ = ambiguous()
        page = decide(admin_client, "link", entry, ContactFactory())
        assert "Something has changed in the meantime" in text(page)
        assert Conflict.objects.waiting().get() == entry


class TestKeepApart:
    def test_asks_and_names_the_consequences(self, admin_client: Client) -> None:
        entry, _ = taken()
        page = text(admin_client.get(reverse("settings:keep-apart", args=[entry.pk])))
        assert "without the addresses that they hold" in page
        assert "Entra ID will see that the address differs" in page

    def test_is_decided(self, admin_client: Client) -> None:
        entry, _ = taken()
        page = text(decide(admin_client, "keep-apart", entry))
        assert "Kept apart from Hal Sample" in page
        assert "Entra ID has not tried again yet" in page

    def test_a_rival_is_named_and_needs_a_yes(self, admin_client: Client) -> None:
        """R15: of two with one userName, one must go."""
        rival = ContactFactory(name="Rae Sample", linked=True, emails=["rae@northwind.example"])
        wanted = {"user_name": rival.user_name, "external_id": "e-new"}
        entry = refused(rival.connection, "user_name_taken", (), None, **wanted)
        question = reverse("settings:keep-apart", args=[entry.pk])
        assert "Rae Sample is let go" in text(admin_client.get(question))
        assert "tick the box" in text(decide(admin_client, "keep-apart", entry))
        decide(admin_client, "keep-apart", entry, confirmed="yes")
        assert Conflict.objects.get().decision == "apart"

    def test_can_be_taken_back(self, admin_client: Client) -> None:
        entry, _ = taken()
        assert "Take the decision back" in text(decide(admin_client, "keep-apart", entry))
        admin_client.post(reverse("settings:drop", args=[entry.pk]))
        assert not Conflict.objects.exists()


class TestMerge:
    def test_shows_what_would_come_of_it_and_changes_nothing(self, admin_client: Client) -> None:
        entry, first, second = ambiguous()
        TicketFactory(contact=second)
        agent_writes(second, phone="+1 206 555-0100")
        before = list(Contact.objects.order_by("pk").values())
        page = text(admin_client.get(reverse("settings:merge", args=[entry.pk, first.pk, second.pk])))
        assert "Merge U. Sample into Una Sample?" in page
        addresses = f"{first.primary_address} Primary {second.primary_address}"
        assert f"Name Una Sample Addresses {addresses}" in page
        assert "Work phone +1 206 555-0100" in page
        assert "Tickets 1 State Active" in page
        assert "This cannot be undone." in page
        assert before == list(Contact.objects.order_by("pk").values())

    def test_needs_a_yes(self, admin_client: Client) -> None:
        entry, first, second = ambiguous()
        assert "tick the box" in text(decide(admin_client, "merge", entry, first, second))
        assert Contact.objects.count() == 2

    def test_makes_one_of_two(self, admin_client: Client) -> None:
        entry, first, second = ambiguous()
        page = text(decide(admin_client, "merge", entry, first, second, confirmed="yes"))
        assert "The two contacts are one now." in page
        assert list(Contact.objects.all()) == [first]
        timeline = text(admin_client.get(reverse("contacts:detail", args=[first.pk])))
        assert "Merged by Abe Admin" in timeline
        assert "Merged with U. Sample" in timeline

    def test_two_active_users_of_entra_are_refused_with_the_reason(self, admin_client: Client) -> None:
        own = push(ConnectionFactory(), "own@northwind.example").contact
        holder = ContactFactory(linked=True, emails=["hal@northwind.example"])
        assert own.connection
        entry = refused(own.connection, "address_taken", ("hal@northwind.example",), own)
        page = text(decide(admin_client, "merge", entry, own, holder, confirmed="yes"))
        assert "Entra ID holds both contacts as active users" in page
        question = admin_client.get(
            reverse("settings:merge", args=[entry.pk, own.pk, holder.pk]), follow=True
        )
        assert "Entra ID holds both contacts as active users" in text(question)
        assert Contact.objects.count() == 2

    def test_a_contact_is_not_merged_with_itself(self, admin_client: Client) -> None:
        entry, first, _ = ambiguous()
        page = decide(admin_client, "merge", entry, first, first, confirmed="yes")
        assert "Something has changed" in text(page)


class TestStale:
    """Whoever looked at something else decides nothing."""

    def test_a_contact_has_changed(self, admin_client: Client) -> None:
        entry, first, second = ambiguous()
        old = version_of(entry)
        agent_writes(second, title="Chef")
        page = decide(admin_client, "merge", entry, first, second, confirmed="yes", version=old)
        assert "Something has changed in the meantime" in text(page)
        assert Contact.objects.count() == 2

    @pytest.mark.parametrize("name", ["link", "keep-apart", "merge"])
    def test_another_admin_was_quicker(self, admin_client: Client, name: str) -> None:
        entry, first, second = ambiguous()
        decide(admin_client, "keep-apart", entry)
        whom = {"link": [first], "merge": [first, second]}.get(name, [])
        page = decide(admin_client, name, entry, *whom, confirmed="yes")
        assert "Something has changed in the meantime" in text(page)
        assert Conflict.objects.get().decision == "apart"
        assert Contact.objects.count() == 2

    def test_a_dialog_about_it_leads_to_the_page(self, admin_client: Client) -> None:
        entry, *_ = ambiguous()
        decide(admin_client, "keep-apart", entry)
        answer = admin_client.get(reverse("settings:keep-apart", args=[entry.pk]), headers=HTMX)
        assert answer["HX-Redirect"] == page_of(entry)

    def test_a_contact_was_erased(self, admin_client: Client) -> None:
        """R30: the entry went with it."""
        entry, first, _ = ambiguous()
        url = reverse("settings:link", args=[entry.pk, first.pk])
        for step in (lifecycle.soft_delete, lifecycle.erase):
            step(contact=lifecycle.LockedContact(Contact.objects.get(pk=first.pk)), actor=AGENT)
        assert admin_client.post(url).status_code == 404


def test_dropping_an_entry_forgets_what_entra_sent(admin_client: Client) -> None:
    """And changes no contact."""
    entry, *_ = ambiguous()
    assert "brings the conflict back" in text(admin_client.get(reverse("settings:drop", args=[entry.pk])))
    page = admin_client.post(reverse("settings:drop", args=[entry.pk]), follow=True)
    assert "The entry is removed." in text(page)
    assert (Conflict.objects.count(), Contact.objects.count()) == (0, 2)
