"""From contact to contact, in the order of the list from which the first was opened."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from tests.factories import ContactFactory

from .page import rows

LIST = reverse("contacts:list")


@pytest.fixture
def people(db: None) -> dict[str, Contact]:
    """Three live ones, in no order, and one who is deleted."""
    people: dict[str, Contact] = {
        name: ContactFactory(name=name, title="Cook" if name != "Ben" else "")
        for name in ("Cy", "Ann", "Ben")
    }
    people["Dee"] = ContactFactory(name="Dee", deleted=True)
    return people


def opened(client: Client, query: str, contact: Contact) -> str:
    """The page of a contact, opened from the list at this address."""
    html = client.get(LIST + query).content.decode()
    found = re.search(rf'class="row-name" href="([^"]*{contact.pk}[^"]*)"', html)
    assert found
    return client.get(unescape(found[1])).content.decode()


def beside(html: str, people: dict[str, Contact]) -> tuple[str, str]:
    """The names of the contacts before and after."""
    names = {str(contact.pk): name for name, contact in people.items()}
    links = dict(re.findall(r'rel="(prev|next)" href="/contacts/([^/"]*)/', html))
    return names.get(links.get("prev", ""), ""), names.get(links.get("next", ""), "")


@pytest.mark.parametrize(
    "query",
    [
        "?tab=all",
        "?tab=all&sort=-name",
        "?tab=all&sort=title",
        "?tab=all&sort=department",
        "?tab=all&q=cook",
        "?tab=deleted",
    ],
)
def test_in_the_order_of_the_list(agent_client: Client, people: dict[str, Contact], query: str) -> None:
    order = ["", *rows(agent_client.get(LIST + query)), ""]
    for previous, name, following in zip(order, order[1:], order[2:], strict=False):
        html = opened(agent_client, query, people[name])
        assert beside(html, people) == (previous, following)
        assert f'href="{LIST}{query.replace("&", "&amp;")}"' in html  # and back to the list


def test_none_when_the_page_was_reached_otherwise(agent_client: Client, people: dict[str, Contact]) -> None:
    html = agent_client.get(reverse("contacts:detail", args=[people["Ben"].pk])).content.decode()
    assert beside(html, people) == ("", "")
    assert f'href="{LIST}"' in html


def test_names_of_neighbours_stand_in_no_address(agent_client: Client, people: dict[str, Contact]) -> None:
    html = opened(agent_client, "?tab=all", people["Ben"])
    assert not re.search(r'rel="(prev|next)" href="[^"]*(Ann|Cy)', html)


@pytest.mark.parametrize("query", ["nonsense", "?tab=none&sort=x&after=y", "\0", "?q=%00"])
def test_an_odd_list_breaks_nothing(agent_client: Client, people: dict[str, Contact], query: str) -> None:
    url = reverse("contacts:detail", args=[people["Ben"].pk])
    assert agent_client.get(url, {"list": query}).status_code == 200


def test_who_left_the_list_still_leads_on(agent_client: Client, people: dict[str, Contact]) -> None:
    url = reverse("contacts:detail", args=[people["Ben"].pk])
    html = agent_client.get(url, {"list": "?tab=all&q=cook"}).content.decode()
    assert beside(html, people) == ("Ann", "Cy")


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow(
    agent_client: Client, django_assert_max_num_queries: Callable[[int], Any], count: int
) -> None:
    contact = ContactFactory(name="Ann")
    url = reverse("contacts:detail", args=[contact.pk])
    ContactFactory.create_batch(count)
    agent_client.get(url)
    with django_assert_max_num_queries(20):
        agent_client.get(url, {"list": "?tab=all"})
