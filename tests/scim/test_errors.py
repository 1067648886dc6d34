"""Requests that are wrong in every way: SCIM errors, and nothing is changed (R2, R6, RFC 7644 3.12)."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from contacts.models import Contact
from deskscim.provisioning.models import LogEntry
from tests.factories import ContactFieldFactory

from .conftest import CUSTOM, ENTERPRISE, WORK, Scim, fresh, person, refusal

Rows = Mapping[str, list[tuple[Any, ...]]]
BOOKKEEPING = {"provisioning_logentry", "provisioning_token"}

NOT_JSON = [
    b"",
    b" ",
    b"{",
    b'{"userName": "x',
    b"{'userName': 'x'}",
    b'{"userName": x}',
    b'{"userName": "x",}',
    b"{}{}",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": 01}',
    b'{"a": "\x00"}',
    b'{"a": "\xff"}',
    b'{"a": "\xed\xa0\x80"}',
    b'{"userName": "\\ud800"}',
    b'{"\\udc00": 1}',
    b'{"userName": "\\u12"}',
    b"\xef\xbb\xbf{}",
    '{"userName": "x"}'.encode("utf-16"),
    b"userName=x",
    b"<user/>",
    b"\x1f\x8b\x08\x00",
    b"[" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
]
NO_OBJECT = [b"[]", b"null", b"1", b'"x"', b"true", b"[{}]", b'[{"userName": "x"}]']


def rows() -> Rows:
    """Everything the database holds, but for the log and the tokens' last use."""
    found = {}
    for model in apps.get_models():
        if model._meta.db_table not in BOOKKEEPING and model._meta.app_label in (
            "companies",
            "contacts",
            "provisioning",
        ):
            found[model._meta.db_table] = list(model._default_manager.order_by("pk").values_list())
    return found


def unmarked(found: Rows) -> Rows:
    """Without the mark of a refused write (R42)."""
    position = [field.attname for field in Contact._meta.concrete_fields].index("sync_failed_at")
    contacts = [row[:position] + row[position + 1 :] for row in found["contacts_contact"]]
    return {**found, "contacts_contact": contacts}


@pytest.fixture
def harmless(ann: Contact) -> Callable[[Any], int]:
    """The status of an answer, if it is a SCIM error of the client and nothing was changed."""
    before = unmarked(rows())

    def status(answer: Any) -> int:
        refusal(answer)
        assert 400 <= answer.status_code < 500
        assert unmarked(rows()) == before
        return int(answer.status_code)

    return status


Harmless = Callable[[Any], int]


@pytest.mark.django_db
class TestBodies:
    @pytest.mark.parametrize("body", NOT_JSON + NO_OBJECT, ids=range(len(NOT_JSON + NO_OBJECT)))
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_what_is_no_json_object(
        self, scim: Scim, ann: Contact, harmless: Harmless, method: str, body: bytes
    ) -> None:
        """400 invalidSyntax."""
        path = "/Users" if method == "POST" else f"/Users/{ann.pk}"
        answer = scim.send(method, path, body)
        assert (harmless(answer), answer.json()["scimType"]) == (400, "invalidSyntax")

    @pytest.mark.parametrize(
        "attributes",
        [
            {"userName": 5},
            {"userName": True},
            {"userName": {"value": "x"}},
            {"userName": ["a", "b"]},
            {"userName": "a\x00b"},
            {"userName": "x" * 256},
            {"externalId": 4711},
            {"externalId": {"id": "x"}},
            {"externalId": "x" * 256},
            {"externalId": "\x00"},
            {"active": "yes"},
            {"active": 0},
            {"active": {"value": True}},
            {"displayName": 5},
            {"displayName": "x" * 256},
            {"displayName": "x" * 900_000},
            {"name": "Ann"},
            {"name": ["Ann", "Lee"]},
            {"name": {"givenName": {"a": {"b": "c"}}}},
            {"emails": "ann"},
            {"emails": 5},
            {"emails": [5]},
            {"emails": [[]]},
            {"emails": [{"value": {"a": 1}}]},
            {"emails": [{"value": "no address"}]},
            {"emails": [{"value": "a@b@c"}]},
            {"emails": [{"value": "a b@x.example"}]},
            {"emails": [{"value": "x" * 250 + "@x.example"}]},
            {"emails": [{"value": "a@x.example", "primary": "perhaps"}]},
            {"emails": [{"value": "a@x.example", "type": {"a": 1}}]},
            {"emails": [{"value": f"a{n}@x.example"} for n in range(101)]},
            {"phoneNumbers": [{"type": "work", "value": 5}]},
            {"phoneNumbers": [{"type": "work", "value": "1" * 101}]},
            {"phoneNumbers": {"work": [1]}, "title": 5},
            {ENTERPRISE: "Support"},
            {ENTERPRISE: ["a", "b"]},
            {ENTERPRISE: {"department": {"a": 1}}},
            {ENTERPRISE: {"employeeNumber": 7001}},
            {CUSTOM: 5},
            {CUSTOM: {"companyName": 5}},
        ],
        ids=lambda one: str(one)[:40],
    )
    def test_values_of_the_wrong_kind(
        self, scim: Scim, harmless: Harmless, attributes: dict[str, Any]
    ) -> None:
        """400 invalidValue that names the attribute and repeats no value."""
        answer = scim.post(**attributes)
        assert (harmless(answer), answer.json()["scimType"]) == (400, "invalidValue")
        assert len(answer.json()["detail"]) < 200

    def test_beyond_the_size_of_a_request(self, scim: Scim, harmless: Harmless) -> None:
        """413."""
        assert harmless(scim.post(displayName="x" * 1_100_000)) == 413

    def test_ten_thousand_operations(self, scim: Scim, ann: Contact, harmless: Harmless) -> None:
        """413."""
        operations = [{"op": "Replace", "path": "title", "value": "x"}] * 10_000
        assert harmless(scim.patch(ann.pk, *operations)) == 413

    @pytest.mark.parametrize(
        "content_type",
        [
            "text/plain",
            "text/html",
            "application/xml",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "x",
        ],
    )
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_other_content_types(
        self, scim: Scim, ann: Contact, harmless: Harmless, method: str, content_type: str
    ) -> None:
        """415."""
        path = "/Users" if method == "POST" else f"/Users/{ann.pk}"
        assert harmless(scim.send(method, path, person(), content_type=content_type)) == 415

    @pytest.mark.parametrize(
        "content_type",
        [
            "",
            "application/json",
            "application/scim+json; charset=utf-8",
            "Application/SCIM+JSON",
            "application/json; charset=bogus; x",
        ],
    )
    def test_content_types_that_are_taken(self, scim: Scim, ann: Contact, content_type: str) -> None:
        """REPORT 1.1."""
        assert scim.send("POST", "/Users", person(), content_type=content_type).status_code == 201

    def test_a_name_twice_counts_once(self, scim: Scim, ann: Contact) -> None:
        """RFC 8259 4 leaves it open; here the last one counts, and none is half taken."""
        body = b'{"userName": "a@x.example", "USERNAME": "b@x.example", "title": "1", "title": "2"}'
        answer = scim.send("POST", "/Users", body)
        assert (answer.status_code, answer.json()["title"]) == (201, "2")

    @pytest.mark.parametrize(
        "unknown",
        [
            {"x": "y" * 900_000},
            {"x" * 900_000: "y"},
            {"x": 10**300},
            {"x": 1e308},
            {"\x00": "\x00"},
            {f"a{n}": n for n in range(20_000)},
            {'emails[type eq "x': 1, "a[b": 2, "]": 3, "urn:": 4, ":": 5, ".": 6},
            {"x": json.loads("[" * 63 + "]" * 63)},
        ],
        ids=range(8),
    )
    def test_unknown_attributes_of_any_shape(self, scim: Scim, ann: Contact, unknown: dict[str, Any]) -> None:
        """R9: never an error."""
        assert scim.post(**unknown).status_code == 201
        assert LogEntry.objects.latest("id").ignored == len(unknown)


@pytest.mark.django_db
class TestOperations:
    @pytest.mark.parametrize(
        "path",
        [
            "emails[",
            "emails]",
            'emails[type eq "work"',
            'emails[type eq "work"]]',
            'emails[type eq "work"].value.x',
            'emails[type xx "work"].value',
            "emails[" * 100,
            'emails[type eq "' + "x" * 5000 + '"].value',
            "(" * 1000,
            'title[type eq "x"].value',
            "a b c",
            "..",
            "a.b.c.d",
            "title\x00",
            "\ud83d\ude00",
            " ",
        ],
    )
    @pytest.mark.parametrize("op", ["Add", "Remove"])
    def test_broken_paths(self, scim: Scim, ann: Contact, harmless: Harmless, op: str, path: str) -> None:
        """400 invalidPath."""
        answer = scim.patch(ann.pk, {"op": op, "path": path, "value": "x"})
        assert (harmless(answer), answer.json()["scimType"]) == (400, "invalidPath")

    @pytest.mark.parametrize("value", [5, True, {"a": 1}, [1, 2], "a\x00", "x" * 256, 1e308, [[["x"]]]])
    @pytest.mark.parametrize(
        "path", ["title", "name.givenName", WORK, f"{ENTERPRISE}:department", "userName"]
    )
    def test_values_of_the_wrong_kind(
        self, scim: Scim, ann: Contact, harmless: Harmless, path: str, value: object
    ) -> None:
        """400 invalidValue, by path and in an object without one."""
        for operation in (
            {"op": "Replace", "path": path, "value": value},
            {"op": "add", "value": {path: value}},
        ):
            answer = scim.patch(ann.pk, operation)
            assert (harmless(answer), answer.json()["scimType"]) == (400, "invalidValue")

    @pytest.mark.parametrize("path", ["nickName", "urn:x:y:z", "x" * 900, 'emails[display eq "x"].value'])
    def test_unknown_paths_change_nothing(self, scim: Scim, ann: Contact, path: str) -> None:
        """R9."""
        before = scim.read(ann.pk)
        assert scim.patch(ann.pk, {"op": "Add", "path": path, "value": {"x": [1]}}).json() == before


@pytest.mark.django_db
class TestRequests:
    @pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND", "LOCK", "PURGE", "X" * 50])
    @pytest.mark.parametrize("path", ["/Users", "/Users/1", "/Groups", "/Schemas", "/nothing"])
    def test_other_verbs(self, scim: Scim, harmless: Harmless, method: str, path: str) -> None:
        """405 with the verbs that there are."""
        answer = scim.send(method, path, {})
        assert harmless(answer) == 405
        assert answer.headers["Allow"].startswith("GET, HEAD")

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("PUT", "/Users", "GET, HEAD, POST"),
            ("PATCH", "/Users", "GET, HEAD, POST"),
            ("DELETE", "/Users", "GET, HEAD, POST"),
            ("POST", "/Users/1", "GET, HEAD, PUT, PATCH, DELETE"),
        ],
    )
    def test_verbs_in_the_wrong_place(
        self, scim: Scim, harmless: Harmless, method: str, path: str, allowed: str
    ) -> None:
        """Nobody can delete everybody."""
        answer = scim.send(method, path, person())
        assert (harmless(answer), answer.headers["Allow"]) == (405, allowed)

    @pytest.mark.parametrize(
        "query", ["a&" * 1500, "filter=%ff", "filter=%00", "count=%F0%9F", "startIndex[]=1&count=x"]
    )
    def test_odd_queries(self, scim: Scim, harmless: Harmless, query: str) -> None:
        assert harmless(scim.get(f"/Users?{query}")) == 400

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "Bearer",
            "Bearer ",
            "Basic YTpi",
            "dsk_x",
            "Bearer dsk_x",
            "Bearer \u00ff\u00fe",
            "Bearer " + "x" * 10_000,
            "Bearer a b",
        ],
    )
    def test_odd_tokens(self, scim: Scim, harmless: Harmless, value: str) -> None:
        """R2: 401 with the challenge."""
        answer = scim.send("GET", "/Users", Authorization=value)
        assert (harmless(answer), answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="DeskSCIM"')

    @pytest.mark.parametrize("template", ["bearer {}", "BEARER {}", "Bearer  {} "])
    def test_the_scheme_in_any_case(self, scim: Scim, template: str) -> None:
        """RFC 9110 11.1."""
        assert scim.send("GET", "/Users", Authorization=template.format(scim.secret)).status_code == 200

    @pytest.mark.parametrize("path", ["/Users", "/nothing", ""])
    def test_another_host(self, scim: Scim, harmless: Harmless, path: str) -> None:
        """R6: what Django refuses before any view is a SCIM error too."""
        assert harmless(scim.send("GET", path, Host="evil.example")) == 400

    @pytest.mark.parametrize(
        "headers",
        [
            {"Cookie": "sessionid=x; csrftoken=y; =; \u00ff"},
            {"Accept": "text/html", "Accept-Language": "xx-\u00ff;q=9"},
            {"X-Http-Method-Override": "DELETE", "X-Requested-With": "XMLHttpRequest"},
            {"If-Modified-Since": "yesterday"},
            {"Range": "bytes=0-1", "Expect": "x", "Prefer": "return=minimal"},
            {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
            {
                "X-Forwarded-For": "' OR 1=1",
                "X-Forwarded-Host": "evil.example",
                "Forwarded": "host=evil.example",
            },
            {"HX-Request": "true", "ADSCIMVersion": "5.0"},
        ],
    )
    def test_headers_that_mean_nothing_here(self, scim: Scim, ann: Contact, headers: dict[str, str]) -> None:
        answer = scim.send("GET", f"/Users/{ann.pk}", **headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/scim+json")
        assert "evil" not in answer.content.decode()

    def test_a_session_is_no_token(self, scim: Scim, ann: Contact, admin_client: Client) -> None:
        """R2: not even for a write, and no redirect to the sign-in page."""
        answers = [
            admin_client.generic(method, f"/entra/Users/{ann.pk}") for method in ("GET", "DELETE", "PATCH")
        ]
        assert [refusal(one) for one in answers] == [(401, "")] * 3
        assert not fresh(ann).is_deleted


@pytest.mark.django_db(transaction=True)
def test_without_its_log_a_write_does_not_stand(scim: Scim) -> None:
    """R44: neither without the other; the caller gets a SCIM error even when the refusal cannot be logged."""
    away = 'ALTER TABLE "{}" RENAME TO "{}"'
    with connection.cursor() as cursor:
        cursor.execute(away.format("provisioning_logentry", "provisioning_away"))
    try:
        assert refusal(scim.post())[0] >= 500
        assert refusal(scim.get("/Users?filter=broken")) == (400, "invalidFilter")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(away.format("provisioning_away", "provisioning_logentry"))
    assert not Contact.objects.exists()


@pytest.mark.django_db
def test_a_text_in_a_custom_field_reaches_no_error(scim: Scim) -> None:
    """R44: what is refused is never repeated."""
    ContactFieldFactory(api_name="cf_x", type="number")
    scim.connection.strict_custom_fields = True
    scim.connection.save()
    answer = scim.post(**{CUSTOM: {"cf_x": "Private Value"}})
    assert "Private" not in answer.content.decode()
    assert "Private" not in str(list(LogEntry.objects.values()))
