"""Whether what is on screen has changed since."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.changes import Mark
from contacts.models import Contact, TimelineEntry
from tests.factories import ContactFactory, TimelineEntryFactory

from .page import text

URL = reverse("contacts:changes")


@pytest.fixture
def contact(db: None) -> Contact:
    """Somebody."""
    contact: Contact = ContactFactory()
    return contact


def asked(contact: Contact | None = None) -> dict[str, Any]:
    """What a page that is made now asks with."""
    mark = Mark.now(contact.pk if contact else None)
    of_one = {"contact": contact.pk} if contact else {}
    return {"since": mark.since, "seen": mark.seen, **of_one}


def test_nothing_is_said_while_nothing_happens(agent_client: Client, contact: Contact) -> None:
    TimelineEntryFactory(contact=contact)

    answer = agent_client.get(URL, asked())

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(("changes", "words"), [(1, "1 change Refresh"), (3, "3 changes Refresh")])
def test_changes_are_counted(agent_client: Client, contact: Contact, changes: int, words: str) -> None:
    TimelineEntryFactory(contact=contact)
    question = asked()
    TimelineEntryFactory.create_batch(changes)

    assert text(agent_client.get(URL, question)) == words


def test_the_count_has_an_end(agent_client: Client, contact: Contact) -> None:
    TimelineEntryFactory.create_batch(100, contact=contact)

    assert text(agent_client.get(URL, {"since": 0, "seen": 0})) == "99+ changes Refresh"


def test_a_contacts_page_hears_of_its_contact_alone(agent_client: Client, contact: Contact) -> None:
    TimelineEntryFactory(contact=contact)
    TimelineEntryFactory.create_batch(2)
    question = asked(contact)
    assert agent_client.get(URL, question).status_code == 204

    TimelineEntryFactory(contact=contact)

    assert text(agent_client.get(URL, question)) == "This contact was changed. Refresh"


def test_a_change_that_was_begun_before_the_page_and_ends_after_it_is_told(
    agent_client: Client, contact: Contact
) -> None:
    """Its entry has a lower number than others that the page has seen."""
    late, newest = TimelineEntryFactory(contact=contact).pk, TimelineEntryFactory()
    TimelineEntry.objects.filter(pk=late).delete()  # not there yet
    questions = [asked(), asked(contact)]

    TimelineEntryFactory(pk=late, contact=contact)

    assert late < newest.pk
    assert [agent_client.get(URL, question).status_code for question in questions] == [200, 200]


def test_who_is_erased_is_no_change(agent_client: Client, contact: Contact) -> None:
    """R30: their entries go with them."""
    TimelineEntryFactory(contact=contact)
    question = asked()
    contact.delete()
    assert agent_client.get(URL, question).status_code == 204

    TimelineEntryFactory()

    assert text(agent_client.get(URL, question)) == "1 change Refresh"


@pytest.mark.parametrize(
    "question", [{}, {"since": "1"}, {"since": "x", "seen": "0"}, {"since": "1", "seen": "0", "contact": "x"}]
)
def test_a_question_that_no_page_asks_is_not_found(agent_client: Client, question: dict[str, str]) -> None:
    assert agent_client.get(URL, question).status_code == 404


def test_pages_ask_from_where_they_are(agent_client: Client, contact: Contact) -> None:
    TimelineEntryFactory(contact=contact)
    since = TimelineEntryFactory().pk

    assert f'{URL}?since={since}&amp;seen=2"' in agent_client.get(reverse("contacts:list")).content.decode()
    page = agent_client.get(reverse("contacts:detail", args=[contact.pk])).content.decode()
    assert f'{URL}?since={since}&amp;seen=1&amp;contact={contact.pk}"' in page


def test_a_question_is_two_queries_beside_the_session(
    agent_client: Client,
    contact: Contact,
    django_assert_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    TimelineEntryFactory.create_batch(30, contact=contact)

    with django_assert_num_queries(4):  # session, agent, the entries that came, those that came late
        agent_client.get(URL, {"since": 0, "seen": 0})
