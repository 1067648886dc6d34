"""Asking for users: order, search by POST, pages by index and by cursor (RFC 7644 3.4.2, 3.4.3; RFC 9865)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from deskscim.provisioning.models import LogEntry
from tests.factories import ContactFactory, ContactFieldFactory

from .conftest import CORE, CUSTOM, ENTERPRISE, Scim, refusal

pytestmark = pytest.mark.django_db

SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def names(answer: Any) -> list[str]:
    """The displayNames of a list."""
    assert answer.status_code == 200, answer.content
    return [one["displayName"] for one in answer.json()["Resources"]]


def listed(scim: Scim, **parameters: object) -> Any:
    """GET /Users with these parameters."""
    return scim.get(f"/Users?{urlencode(parameters)}")


def pages(scim: Scim, **parameters: object) -> Iterator[list[str]]:
    """Each page of a walk by cursor."""
    cursor: str | None = ""
    while cursor is not None:
        answer = listed(scim, cursor=cursor, **parameters)
        yield names(answer)
        cursor = answer.json().get("nextCursor")


@pytest.fixture
def team(scim: Scim) -> list[str]:
    """Five people whose names, titles and ids are each in another order."""
    people = {"cid": "Cook", "Ann": "baker", "eve": "Baker", "Bob": None, "Dot": "actor"}
    for name, title in people.items():
        scim.created(login=name.lower(), displayName=name, title=title)
    return list(people)


class TestSort:
    @pytest.mark.parametrize(
        ("sort_by", "expected"),
        [
            ("displayName", ["Ann", "Bob", "cid", "Dot", "eve"]),
            ("USERNAME", ["Ann", "Bob", "cid", "Dot", "eve"]),
            (f"{CORE}:emails", ["Ann", "Bob", "cid", "Dot", "eve"]),
            ("title", ["Dot", "Ann", "eve", "cid", "Bob"]),
            ("meta.created", ["cid", "Ann", "eve", "Bob", "Dot"]),
            (f"{ENTERPRISE}:department", ["cid", "Ann", "eve", "Bob", "Dot"]),
        ],
    )
    def test_by_an_attribute(self, scim: Scim, team: list[str], sort_by: str, expected: list[str]) -> None:
        """RFC 7644 3.4.2.3."""
        assert names(listed(scim, sortBy=sort_by)) == expected
        assert names(listed(scim, sortBy=sort_by, sortOrder="ascending")) == expected
        assert names(listed(scim, sortBy=sort_by, sortOrder="descending")) == expected[::-1]

    def test_by_a_contact_field(self, scim: Scim) -> None:
        """R10: decimals as numbers."""
        ContactFieldFactory(api_name="cf_rate", type="decimal")
        for rate in ("10", "9.5", "-3"):
            scim.created(displayName=rate, **{CUSTOM: {"cf_rate": rate}})
        assert names(listed(scim, sortBy=f"{CUSTOM}:cf_rate")) == ["-3", "9.5", "10"]

    def test_with_filter_and_pages(self, scim: Scim, team: list[str]) -> None:
        """One order across the pages."""
        asked: dict[str, Any] = {"sortBy": "title", "filter": "title pr", "count": 2}
        first, second = (listed(scim, startIndex=start, **asked) for start in (1, 3))
        assert (names(first), names(second)) == (["Dot", "Ann"], ["eve", "cid"])
        assert first.json()["totalResults"] == second.json()["totalResults"] == 4

    @pytest.mark.parametrize(
        ("parameters", "scim_type"),
        [
            ({"sortBy": "favourite"}, "invalidPath"),
            ({"sortBy": "name"}, "invalidPath"),
            ({"sortBy": "title,userName"}, "invalidPath"),
            ({"sortBy": "title", "sortOrder": "up"}, "invalidValue"),
            ({"sortOrder": "up"}, "invalidValue"),
        ],
    )
    def test_refused(self, scim: Scim, parameters: dict[str, str], scim_type: str) -> None:
        """RFC 7644 3.12."""
        assert refusal(listed(scim, **parameters)) == (400, scim_type)


@pytest.mark.parametrize("path", ["/Users/.search", "/.search", "/Users/.search/", "/.search/"])
class TestSearch:
    def test_as_get(self, scim: Scim, team: list[str], path: str) -> None:
        """RFC 7644 3.4.3: the same answer to the same question."""
        asked: dict[str, Any] = {
            "filter": "title pr",
            "sortBy": "title",
            "sortOrder": "descending",
            "startIndex": 2,
            "count": 2,
        }
        body = {"schemas": [SEARCH_REQUEST], **asked, "attributes": ["displayName", f"{CORE}:title"]}
        answer = scim.send("POST", path, body)
        assert answer.json() == listed(scim, **asked, attributes="displayName,title").json()
        assert names(answer) == ["eve", "Ann"]

    def test_names_in_any_case(self, scim: Scim, team: list[str], path: str) -> None:
        """R8."""
        body = {"SCHEMAS": [SEARCH_REQUEST], "FILTER": "title pr", "sortby": "title", "Count": 1}
        assert names(scim.send("POST", path, body)) == ["Dot"]

    def test_without_members_everybody(self, scim: Scim, other: Scim, team: list[str], path: str) -> None:
        """R4: whom this connection holds."""
        other.created()
        answer = scim.send("POST", path, {"excludedAttributes": ["emails"]})
        assert sorted(names(answer)) == sorted(team)
        assert not any("emails" in one for one in answer.json()["Resources"])

    def test_by_cursor(self, scim: Scim, team: list[str], path: str) -> None:
        """RFC 9865 3: and its cursor is a GET's too."""
        first = scim.send("POST", path, {"cursor": "", "count": 3, "sortBy": "displayName"})
        second = {"cursor": first.json()["nextCursor"], "count": 3, "sortBy": "displayName"}
        assert names(first) == ["Ann", "Bob", "cid"]
        assert names(scim.send("POST", path, second)) == names(listed(scim, **second)) == ["Dot", "eve"]

    @pytest.mark.parametrize(
        ("body", "status", "scim_type"),
        [
            ({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}, 400, "invalidSyntax"),
            ({"filter": "broken"}, 400, "invalidFilter"),
            ({"filter": ""}, 400, "invalidFilter"),
            ({"filter": 5}, 400, "invalidSyntax"),
            ({"count": "x"}, 400, "invalidValue"),
            ({"attributes": "userName"}, 400, "invalidSyntax"),
            ({"attributes": ["id"], "excludedAttributes": ["title"]}, 400, "invalidValue"),
            ({"sortBy": "favourite"}, 400, "invalidPath"),
            ([], 400, "invalidSyntax"),
            (b"{", 400, "invalidSyntax"),
            (b"", 400, "invalidSyntax"),
        ],
    )
    def test_refused(self, scim: Scim, path: str, body: object, status: int, scim_type: str) -> None:
        """RFC 7644 3.12; the log says that something was asked, not that somebody was to be created."""
        assert refusal(scim.send("POST", path, body)) == (status, scim_type)
        assert LogEntry.objects.get().action == "nothing"

    @pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
    def test_takes_post_only(self, scim: Scim, path: str, method: str) -> None:
        """405 with the verb."""
        answer = scim.send(method, path, {})
        assert refusal(answer) == (405, "")
        assert answer.headers["Allow"] == "POST"

    def test_it_reads(self, scim: Scim, team: list[str], path: str) -> None:
        """No line in the log, no transaction, no write."""
        before = LogEntry.objects.count()
        with CaptureQueriesContext(connection) as captured:
            scim.send("POST", path, {"filter": "title pr"})
        assert LogEntry.objects.count() == before
        assert all(query["sql"].startswith("SELECT") for query in captured)

    def test_needs_a_token(self, scim: Scim, path: str) -> None:
        """R2."""
        assert scim.send("POST", path, {}, Authorization="").status_code == 401


class TestCursor:
    def test_a_walk(self, scim: Scim, other: Scim, team: list[str]) -> None:
        """RFC 9865 2: nextCursor until the last page, everybody once, in the order of the list."""
        other.created()
        assert list(pages(scim, count=2)) == [["cid", "Ann"], ["eve", "Bob"], ["Dot"]]
        assert list(pages(scim, count=5)) == [team]
        assert list(pages(scim)) == [team]
        assert list(pages(scim, filter='userName sw "nobody"')) == [[]]

    @pytest.mark.parametrize("order", ["ascending", "descending"])
    @pytest.mark.parametrize("sort_by", ["title", "userName", "meta.lastModified", "active", "emails"])
    @pytest.mark.parametrize("count", [1, 2])
    def test_a_walk_in_order(self, scim: Scim, team: list[str], sort_by: str, order: str, count: int) -> None:
        """The same as in one page, equal and missing values included."""
        whole = names(listed(scim, sortBy=sort_by, sortOrder=order))
        walked = pages(scim, sortBy=sort_by, sortOrder=order, count=count)
        assert [name for page in walked for name in page] == whole

    def test_the_answer(self, scim: Scim, team: list[str]) -> None:
        """No startIndex; a total only where it is known without counting (RFC 9865 2)."""
        page = listed(scim, cursor="", count=2).json()
        assert page.keys() == {"schemas", "itemsPerPage", "nextCursor", "Resources"}
        assert page["itemsPerPage"] == 2
        only = listed(scim, cursor="", count=10).json()
        assert only.keys() == {"schemas", "totalResults", "itemsPerPage", "Resources"}
        assert only["totalResults"] == 5

    def test_nothing_is_counted_or_skipped(self, scim: Scim, team: list[str]) -> None:
        """A page costs the token, the contacts and their addresses, however far it is."""
        second = listed(scim, cursor="", count=2, filter="userName pr").json()["nextCursor"]
        for cursor in ("", second):
            with CaptureQueriesContext(connection) as captured:
                listed(scim, cursor=cursor, count=2, filter="userName pr")
            assert len(captured) <= 3
            assert not any("COUNT" in query["sql"] or "OFFSET" in query["sql"] for query in captured)

    @pytest.mark.parametrize("sort_by", ["", "displayName", "title", "meta.lastModified"])
    def test_while_the_table_changes(self, scim: Scim, sort_by: str) -> None:
        """Whoever is not touched comes once, though others come, go and move."""
        people = {name: scim.created(login=name, displayName=name, title=name) for name in "bdfhjlnp"}
        parameters = {"sortBy": sort_by} if sort_by else {}
        walk = pages(scim, count=2, **parameters)
        seen = next(walk)
        scim.created(login="a", displayName="a", title="a")
        scim.created(login="z", displayName="z", title="z")
        scim.delete(people["b"].pk)
        scim.replace(people["d"].pk, "displayName", "y")
        scim.replace(people["j"].pk, "title", "0")
        seen += [name for page in walk for name in page]
        assert [name for name in seen if name in "fhlnp"] == list("fhlnp")

    def test_the_last_row_may_go(self, scim: Scim, team: list[str]) -> None:
        """A cursor is a place in the order, not a row."""
        page = listed(scim, cursor="", count=2, sortBy="displayName").json()
        scim.delete(page["Resources"][1]["id"])
        assert names(listed(scim, cursor=page["nextCursor"], count=2, sortBy="displayName")) == ["cid", "Dot"]

    @pytest.mark.parametrize(
        "changed",
        [
            {"filter": "title pr"},
            {"filter": ""},
            {"sortBy": "title"},
            {"sortBy": "userName", "sortOrder": "descending"},
        ],
    )
    def test_of_another_query(self, scim: Scim, team: list[str], changed: dict[str, str]) -> None:
        """RFC 9865 2: all but the cursor stays the same."""
        asked = {"filter": "userName pr", "sortBy": "userName", "count": 2}
        cursor = listed(scim, cursor="", **asked).json()["nextCursor"]
        expected = "invalidFilter" if changed == {"filter": ""} else "invalidCursor"
        assert refusal(listed(scim, cursor=cursor, **asked | changed)) == (400, expected)

    def test_of_another_connection(self, scim: Scim, other: Scim, team: list[str]) -> None:
        """R4."""
        cursor = listed(scim, cursor="", count=2).json()["nextCursor"]
        assert refusal(listed(other, cursor=cursor, count=2)) == (400, "invalidCursor")

    def test_another_count_goes_on_from_there(self, scim: Scim, team: list[str]) -> None:
        """A cursor says where, not how many."""
        cursor = listed(scim, cursor="", count=2).json()["nextCursor"]
        assert names(listed(scim, cursor=cursor, count=50)) == ["eve", "Bob", "Dot"]

    @pytest.mark.parametrize("cursor", ["x", "%00", "%F0%9F%98%80", "AAAA", "A" * 3000, "null", "-1", "'"])
    def test_garbage(self, scim: Scim, cursor: str) -> None:
        """RFC 9865 2.1."""
        assert refusal(scim.get(f"/Users?cursor={cursor}")) == (400, "invalidCursor")

    @pytest.mark.parametrize("count", ["x", "-1", "1.5", "", "9" * 5000])
    def test_a_count_that_is_none(self, scim: Scim, count: str) -> None:
        """RFC 9865 2.1."""
        assert refusal(listed(scim, cursor="", count=count)) == (400, "invalidCount")

    def test_no_page_but_the_total(self, scim: Scim, team: list[str]) -> None:
        """count=0, as with an index."""
        body = listed(scim, cursor="", count=0, filter="title pr").json()
        assert (body["totalResults"], body["itemsPerPage"], body["Resources"]) == (4, 0, [])

    def test_not_beside_an_index(self, scim: Scim) -> None:
        """RFC 9865 2.3: one method or the other."""
        assert refusal(listed(scim, cursor="", startIndex=1)) == (400, "invalidValue")

    def test_without_either_the_index(self, scim: Scim, team: list[str]) -> None:
        """What clients of RFC 7644 expect (RFC 9865 2.5)."""
        body = listed(scim, count=2).json()
        assert (body["startIndex"], body["totalResults"]) == (1, 5)
        assert "nextCursor" not in body


class TestAttributes:
    def test_both_lists_at_once(self, scim: Scim) -> None:
        """RFC 7644 3.4.2.5: mutually exclusive; nothing is written."""
        query = "?attributes=userName&excludedAttributes=title"
        contact = scim.created(title="Cook")
        assert refusal(scim.get(f"/Users{query}")) == (400, "invalidValue")
        patch = {"Operations": [{"op": "replace", "path": "title", "value": "Chef"}]}
        assert refusal(scim.send("PATCH", f"/Users/{contact.pk}{query}", patch)) == (400, "invalidValue")
        assert Contact.objects.get(pk=contact.pk).title == "Cook"

    @pytest.mark.parametrize(
        "nothing", ["attributes=&excludedAttributes=title", "attributes=title&excludedAttributes=,"]
    )
    def test_an_empty_list_is_no_list(self, scim: Scim, nothing: str) -> None:
        """As clients that always send both names do."""
        assert scim.get(f"/Users?{nothing}").status_code == 200

    def test_of_an_extension(self, scim: Scim) -> None:
        """RFC 7644 3.10: whole, or one of its attributes."""
        ContactFieldFactory(api_name="cf_a")
        ContactFieldFactory(api_name="cf_b")
        contact = scim.created(**{CUSTOM: {"cf_a": "1", "cf_b": "2"}})
        shown = [
            scim.get(f"/Users/{contact.pk}?attributes={quote(name)}").json()
            for name in (CUSTOM, f"{CUSTOM}:CF_A")
        ]
        assert [one[CUSTOM] for one in shown] == [{"cf_a": "1", "cf_b": "2"}, {"cf_a": "1"}]


def test_primary_is_what_is_shown(scim: Scim) -> None:
    """R20: as Entra said it, though the helpdesk needs a primary address."""
    work = {"type": "work", "value": "ann@northwind.example"}
    scim.created(displayName="Ann", emails=[{**work, "primary": False}])
    assert scim.find("emails[primary eq true]") == []
    (found,) = scim.find("emails[primary eq false]")
    assert found["emails"] == [{**work, "primary": False}]
    home = {"type": "home", "value": "a@northwind.example", "primary": True}
    scim.created(displayName="Bob", emails=[{"type": "work", "value": "z@northwind.example"}, home])
    assert names(listed(scim, sortBy="emails", filter="emails pr")) == ["Bob", "Ann"]


def test_unlinked_contacts_are_in_no_list(scim: Scim, team: list[str]) -> None:
    """R4: whatever the order and the way of paging."""
    ContactFactory(name="Zed")
    assert "Zed" not in names(listed(scim, sortBy="displayName"))
    assert "Zed" not in [name for page in pages(scim, count=3) for name in page]
