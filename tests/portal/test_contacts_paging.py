"""Accounts > Contacts: pages that begin where the last one ended, in every order."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from companies import paging as lists
from contacts.listing import Listing, matches
from contacts.listing import rows as rows_module
from contacts.listing.columns import BUILT_IN
from contacts.models import Contact, ContactField
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, ContactFieldFactory

from .page import rows, text

URL = reverse("contacts:list")
SIZE = 30
FIELDS: dict[str, tuple[str, list[Any]]] = {
    "cf_team": (ContactField.Type.TEXT, ["red", "Blue", "green"]),
    "cf_age": (ContactField.Type.NUMBER, [9, 10, 100]),
    "cf_rate": (ContactField.Type.DECIMAL, ["0.5", "10.25", "9"]),
    "cf_since": (ContactField.Type.DATE, ["2026-01-31", "2025-12-01", "2026-02-01"]),
    "cf_vip": (ContactField.Type.CHECKBOX, [True, False, True]),
}
SORTS = ["name", *(column.name for column in BUILT_IN), *FIELDS]


@pytest.fixture
def crowd(db: None) -> None:
    """75 people, some of them alike, some without what one may sort by."""
    now, tenant = timezone.now(), ConnectionFactory()
    companies = [None, CompanyFactory(name="beta"), CompanyFactory(name="Alpha")]
    for name, (kind, _values) in FIELDS.items():
        ContactFieldFactory(api_name=name, type=kind)
    for number in range(75):
        ContactFactory(
            name=f"Name {number % 7}",
            title=f"Title {number % 3}" if number % 4 else "",
            phone=f"+1 {number % 5}" if number % 3 else "",
            company=companies[number % 3],
            emails=[f"p{number:02}@northwind.example"] if number % 5 else [],
            connection=tenant if number % 6 else None,
            custom_fields={
                name: values[number % 3] for name, (_kind, values) in FIELDS.items() if number % 4
            },
            last_synced_at=now - timedelta(days=number % 6) if number % 6 else None,
        )


def link(html: str, words: str) -> str | None:
    """Where a link of the pages leads."""
    icon = "(?:<svg(?:(?!</svg>).)*</svg>)?"
    found = re.search(rf'<a class="btn"[^>]*href="([^"]*)"[^>]*>{icon}{words}', html, re.DOTALL)
    return unescape(found.group(1)) if found else None


def walk(client: Client, start: str, way: str) -> Iterator[list[Contact]]:
    """The contacts of one page after the other, as links lead from one to the next."""
    address: str | None = start
    while address:
        answer = client.get(URL + address)
        yield answer.context["page"].contacts
        address = link(answer.content.decode(), way)


@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_next_and_previous_find_everybody_once_in_order(agent_client: Client, crowd: None, sort: str) -> None:
    start = f"?tab=all&sort={sort}"
    expected = list(Listing.from_query(QueryDict(start[1:])).contacts())
    assert len(expected) == 75

    forward = [one for page in walk(agent_client, start, "Next") for one in page]
    backward = [one for page in walk(agent_client, start + "&before=end", "Previous") for one in page[::-1]]

    assert forward == expected
    assert backward == expected[::-1]


def test_numbers_are_sorted_as_numbers(agent_client: Client, crowd: None) -> None:
    page = agent_client.get(URL, {"sort": "cf_age", "size": "100"})
    ages = [one.custom_fields.get("cf_age") for one in page.context["page"].contacts]
    assert list(dict.fromkeys(ages)) == [9, 10, 100, None]


def test_a_page_says_which_rows_it_shows(agent_client: Client, crowd: None) -> None:
    first = agent_client.get(URL, {"tab": "all"})
    second = agent_client.get(URL + (link(first.content.decode(), "Next") or ""))
    third = agent_client.get(URL + (link(second.content.decode(), "Next") or ""))
    last = agent_client.get(URL, {"before": "end"})

    assert [len(rows(page)) for page in (first, second, third)] == [30, 30, 15]
    assert "1\N{EN DASH}30 of 75 contacts" in text(first)
    assert "31\N{EN DASH}60 of 75 contacts" in text(second)
    assert "61\N{EN DASH}75 of 75 contacts" in text(third)
    assert "46\N{EN DASH}75 of 75 contacts" in text(last)
    back = agent_client.get(URL + (link(third.content.decode(), "Previous") or ""))
    assert "31\N{EN DASH}60 of 75 contacts" in text(back)


def test_first_and_last_lead_to_the_ends(agent_client: Client, crowd: None) -> None:
    first = agent_client.get(URL, {"q": "name", "sort": "-name"}).content.decode()
    assert link(first, "Previous") is link(first, "First") is None
    last = agent_client.get(URL + (link(first, "Last") or "")).content.decode()
    assert link(last, "Next") is link(last, "Last") is None
    assert link(last, "First") == "?tab=all&q=name&sort=-name"


@pytest.mark.parametrize("size", [50, 100])
def test_more_rows_on_a_page(agent_client: Client, crowd: None, size: int) -> None:
    page = agent_client.get(URL, {"size": size})
    assert len(rows(page)) == min(size, 75)
    assert f"size={size}" in page.content.decode()


@pytest.mark.parametrize("size", ["0", "-1", "7", "1000000", "x"])
def test_a_size_that_is_not_offered_is_the_usual_one(agent_client: Client, crowd: None, size: str) -> None:
    assert len(rows(agent_client.get(URL, {"size": size}))) == SIZE


class TestPlacesThatAreGone:
    @pytest.mark.parametrize("place", ["x", "01900000-0000-7000-8000-000000000001"])
    @pytest.mark.parametrize("way", ["after", "before"])
    def test_the_first_page_and_a_note(self, agent_client: Client, crowd: None, way: str, place: str) -> None:
        page = agent_client.get(URL, {way: place, "row": "31"})
        assert len(rows(page)) == SIZE
        assert "The page of this address is gone. This is the first one." in text(page)
        assert "1\N{EN DASH}30 of 75 contacts" in text(page)

    def test_a_contact_that_left_the_tab_still_marks_its_place(
        self, agent_client: Client, crowd: None
    ) -> None:
        first = agent_client.get(URL, {"tab": "all"})
        edge = first.context["page"].contacts[-1]
        Contact.objects.filter(pk=edge.pk).update(deleted_at=timezone.now(), deleted_by="agent")
        second = agent_client.get(URL + (link(first.content.decode(), "Next") or ""))
        assert [one.pk for one in second.context["page"].contacts] == [
            one.pk for one in Listing().contacts()[29:59]
        ]

    def test_a_place_at_the_edge_with_nobody_behind(self, agent_client: Client) -> None:
        only = ContactFactory()
        page = agent_client.get(URL, {"after": only.pk})
        assert len(rows(page)) == 1
        assert "This is the first one." in text(page)


class TestCounts:
    """They are exact as far as it costs nothing to be exact."""

    @pytest.fixture(autouse=True)
    def few_are_many(self, monkeypatch: pytest.MonkeyPatch, crowd: None) -> None:
        monkeypatch.setattr(lists, "CAP", 50)

    def test_more_than_that_is_said_with_a_plus(self, agent_client: Client) -> None:
        page = agent_client.get(URL, {"tab": "all"})
        assert "All 50+ Suspended 0 Deleted 0" in text(page)
        assert "1\N{EN DASH}30 of 50+ contacts" in text(page)

    def test_the_last_page_does_not_pretend_to_know_its_number(self, agent_client: Client) -> None:
        last = agent_client.get(URL, {"before": "end"})
        assert "Pages 50+ contacts" in text(last) or " 50+ contacts" in text(last)
        assert "\N{EN DASH}75" not in text(last)

    @pytest.mark.parametrize("sort", ["department", "-synced", "updated", "cf_age"])
    def test_an_order_that_no_index_serves_is_refused_beyond_its_bound(
        self, agent_client: Client, monkeypatch: pytest.MonkeyPatch, sort: str
    ) -> None:
        monkeypatch.setattr(rows_module, "SORTED_AT_MOST", 60)
        page = agent_client.get(URL, {"sort": sort})
        assert "Sorted by name: this column sorts at most 2,000 contacts." in text(page)
        assert page.context["page"].contacts == list(Listing().contacts()[:SIZE])
        assert 'aria-sort="ascending"' in page.content.decode()
        narrowed = agent_client.get(URL, {"sort": sort, "q": "p0"})
        assert "Sorted by name" not in text(narrowed)


class TestMoreMatchesThanAreKnown:
    """A search that finds many, as most of a million contacts would be."""

    CUT = "Many match, and are sorted among the first 1,000 found."

    @pytest.fixture(autouse=True)
    def many(self, monkeypatch: pytest.MonkeyPatch, crowd: None) -> None:
        monkeypatch.setattr(matches, "SAMPLE", 40)

    @pytest.mark.parametrize("sort", ["name", "-name", "company", "-email", "created"])
    def test_near_the_page_they_are_exact(self, agent_client: Client, sort: str) -> None:
        start = f"?tab=all&q=name&sort={sort}"
        expected = list(Listing.from_query(QueryDict(start[1:])).contacts())
        pages = walk(agent_client, start, "Next")
        assert next(pages) + next(pages) == expected[: 2 * SIZE]
        assert self.CUT not in text(agent_client.get(URL + start))

    def test_far_from_it_a_sample_is_sorted_and_the_page_says_so(
        self, agent_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rows_module, "WINDOW", 5)
        page = agent_client.get(URL, {"q": "name"})
        names = [one.name for one in page.context["page"].contacts]
        assert len(names) == SIZE
        assert names == sorted(names)
        assert self.CUT in text(page)

    def test_a_tab_in_which_few_of_the_sample_are_has_one_of_its_own(
        self, agent_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rows_module, "WINDOW", 5)
        last = Contact.objects.order_by("-pk").values("pk")[:3]
        Contact.objects.filter(pk__in=[one["pk"] for one in last]).update(
            deleted_at=timezone.now(), deleted_by="agent"
        )
        page = agent_client.get(URL, {"tab": "deleted", "q": "name"})
        assert len(rows(page)) == 3
