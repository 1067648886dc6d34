"""Tickets: all and spam, the page of one, into spam and out of it (R27, R35)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts import ticketlisting, ticketsearch
from contacts.models import Contact, Ticket
from tests.factories import CompanyFactory, ContactFactory, TicketFactory

LIST = "/tickets/"
Cause = Ticket.SpamCause


def url(name: str, ticket: Ticket) -> str:
    return reverse(f"tickets:{name}", args=[ticket.pk])


def subjects(client: Client, **query: Any) -> list[str]:
    return [ticket.subject for ticket in client.get(LIST, query).context["page"].rows]


def test_spam_is_in_its_own_tab_and_marked_among_all(agent_client: Client) -> None:
    TicketFactory(subject="Plain")
    TicketFactory(subject="Dreadful", spam_cause=Cause.DELETION)
    answer = agent_client.get(LIST)
    assert [(tab["label"], tab["count"], tab["is_current"]) for tab in answer.context["tabs"]] == [
        ("All", 2, True),
        ("Spam", 1, False),
    ]
    assert subjects(agent_client) == ["Dreadful", "Plain"]
    assert subjects(agent_client, tab="spam") == ["Dreadful"]
    assert answer.content.decode().count("Spam: contact deleted") == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Wifi", "Printer"]),
        ({"q": "PRINT"}, ["Printer"]),
        ({"q": "king"}, ["Printer"]),
        ({"q": "bob@fabrikam"}, ["Wifi"]),
        ({"q": "wifi king"}, []),
        ({"q": "wi"}, ["Wifi"]),
        ({"q": "fi"}, []),
        ({"q": "printer ada"}, ["Printer"]),
        ({"q": "\0"}, ["Wifi", "Printer"]),
        ({"status": "pending"}, ["Printer"]),
        ({"status": "closed"}, []),
        ({"status": "nonsense"}, ["Wifi", "Printer"]),
        ({"contact": "nonsense", "company": "x"}, ["Wifi", "Printer"]),
        ({"sort": "opened"}, ["Printer", "Wifi"]),
        ({"sort": "password"}, ["Wifi", "Printer"]),
        ({"tab": "nonsense", "page": "x"}, ["Wifi", "Printer"]),
    ],
)
def test_the_list_is_searched_and_sorted(
    query: dict[str, str], expected: list[str], agent_client: Client
) -> None:
    TicketFactory(subject="Printer", contact=ContactFactory(name="Ada King"), status="pending")
    TicketFactory(subject="Wifi", contact=ContactFactory(name="Bob", emails=["bob@fabrikam.example"]))
    assert subjects(agent_client, **query) == expected


class TestManyContactsWithAWord:
    """Then the first tickets of the list are searched, no more, and the page says so."""

    @pytest.fixture(autouse=True)
    def three_are_many(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ticketsearch, "CAP", 2)
        monkeypatch.setattr(ticketlisting, "LOOKED_THROUGH", 4)
        for number in range(1, 5):
            TicketFactory(subject=f"Fan {number}", contact=ContactFactory(name=f"Ada {number}"))
        TicketFactory(subject="Ada asked", contact=ContactFactory(name="Bob"))

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"q": "ada"}, ["Ada asked", "Fan 4", "Fan 3", "Fan 2"]),
            ({"q": "ada", "sort": "opened"}, ["Fan 1", "Fan 2", "Fan 3", "Fan 4"]),
            ({"q": "ada fan"}, ["Fan 4", "Fan 3", "Fan 2"]),
            ({"q": "ad", "tab": "spam"}, []),
        ],
    )
    def test_the_first_tickets_are_searched(
        self, query: dict[str, str], expected: list[str], agent_client: Client
    ) -> None:
        assert subjects(agent_client, **query) == expected
        assert "only the first 4 tickets were searched" in agent_client.get(LIST, query).content.decode()

    def test_of_few_all_are_searched(self, agent_client: Client) -> None:
        assert subjects(agent_client, q="bob") == ["Ada asked"]
        assert subjects(agent_client, q="fan 1") == ["Fan 1"]
        assert "were searched" not in agent_client.get(LIST, {"q": "bob"}).content.decode()


def test_no_more_than_ten_words_are_asked_for(agent_client: Client, django_assert_num_queries: Any) -> None:
    TicketFactory(subject="Printer")
    with django_assert_num_queries(5 + 10):
        page = agent_client.get(LIST, {"q": " ".join(f"w{number}" for number in range(40))})
    assert "Only the first 10 words are searched for." in page.content.decode()


@pytest.mark.parametrize(("search", "queries"), [("ada", 6), ("ada printer", 7), ("none of these", 8)])
def test_each_word_takes_one_query(
    search: str, queries: int, agent_client: Client, django_assert_num_queries: Any
) -> None:
    for rows in (1, 30):
        TicketFactory.create_batch(rows, subject="Printer", contact=ContactFactory(name="Ada"))
        with django_assert_num_queries(queries):
            agent_client.get(LIST, {"q": search})


def test_the_counts_of_the_tabs_follow_the_search(agent_client: Client) -> None:
    TicketFactory(subject="Printer")
    TicketFactory(subject="Printer again", spam_cause=Cause.AGENT)
    TicketFactory(subject="Wifi", spam_cause=Cause.AGENT)
    tabs = agent_client.get(LIST, {"q": "printer"}).context["tabs"]
    assert [(tab["count"], tab["url"]) for tab in tabs] == [(2, "?q=printer"), (1, "?tab=spam&q=printer")]


def test_the_list_has_thirty_rows_a_page(agent_client: Client) -> None:
    TicketFactory.create_batch(31, contact=ContactFactory())
    following = agent_client.get(LIST).context["page"].next
    assert [len(subjects(agent_client, page=page)) for page in ("", following)] == [30, 1]


def test_typing_into_the_search_fetches_the_list_alone(agent_client: Client) -> None:
    TicketFactory(subject="Printer")
    answer = agent_client.get(LIST, {"q": "print"}, headers={"HX-Request": "true"})
    assert "1 ticket found" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_thirty_rows_take_as_many_queries_as_one(
    agent_client: Client, django_assert_num_queries: Any
) -> None:
    TicketFactory()
    for _ in range(2):
        with django_assert_num_queries(5):
            agent_client.get(LIST)
        TicketFactory.create_batch(29)


def test_a_page_takes_a_fixed_number_of_queries(agent_client: Client, django_assert_num_queries: Any) -> None:
    contact = ContactFactory(company=CompanyFactory(), emails=["a@x.example", "b@x.example"])
    ticket, *_ = TicketFactory.create_batch(30, contact=contact)
    with django_assert_num_queries(5):
        agent_client.get(url("detail", ticket))


@pytest.mark.parametrize(
    ("cause", "contact", "words"),
    [
        (Cause.AGENT, {"suspended": True}, "An agent marked this ticket as spam."),
        (Cause.SUSPENSION, {"suspended": True}, "is suspended. Lifting the suspension takes it out again."),
        (Cause.DELETION, {"deleted": True}, "is deleted. Restoring the contact takes it out again."),
    ],
)
def test_the_page_says_why_it_is_spam(
    cause: str, contact: dict[str, bool], words: str, agent_client: Client
) -> None:
    ticket = TicketFactory(contact=ContactFactory(**contact), spam_cause=cause, description="<b>Help</b>")
    page = agent_client.get(url("detail", ticket)).content.decode()
    assert words in page
    assert "&lt;b&gt;Help" in page
    assert "Not spam" in page
    assert url("spam", ticket) not in page


def test_the_page_shows_the_contact_and_its_state(agent_client: Client) -> None:
    contact = ContactFactory(name="Ada King", suspended=True, company=CompanyFactory(name="Northwind"))
    page = agent_client.get(url("detail", TicketFactory(contact=contact, status="pending"))).content.decode()
    for text in (
        "Ada King",
        "Northwind",
        "Suspended",
        "Pending",
        reverse("contacts:unsuspend", args=[contact.pk]),
    ):
        assert text in page


def test_the_question_names_what_follows(agent_client: Client) -> None:
    contact = ContactFactory(name="Ada King")
    ticket, *_ = TicketFactory.create_batch(3, contact=contact)
    TicketFactory(contact=contact, spam_cause=Cause.AGENT)
    page = agent_client.get(url("spam", ticket)).content.decode()
    assert "<strong>Ada King is suspended</strong> and can open no new ticket." in page
    assert "<strong>Its 2 other tickets become spam</strong>" in page
    assert not Contact.objects.suspended().exists()


def test_the_question_fits_into_the_dialog(agent_client: Client) -> None:
    page = agent_client.get(url("spam", TicketFactory()), headers={"HX-Request": "true"}).content.decode()
    assert "It has no other tickets in the working views." in page
    assert "<html" not in page


def test_spam_suspends_the_contact_and_takes_its_tickets_along(agent_client: Client) -> None:
    ticket = TicketFactory()
    other = TicketFactory(contact=ticket.contact)
    answer = agent_client.post(url("spam", ticket), {"next": "/tickets/?tab=spam"})
    assert answer["Location"] == "/tickets/?tab=spam"
    contact = Contact.objects.get()
    assert contact.is_suspended
    assert contact.timeline.get().actor_label == "Ada Agent"
    causes = dict(Ticket.objects.values_list("pk", "spam_cause"))
    assert causes == {ticket.pk: Cause.AGENT, other.pk: Cause.SUSPENSION}


def test_not_spam_says_that_the_contact_stays_suspended_and_leads_to_lifting_it(agent_client: Client) -> None:
    ticket = TicketFactory(contact=ContactFactory(name="Ada King", suspended=True), spam_cause=Cause.AGENT)
    page = agent_client.post(url("unspam", ticket), follow=True).content.decode()
    assert "The ticket is no longer spam. Ada King stays suspended." in page
    assert f'formaction="{reverse("contacts:unsuspend", args=[ticket.contact_id])}">Lift suspension' in page
    ticket.refresh_from_db()
    assert not ticket.is_spam
    assert ticket.contact.is_suspended


def test_not_spam_of_a_free_contact_says_no_more_than_that(agent_client: Client) -> None:
    page = agent_client.post(
        url("unspam", TicketFactory(spam_cause=Cause.AGENT)), follow=True
    ).content.decode()
    assert "The ticket is no longer spam." in page
    assert "stays suspended" not in page


@pytest.mark.parametrize(
    ("step", "cause", "sentence"),
    [("spam", Cause.AGENT, "marked as spam already"), ("unspam", Cause.NONE, "not marked as spam")],
)
def test_a_step_that_leads_nowhere_is_a_message(
    step: str, cause: str, sentence: str, agent_client: Client
) -> None:
    answer = agent_client.post(url(step, TicketFactory(spam_cause=cause)), follow=True)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("step", ["spam", "unspam"])
def test_a_ticket_that_is_gone_is_not_found(step: str, agent_client: Client) -> None:
    assert agent_client.post(reverse(f"tickets:{step}", args=[404])).status_code == 404


def test_an_address_of_another_site_is_not_gone_to(agent_client: Client) -> None:
    ticket = TicketFactory()
    answer = agent_client.post(url("spam", ticket), {"next": "https://evil.example/"})
    assert answer["Location"] == url("detail", ticket)


def test_the_list_is_narrowed_to_a_contact_or_a_company(agent_client: Client) -> None:
    company = CompanyFactory(name="Northwind")
    ada = ContactFactory(name="Ada King", company=company)
    TicketFactory(subject="Wifi", contact=ada)
    TicketFactory(subject="Printer", contact=ContactFactory(company=company))
    TicketFactory(subject="Screen")
    assert subjects(agent_client, contact=ada.pk) == ["Wifi"]
    assert subjects(agent_client, company=company.pk) == ["Printer", "Wifi"]
    page = agent_client.get(LIST, {"contact": ada.pk, "status": "open"}).content.decode()
    assert "Only of Ada King" in page
    assert 'href="?status=open"' in page


def test_a_status_is_changed_and_undone(agent_client: Client) -> None:
    ticket = TicketFactory()
    answer = agent_client.post(url("status", ticket), {"status": "solved"}, follow=True)
    ticket.refresh_from_db()
    assert ticket.status == "solved"
    assert "The ticket is now: Solved." in answer.content.decode()
    assert f'formaction="{url("status", ticket)}" name="status" value="open">Undo' in answer.content.decode()


def test_what_is_no_status_changes_nothing(agent_client: Client) -> None:
    ticket = TicketFactory()
    answer = agent_client.post(url("status", ticket), {"status": "nonsense"}, follow=True)
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert "Nothing was changed" in answer.content.decode()


def test_the_page_shows_other_tickets_of_the_contact(agent_client: Client) -> None:
    ticket = TicketFactory(subject="Printer")
    TicketFactory.create_batch(6, contact=ticket.contact)
    answer = agent_client.get(url("detail", ticket))
    assert len(answer.context["others"]) == 5
    assert f"/tickets/?contact={ticket.contact_id}" in answer.content.decode()


def test_not_spam_offers_to_lift_the_suspension_and_names_what_follows(agent_client: Client) -> None:
    """R35."""
    contact = ContactFactory(name="Ada King", suspended=True)
    ticket = TicketFactory(contact=contact, spam_cause=Cause.AGENT)
    TicketFactory.create_batch(2, contact=contact, spam_cause=Cause.SUSPENSION)
    page = agent_client.get(url("unspam", ticket)).content.decode()
    assert "Ada King is suspended, and can open no new ticket" in page
    assert "2 other tickets leave spam too" in page
    answer = agent_client.post(url("unspam", ticket), {"lift": "yes"}, follow=True)
    assert "the suspension of Ada King is lifted" in answer.content.decode()
    assert not Ticket.objects.spam().exists()
    assert not Contact.objects.get().is_suspended


def test_lifting_where_nobody_is_suspended_changes_nothing(agent_client: Client) -> None:
    """One step: both or neither."""
    ticket = TicketFactory(spam_cause=Cause.AGENT)
    agent_client.post(url("unspam", ticket), {"lift": "yes"})
    ticket.refresh_from_db()
    assert ticket.is_spam


@pytest.mark.parametrize("suspended", [False, True])
def test_marking_spam_is_undone(suspended: bool, agent_client: Client) -> None:
    """With the suspension, unless the contact was suspended before."""
    ticket = TicketFactory(contact=ContactFactory(suspended=suspended))
    answer = agent_client.post(url("spam", ticket), follow=True)
    lift = "" if suspended else "yes"
    assert f'formaction="{url("unspam", ticket)}" name="lift" value="{lift}">Undo' in answer.content.decode()
    agent_client.post(url("unspam", ticket), {"lift": lift})
    ticket.refresh_from_db()
    assert not ticket.is_spam
    assert Contact.objects.get().is_suspended is suspended
