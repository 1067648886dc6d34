"""Whether what is on screen has changed since."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from tests.factories import ContactFactory, TimelineEntryFactory

from .page import text

URL = reverse("contacts:changes")


@pytest.fixture
def contact(db: None) -> Contact:
    """Somebody."""
    contact: Contact = ContactFactory()
    return contact


def test_nothing_is_said_while_nothing_happens(agent_client: Client, contact: Contact) -> None:
    seen = TimelineEntryFactory(contact=contact)

    answer = agent_client.get(URL, {"since": seen.pk})

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(("changes", "words"), [(1, "1 change Refresh"), (3, "3 changes Refresh")])
def test_changes_are_counted(agent_client: Client, contact: Contact, changes: int, words: str) -> None:
    seen = TimelineEntryFactory(contact=contact)
    TimelineEntryFactory.create_batch(changes)

    assert text(agent_client.get(URL, {"since": seen.pk})) == words


def test_the_count_has_an_end(agent_client: Client, contact: Contact) -> None:
    TimelineEntryFactory.create_batch(100, contact=contact)

    assert text(agent_client.get(URL, {"since": 0})) == "99+ changes Refresh"


def test_a_contacts_page_hears_of_its_contact_alone(agent_client: Client, contact: Contact) -> None:
    seen = TimelineEntryFactory(contact=contact)
    TimelineEntryFactory()
    question = {"since": seen.pk, "contact": contact.pk}
    assert agent_client.get(URL, question).status_code == 204

    TimelineEntryFactory(contact=contact)

    assert text(agent_client.get(URL, question)) == "This contact was changed. Refresh"


@pytest.mark.parametrize("question", [{}, {"since": "x"}, {"since": "1", "contact": "x"}])
def test_a_question_that_no_page_asks_is_not_found(agent_client: Client, question: dict[str, str]) -> None:
    assert agent_client.get(URL, question).status_code == 404


def test_pages_ask_from_where_they_are(agent_client: Client, contact: Contact) -> None:
    seen = TimelineEntryFactory(contact=contact)

    assert f'{URL}?since={seen.pk}"' in agent_client.get(reverse("contacts:list")).content.decode()
    page = agent_client.get(reverse("contacts:detail", args=[contact.pk])).content.decode()
    assert f'{URL}?since={seen.pk}&amp;contact={contact.pk}"' in page


def test_a_question_is_one_query_beside_the_session(
    agent_client: Client,
    contact: Contact,
    django_assert_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    TimelineEntryFactory.create_batch(30, contact=contact)

    with django_assert_num_queries(3):  # session, agent, the newest entries
        agent_client.get(URL, {"since": 0})
