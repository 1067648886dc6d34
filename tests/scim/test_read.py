"""GET: ids, filters in every spelling, paging, chosen attributes (R1, R4, R8, R13, R29)."""

from typing import Any
from urllib.parse import quote

import pytest

from contacts import lifecycle
from contacts.models import Contact
from tests.factories import ContactFactory, ContactFieldFactory

from .conftest import CORE, CUSTOM, ENTERPRISE, Scim, by_agent, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(scim: Scim) -> Contact:
    """Ann, beside somebody else."""
    scim.created(login="bea")
    return scim.created(
        externalId="e1",
        userName="ann+x@northwind.example",
        title="Cook",
        emails=[{"type": "work", "value": "ann@mail.example", "primary": True}],
        phoneNumbers=[{"type": "work", "value": "1"}],
        **{ENTERPRISE: {"department": "Ice", "employeeNumber": "7"}},
    )


def ids(answer: Any) -> list[str]:
    """Whom a list names; its numbers must fit."""
    body = answer.json()
    assert answer.status_code == 200, body
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    assert body["itemsPerPage"] == len(body["Resources"])
    return [one["id"] for one in body["Resources"]]


class TestById:
    @pytest.mark.parametrize("suffix", ["", "/", "?aadOptscim062020", "/?aadOptscim062020=", "?x=1&x=2&=&"])
    def test_found(self, scim: Scim, ann: Contact, suffix: str) -> None:
        """R1: a slash, Entra's flag and other parameters change nothing."""
        answer = scim.get(f"/Users/{ann.pk}{suffix}")
        assert (answer.status_code, answer.json()["id"]) == (200, str(ann.pk))
        assert answer.headers["Location"].endswith(f"/entra/Users/{ann.pk}")

    @pytest.mark.parametrize(
        "user_id",
        [
            "00000000-0000-0000-0000-000000000001",
            "no-such-user",
            "999999999999999999999999",
            "0",
            "-1",
            "%00",
            "%FF",
            "%20",
            "..",
            "null",
            "a" * 3000,
            "%F0%9F%98%80",
            quote("' OR 1=1 --"),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
    def test_not_found(self, scim: Scim, method: str, user_id: str) -> None:
        """404, whatever the id looks like."""
        assert refusal(scim.send(method, f"/Users/{user_id}", {})) == (404, "")

    @pytest.mark.parametrize("path", ["/Users/{}", "/Users", "/ServiceProviderConfig", "/Schemas", "/Groups"])
    def test_head(self, scim: Scim, ann: Contact, path: str) -> None:
        """RFC 9110 9.3.2: as GET, without the body."""
        got, head = (scim.send(method, path.format(ann.pk)) for method in ("GET", "HEAD"))
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Type"] == "application/scim+json"
        assert head.headers["Content-Length"] == str(len(got.content))

    def test_two_slashes(self, scim: Scim, ann: Contact) -> None:
        """R1: a Tenant URL pasted with a slash at its end."""
        assert scim.get(f"//Users/{ann.pk}").status_code == 200
        assert scim.get("//ServiceProviderConfig").status_code == 200

    @pytest.mark.parametrize("how", ["disabled", "deleted by an agent", "suspended"])
    def test_contacts_of_other_tabs_are_still_found(self, scim: Scim, ann: Contact, how: str) -> None:
        """R29, R35: inactive when deleted, active when suspended."""
        if how == "disabled":
            scim.replace(ann.pk, "active", False)
        else:
            by_agent(lifecycle.suspend if how == "suspended" else lifecycle.soft_delete, ann)
        found = [
            scim.read(ann.pk),
            *scim.find('externalId eq "e1"'),
            *scim.find('userName eq "ann+x@northwind.example"'),
        ]
        assert [one["active"] for one in found] == [how == "suspended"] * 3
        assert str(ann.pk) in ids(scim.get("/Users"))


class TestFilter:
    @pytest.mark.parametrize(
        "query",
        [
            'filter=externalId+eq+"e1"',
            "filter=externalId+eq+%22e1%22",
            "filter=externalId%20eq%20%22e1%22",
            'aadOptscim062020&filter=externalId+eq+"e1"',
            'filter=externalId+eq+"e1"&aadOptscim062020',
            "filter=externalId+eq+e1",
            "filter=++externalId++eq++%22e1%22++",
            "filter=ExternalID+Eq+%22e1%22",
            f"filter={CORE}:externalId+eq+%22e1%22",
            f"filter={quote(CORE.upper())}%3AexternalID+EQ+%22e1%22",
            "filter=(externalId+eq+%22e1%22)",
            "filter=externalId%20eq%20%22%5Cu0065%31%22",
            "filter=userName+eq+%22ann%2Bx%40northwind.example%22",
            "filter=userName+eq+%22ANN%2BX@Northwind.example%22",
            "filter=USERNAME%20EQ%20%22ann%2Bx%40northwind.example%22",
            "filter=userName+eq+ann%2Bx@northwind.example",
            'filter=emails[type+eq+"work"].value+eq+"ann@mail.example"',
            "filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22Ann%40MAIL.example%22",
            "filter=emails%5btype+eq+%22Work%22%5d.Value+eq+%22ann%40mail.example%22",
            "filter=emails%5Btype+eq+work%5D.value+eq+ann@mail.example",
            "filter=emails[type+eq+%22work%22+and+value+eq+%22ann@mail.example%22]",
            "filter=emails[primary+eq+true].value+eq+%22ann@mail.example%22",
            "filter=emails[primary+eq+%22True%22].value+eq+%22ann@mail.example%22",
            "filter=emails.value+eq+%22ann@mail.example%22",
            "filter=emails+eq+%22ann@mail.example%22",
            "filter=externalId+eq+%22e1%22+and+userName+eq+%22ann%2Bx%40northwind.example%22",
            "filter=userName+eq+%22ann%2Bx%40northwind.example%22+AND+externalId+eq+%22e1%22+and+active+eq+true",
            "filter=externalId+eq+%22e1%22+and+emails[type+eq+%22work%22].value+eq+%22ann@mail.example%22",
            "filter=title+eq+%22cook%22",
            f"filter={ENTERPRISE}:employeeNumber+eq+%227%22",
            f"filter={ENTERPRISE}:employeeNumber+eq+7",
            "filter=phoneNumbers[type+eq+%22work%22].value+eq+%221%22",
        ],
    )
    def test_one(self, scim: Scim, ann: Contact, query: str) -> None:
        """R8, R13: every encoding and spelling that arrives."""
        assert ids(scim.get(f"/Users?{query}")) == [str(ann.pk)]
        assert ids(scim.get(f"/Users/?{query}")) == [str(ann.pk)]

    @pytest.mark.parametrize(
        "condition",
        [
            'externalId eq "E1"',
            'externalId eq "e"',
            'externalId eq ""',
            'externalId eq "e1 "',
            'externalId eq "%"',
            'externalId eq "e_"',
            'userName eq "ann x@northwind.example"',
            'userName eq "nobody"',
            'emails[type eq "work"].value eq "ann+x@northwind.example"',
            'emails[type eq "home"].value eq "ann@mail.example"',
            'emails[type eq "fax"].value eq "ann@mail.example"',
            'externalId eq "e1" and userName eq "bea@northwind.example"',
            'externalId eq "nobody" and userName eq "ann+x@northwind.example"',
            'id eq "no-uuid"',
            'id eq "00000000-0000-0000-0000-000000000001"',
            'manager eq "4711"',
            f'{ENTERPRISE}:manager eq "4711"',
            'nickName eq "Ann"',
            'addresses[type eq "work"].country eq "PT"',
            'active eq false and externalId eq "e1"',
        ],
    )
    def test_nobody(self, scim: Scim, ann: Contact, condition: str) -> None:
        """R13: a miss is 200 with an empty list."""
        assert scim.find(condition) == []

    @pytest.mark.parametrize("order", ["id {} and manager {}", "manager {} and id {}"])
    def test_entras_question_for_a_reference(self, scim: Scim, ann: Contact, order: str) -> None:
        """REPORT 1.2, row 6: nobody has a manager here."""
        first, second = (ann.pk, "x") if order.startswith("id") else ("x", ann.pk)
        condition = order.format(f'eq "{first}"', f'eq "{second}"')
        assert ids(scim.get(f"/Users?filter={quote(condition)}&attributes=id")) == []
        assert ids(scim.get(f"/Users?filter=id+eq+%22{ann.pk}%22&attributes=id")) == [str(ann.pk)]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "   ",
            "userName",
            "userName eq",
            'userName xx "a"',
            '(userName eq "a"',
            'userName eq "a")',
            'userName eq "a" userName eq "b"',
            'userName eq "a" and',
            'and userName eq "a"',
            'userName eq "a',
            "userName eq a b",
            'unknown eq "a"',
            'unknown[type eq "a"].value eq "b"',
            'emails[type eq "work".value eq "a"',
            'emails[].value eq "a"',
            'name eq "a"',
            "userName eq true",
            "userName gt 5.5",
            'active gt "true"',
            'active eq "yes"',
            "not (nickName eq 1)",
            "nickName ne 1",
            'meta.created eq "yesterday"',
            'userName eq "\\ud800"',
            'userName eq "\x00"',
            'userName eq "\\u0000"',
            'userName eq "\\x"',
            'externalId eq "e1" or 1=1',
            "e1",
            "*",
            '"e1"',
            '\\"',
            "emails[emails[type eq 1]]",
            "urn:ietf:params:scim:schemas:core:2.0:User",
            CUSTOM + ':cf_unknown eq "a"',
        ],
    )
    def test_refused(self, scim: Scim, ann: Contact, text: str) -> None:
        """R13: what cannot be read is 400 invalidFilter; never a list of everybody."""
        answer = scim.get(f"/Users?filter={quote(text)}")
        assert refusal(answer) == (400, "invalidFilter")

    @pytest.mark.parametrize(
        "text",
        [
            "(" * 2000,
            "not (" * 300 + 'userName eq "a"' + ")" * 300,
            'userName eq "' + "a" * 5000 + '"',
            " and ".join(['userName eq "a"'] * 300),
        ],
    )
    def test_too_long_or_too_deep(self, scim: Scim, ann: Contact, text: str) -> None:
        """RFC 7644 3.12: beyond the limits of a filter."""
        assert refusal(scim.get(f"/Users?filter={quote(text)}")) == (400, "tooMany")

    @pytest.mark.parametrize(
        "text",
        [
            "(" * 16 + 'externalId eq "e1"' + ")" * 16,
            " or ".join(['emails.value eq "ann@mail.example"'] * 100),
        ],
    )
    def test_long_but_sound(self, scim: Scim, ann: Contact, text: str) -> None:
        """Depth and length alone are no fault."""
        assert ids(scim.get(f"/Users?filter={quote(text)}")) == [str(ann.pk)]

    @pytest.mark.parametrize("query", ["filter", "filter=", 'filter=externalId eq "e1"&filter='])
    def test_an_empty_filter_is_no_list_of_everybody(self, scim: Scim, ann: Contact, query: str) -> None:
        """R13."""
        assert refusal(scim.get(f"/Users?{query}")) == (400, "invalidFilter")

    def test_an_address_of_the_helpdesk_is_not_found(self, scim: Scim) -> None:
        """R23: nor is the one that a userName became (R16), until Entra sends it as an e-mail."""
        scim.created(login="ann", emails=None)
        assert scim.find('emails[type eq "work"].value eq "ann@northwind.example"') == []
        assert len(scim.find('userName eq "ann@northwind.example"')) == 1

    def test_no_filter_reaches_another_connections_people(self, scim: Scim, other: Scim) -> None:
        """R4: not even one that is true of everybody."""
        other.created(login="ann", externalId="e1")
        ContactFactory(emails=["zoe@northwind.example"])
        for condition in (
            "userName pr",
            'id ne "x"',
            'not (userName eq "x")',
            'externalId eq "e1"',
            'emails.value co "@"',
        ):
            assert scim.find(condition) == [], condition

    def test_values_with_quotes_and_backslashes(self, scim: Scim) -> None:
        """R13: escaped as in JSON."""
        name = "a\"b\\c'd@x.example"
        contact = scim.created(userName=name, emails=None)
        found = scim.find('userName eq "a\\"b\\\\c\'d@x.example"')
        assert [one["id"] for one in found] == [str(contact.pk)]

    def test_user_names_compare_across_unicode_forms(self, scim: Scim) -> None:
        """R8: NFC and casefold; the name itself stays as sent (R20)."""
        scim.created(userName="Stra\u00dfe\u0301@x.example", emails=None)
        found = scim.find('userName eq "STRASS\u00c9@X.example"')
        assert [one["userName"] for one in found] == ["Stra\u00dfe\u0301@x.example"]

    def test_a_custom_field(self, scim: Scim) -> None:
        """R10."""
        ContactFieldFactory(api_name="cf_code")
        contact = scim.created(**{CUSTOM: {"cf_code": "A1"}})
        scim.created(**{CUSTOM: {"cf_code": "B1"}})
        found = scim.find(f'{CUSTOM}:cf_code eq "A1"')
        assert [one["id"] for one in found] == [str(contact.pk)]


class TestPaging:
    @pytest.fixture
    def five(self, scim: Scim) -> list[str]:
        """Five people, in the order of the list."""
        return sorted(str(scim.created().pk) for _ in range(5))

    @pytest.mark.parametrize(
        ("query", "start", "expected"),
        [
            ("", 1, slice(0, 5)),
            ("startIndex=1&count=2", 1, slice(0, 2)),
            ("startIndex=3&count=2", 3, slice(2, 4)),
            ("startIndex=5&count=2", 5, slice(4, 5)),
            ("count=5", 1, slice(0, 5)),
            ("startIndex=6", 6, slice(5, 5)),
            ("startIndex=900001&count=5", 900001, slice(5, 5)),
            ("startIndex=0&count=2", 1, slice(0, 2)),
            ("startIndex=-7&count=2", 1, slice(0, 2)),
            ("startIndex=2&count=0", 2, slice(0, 0)),
            ("count=0", 1, slice(0, 0)),
            ("count=-1", 1, slice(0, 0)),
            ("count=100000", 1, slice(0, 5)),
            ("filter=userName+pr&startIndex=2&count=1", 2, slice(1, 2)),
        ],
    )
    def test_a_page(self, scim: Scim, five: list[str], query: str, start: int, expected: slice) -> None:
        """RFC 7644 3.4.2.4: 1-based, the total always whole."""
        answer = scim.get(f"/Users?{query}")
        assert ids(answer) == five[expected]
        assert (answer.json()["startIndex"], answer.json()["totalResults"]) == (start, 5)

    def test_pages_cover_everybody_once(self, scim: Scim, five: list[str]) -> None:
        """A stable order."""
        pages = [ids(scim.get(f"/Users?startIndex={start}&count=2")) for start in (1, 3, 5)]
        assert [one for page in pages for one in page] == five

    @pytest.mark.parametrize("text", ["a", "1.5", "", "1e3", "0x1", "9" * 5000, "%00", "null"])
    @pytest.mark.parametrize("name", ["startIndex", "count"])
    def test_what_is_no_number(self, scim: Scim, name: str, text: str) -> None:
        """400, never a default."""
        assert refusal(scim.get(f"/Users?{name}={text}")) == (400, "invalidValue")

    @pytest.mark.parametrize("number", ["99999999999999999999", "-99999999999999999999"])
    def test_numbers_beyond_any_table(self, scim: Scim, five: list[str], number: str) -> None:
        """Not even a database's own limits show."""
        for name in ("startIndex", "count"):
            assert scim.get(f"/Users?{name}={number}").json()["totalResults"] == 5


class TestAttributes:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("attributes=userName", {"userName"}),
            ("attributes=USERNAME,externalid", {"userName", "externalId"}),
            ("attributes=userName%2C%20title", {"userName", "title"}),
            ("attributes=name.givenName", {"name"}),
            (f"attributes={CORE}:userName", {"userName"}),
            (f"attributes={ENTERPRISE}:department", {ENTERPRISE}),
            (f"attributes={ENTERPRISE}", {ENTERPRISE}),
            ("attributes=unknown", set()),
            ("attributes=emails[type eq 1]", set()),
            ("attributes=emails.value", {"emails"}),
            ("attributes=meta.location", {"meta"}),
        ],
    )
    def test_only_these(self, scim: Scim, ann: Contact, query: str, names: set[str]) -> None:
        """RFC 7644 3.9: and what is always returned."""
        assert scim.get(f"/Users/{ann.pk}?{query}").json().keys() == {"schemas", "id"} | names
        listed = scim.get(f"/Users?filter=externalId+eq+e1&{query}").json()["Resources"]
        assert [one.keys() for one in listed] == [{"schemas", "id"} | names]

    @pytest.mark.parametrize(
        ("query", "gone"),
        [
            ("excludedAttributes=phoneNumbers,title", {"phoneNumbers", "title"}),
            ("excludedAttributes=TITLE", {"title"}),
            ("excludedAttributes=id,schemas", set()),
            ("excludedAttributes=members", set()),
            ("excludedAttributes=", set()),
            ("attributes=", set()),
            ("attributes=,", set()),
        ],
    )
    def test_all_but_these(self, scim: Scim, ann: Contact, query: str, gone: set[str]) -> None:
        """RFC 7644 3.9; `id` and `schemas` stay."""
        whole = scim.read(ann.pk)
        assert scim.get(f"/Users/{ann.pk}?{query}").json() == {
            k: v for k, v in whole.items() if k not in gone
        }


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html", "", "application/scim+json;q=0"])
def test_every_answer_is_scim_json(scim: Scim, accept: str) -> None:
    """R6: whatever the client accepts."""
    for path in ("/Users", "/Users/x", "/Schemas"):
        answer = scim.send("GET", path, Accept=accept)
        assert answer.headers["Content-Type"] == "application/scim+json"
