"""Generated broken requests: a SCIM error that names the fault, and nothing changed (R6, RFC 7644 3.12)."""

import json
import random
import string
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

from contacts.models import Contact, ContactField
from deskscim.provisioning.models import LogEntry
from deskscim.provisioning.scim import limits
from tests.factories import ContactFieldFactory

from . import broken
from .broken import Broken
from .conftest import CUSTOM, PATCH_OP, WORK, Scim, person
from .test_errors import Rows, rows, unmarked

pytestmark = pytest.mark.django_db

SEED = 7644
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
ENDPOINTS = ["", "/Users", "/Users/1", "/.search", "/Users/.search", "/Bulk", "/Me", "/Groups", "/Groups/1"]
ENDPOINTS += [
    "/ServiceProviderConfig",
    "/ResourceTypes",
    "/ResourceTypes/User",
    "/Schemas",
    "/Schemas/x",
    "/x",
]


def state() -> Rows:
    """Every table but the log, the tokens' last use, the mark of a refusal (R42) and conflicts (R15)."""
    return {table: found for table, found in unmarked(rows()).items() if "conflict" not in table}


def faults(scim: Scim, requests: Iterable[Broken]) -> list[str]:
    """What is wrong with the answers; whatever a request changed is undone before the next."""
    before = state()
    found, count = [], 0
    for request in requests:
        point = transaction.savepoint()
        answer = scim.send(request.method, request.path, request.body, **request.headers)
        found += [f"{request}: {fault}" for fault in _faults(request, answer, before)]
        transaction.savepoint_rollback(point)
        count += 1
    assert count
    return found


def _faults(request: Broken, answer: Any, before: Rows) -> Iterator[str]:
    if answer.status_code not in request.statuses:
        yield f"answered {answer.status_code} {answer.content[:200]!r}"
    if answer.status_code == 204:
        return
    if answer.headers["Content-Type"] != "application/scim+json":
        yield f"as {answer.headers['Content-Type']}"
        return
    if answer.status_code < 300:
        return
    if state() != before:
        yield "changed something"
    if request.method == "HEAD":
        return
    body = answer.json()
    if (body["schemas"], body["status"]) != ([ERROR], str(answer.status_code)):
        yield "no SCIM error"
    if answer.status_code == 400 and "scimType" not in body:
        yield "no scimType"
    if not 10 < len(body["detail"]) < 200:
        yield f"a detail of {len(body['detail'])} characters"


@pytest.fixture
def dice() -> random.Random:
    return random.Random(SEED)


def test_bodies_that_cannot_be_read(scim: Scim, ann: Contact, dice: random.Random) -> None:
    """400, at every endpoint that takes a body."""
    assert faults(scim, broken.unreadable(ann.pk, dice)) == []


def test_bodies_with_flipped_bytes(scim: Scim, ann: Contact, dice: random.Random) -> None:
    """Refused, or sound still; nothing in between."""
    assert faults(scim, broken.flipped(ann.pk, dice, 250)) == []


def test_wrong_values_in_every_place_of_a_user(scim: Scim, ann: Contact, dice: random.Random) -> None:
    """400 where the attribute is kept; taken where it is ignored (R9) or read-only."""
    assert faults(scim, broken.misplaced(ann.pk, dice)) == []


@pytest.mark.parametrize("strict", [False, True])
def test_wrong_values_in_every_contact_field(scim: Scim, ann: Contact, strict: bool) -> None:
    """R11: what does not fit is left out and the rest applied; a strict connection refuses it."""
    scim.connection.strict_custom_fields = strict
    scim.connection.save()
    requests = []
    for kind in ContactField.Type.values:
        name = f"{CUSTOM}:{ContactFieldFactory(api_name=f'cf_{kind}', type=kind, options=['Gold']).api_name}"
        for what, value in broken.WRONG.items():
            operation = f'{{"op": "add", "path": "{name}", "value": {value}}}'
            body = f'{{"Operations": [{operation}]}}'.encode()
            statuses = (200, 400) if strict else (200,)
            requests.append(Broken(f"{kind} is {what}", "PATCH", f"/Users/{ann.pk}", body, statuses=statuses))
    assert faults(scim, requests) == []


def test_wrong_values_in_every_place_of_a_message(scim: Scim, ann: Contact) -> None:
    """400 for PatchOp, BulkRequest and SearchRequest."""
    assert faults(scim, broken.messages(ann.pk)) == []


def test_sizes(scim: Scim, ann: Contact) -> None:
    """413 for bodies and operations, 400 for values; many unknown attributes are only ignored (R9)."""
    operation = {"op": "add", "path": "title", "value": "x"}
    emails = [{"type": "other", "value": f"a{number}@x.example"} for number in range(10_000)]
    wide = json.dumps({"x": [0] * 200_000}).encode()
    long = json.dumps(person(displayName="x" * limits.BODY)).encode()
    user = f"/Users/{ann.pk}"
    deletes = [{"method": "DELETE", "path": user}] * 10_000
    requests = [
        Broken("beyond the limit", method, path, long, statuses=(413,))
        for method, path, _ in broken.takers(ann.pk).values()
    ]
    requests += [
        Broken("10,000 operations", "PATCH", user, _json(Operations=[operation] * 10_000), statuses=(413,)),
        Broken("10,000 operations", "POST", "/Bulk", _json(Operations=deletes), statuses=(413,)),
        Broken("10,000 emails", "PUT", user, json.dumps(person(emails=emails)).encode()),
        Broken("10,000 emails", "PATCH", user, _patch("emails", emails)),
        Broken("10,000 emails", "PATCH", user, _patch(WORK, emails)),
        Broken(
            "10,000 schemas",
            "PUT",
            user,
            json.dumps(person(schemas=["x"] * 10_000)).encode(),
            statuses=(200,),
        ),
        Broken("a wide array, unknown", "PATCH", user, _patch("nickName", [0] * 200_000), statuses=(200,)),
        Broken("a wide array", "POST", "/Users", wide),
        Broken("no operation", "PATCH", user, _json(Operations=[])),
        Broken("a long path", "PATCH", user, _patch("emails[type eq " + "x" * 900_000, "x")),
        Broken("a long filter", "POST", "/.search", _json(filter=f'title eq "{"x" * 900_000}"')),
    ]
    assert faults(scim, requests) == []


def _json(**members: Any) -> bytes:
    return json.dumps(members).encode()


def _patch(path: str, value: object) -> bytes:
    return _json(schemas=[PATCH_OP], Operations=[{"op": "add", "path": path, "value": value}])


def deep(inner: str) -> Iterator[str]:
    """A condition within brackets of every kind, as deep as one likes."""
    for depth in (17, 300, 700):
        yield "(" * depth + inner + ")" * depth
        yield "not (" * depth + inner + ")" * depth
        yield "(" * depth + inner
        yield inner + ")" * depth
        yield f"not ({inner}) and (" * depth + inner + ")" * depth
    yield "(" * 5000
    yield "not (" * 5000
    yield f"{inner} and " * 300 + "("


def test_deep_filters_and_paths(scim: Scim, ann: Contact) -> None:
    """400, long before anything recurses too deep; as a filter, in a message, and in the path of a PATCH."""
    requests = []
    for number, text in enumerate(deep('title eq "x"')):
        requests.append(Broken(f"deep filter {number}", "GET", f"/Users?filter={quote(text)}"))
        requests.append(Broken(f"deep filter {number}", "POST", "/.search", _json(filter=text)))
    for number, text in enumerate(deep('type eq "x"')):
        for op in ("add", "remove"):
            body = _json(Operations=[{"op": op, "path": f"emails[{text}].value", "value": "x"}])
            requests.append(Broken(f"deep path {number}", "PATCH", f"/Users/{ann.pk}", body))
        requests.append(
            Broken(f"deep value path {number}", "GET", f"/Users?filter={quote(f'emails[{text}]')}")
        )
    assert faults(scim, requests) == []


SOUND_FILTERS = [
    'externalId eq "e1"',
    'emails[type eq "work" and value co "ann"] or not (title pr)',
    'active eq true and meta.created gt "2020-01-01T00:00:00Z"',
]


def test_filters_with_changed_characters(scim: Scim, ann: Contact, dice: random.Random) -> None:
    """Refused, or another question: 200 or 400, by GET and by POST."""
    pieces = [
        *string.punctuation,
        " ",
        "\x00",
        "\x7f",
        "ü",
        "😀",
        "\\",
        '"',
        "eq",
        "not",
        "[",
        "]",
        "(",
        "\u202e",
    ]
    requests = []
    for number in range(300):
        text = list(dice.choice(SOUND_FILTERS))
        for _ in range(dice.randint(1, 4)):
            where = dice.randrange(len(text))
            text[where : where + dice.randint(0, 3)] = [dice.choice(pieces)]
        spoilt = "".join(text)
        name = f"filter {number} {spoilt}"
        requests += [
            Broken(name, "GET", f"/Users?filter={quote(spoilt)}", statuses=(200, 400)),
            Broken(name, "POST", "/.search", _json(filter=spoilt), statuses=(200, 400)),
        ]
    assert faults(scim, requests) == []


def test_odd_queries(scim: Scim, ann: Contact) -> None:
    """400 for what cannot be meant, 200 for what means nothing; of a name that comes twice the last one."""
    refused = ["filter=", "filter=%00", "filter=%ff", "filter=%F0%9F", "filter=[", "filter=title&filter=x"]
    refused += ["startIndex=x", "count=", "count=1e9", "count=%31%00", f"count={'9' * 5000}", "sortOrder=up"]
    refused += ["attributes=a&excludedAttributes=b", "cursor=%00", "cursor=x", "cursor=&startIndex=1"]
    taken = [
        "%00",
        "%ff=%ff",
        "=",
        "&&&",
        "[",
        "a[]=1",
        "x=" + "y" * 5000,
        "count=1&count=2",
        "startIndex=-99",
    ]
    taken += ["attributes=%00", "attributes=" + "x," * 2000, "excludedAttributes=%ff", "aadOptscim062020"]
    taken += [f"startIndex={'9' * 300}", f"count={'9' * 300}", "&".join(f"p{n}=1" for n in range(900))]
    requests = [Broken(query[:40], "GET", f"/Users?{query}") for query in refused]
    requests += [Broken(query[:40], "GET", f"/Users?{query}", statuses=(200,)) for query in taken]
    many = "&".join(f"p{n}=1" for n in range(20_000))
    requests.append(Broken("20,000 parameters", "GET", f"/Users?{many}"))
    assert faults(scim, requests) == []


def test_odd_paths(scim: Scim, ann: Contact) -> None:
    """404, whatever the verb."""
    ids = [
        "%00",
        "%ff",
        "%F0%9F",
        "x" * 5000,
        "[",
        "..",
        "%2e%2e",
        "..%2f",
        "%0a",
        "1%0d%0aX:y",
        "ü",
        "{}",
        "'",
    ]
    ids += [
        str(ann.pk)[:-1],
        f"{ann.pk}0",
        f"{ann.pk}%00",
        f"%20{ann.pk}",
        "urn:uuid:x",
        "bulkId:x",
        "\u0661",
    ]
    requests = [
        Broken(f"id {user_id[:40]}", method, f"/Users/{user_id}", _patch("title", "x"), statuses=(404,))
        for user_id in ids
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE")
    ]
    paths = ["/%00", "/%ff", "/Users/1/2", "/users", "/USERS", "/Users;x", "/" + "x/" * 2000]
    paths += [
        "/../admin/",
        "/Users/../../admin/",
        "/Bulk/1",
        "/ServiceProviderConfig/1",
        "/Users\\1",
        "/%252e",
    ]
    requests += [
        Broken("path", method, path, b"{}", statuses=(404,))
        for path in paths
        for method in ("GET", "POST", "DELETE")
    ]
    assert faults(scim, requests) == []


@pytest.mark.parametrize("path", ENDPOINTS)
def test_unknown_methods(scim: Scim, ann: Contact, path: str) -> None:
    """405, with the verbs that there are, at every endpoint."""
    methods = [
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "MKCOL",
        "X" * 200,
        "GETS",
        "__init__",
    ]
    methods += ["dispatch", "setup", "SEARCH", "QUERY"]
    requests = [Broken("unknown verb", method, path, b"{}", statuses=(405,)) for method in methods]
    assert faults(scim, requests) == []
    assert scim.send("OPTIONS", path, {}).headers["Allow"]


def test_other_content_types(scim: Scim, ann: Contact) -> None:
    """415, at every endpoint that takes a body."""
    types = ["text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x"]
    types += [
        "application/x-www-form-urlencoded",
        "application/json-patch+json",
        "x",
        "/",
        "application/jsonx",
    ]
    types += [
        "text/html; charset=utf-8",
        "*/*",
        "application/scim",
        "a" * 5000,
        "application/json, text/html",
    ]
    requests = [
        Broken(f"{name} as {one[:40]}", method, path, body, {"content_type": one}, (415,))
        for name, (method, path, body) in broken.takers(ann.pk).items()
        for one in types
    ]
    assert faults(scim, requests) == []


def test_odd_lengths(scim: Scim, ann: Contact) -> None:
    """400: no body is read then, and half a body is none. The server in front refuses most of these."""
    lengths = ["", "0", "x", "-1", "1e3", "9" * 5000, "\xb2", "5", "0x20", "1 2", "+5"]
    requests = [
        Broken(f"{name} of length {length[:20]!r}", method, path, body, {"Content-Length": length})
        for name, (method, path, body) in broken.takers(ann.pk).items()
        for length in lengths
    ]
    assert faults(scim, requests) == []


ODD = [
    "",
    " ",
    "\x00",
    "\xff" * 50,
    "x" * 8000,
    '"',
    "\t",
    "a\x0bb",
    "ü",
    "0",
    "-1",
    "{}",
    "*/*;q=-1",
    "=?utf-8?q?x?=",
]


def test_odd_tokens(scim: Scim, ann: Contact) -> None:
    """401, never the server's fault."""
    values = [*ODD, "Bearer", "Bearer ", f"Basic {scim.secret}", f"Bearer{scim.secret}", scim.secret]
    values += [f"Bearer {odd}" for odd in ODD] + [f"Bearer {scim.secret}x", f"Bearer {scim.secret[:-1]}"]
    values += [f"Bearer {scim.secret}\x00", f"Bearer {scim.secret} {scim.secret}", f"Bearer,{scim.secret}"]
    requests = [
        Broken(f"token {value[:40]!r}", method, path, b"{}", {"Authorization": value}, (401,))
        for value in values
        for method, path in (("GET", "/Users"), ("DELETE", f"/Users/{ann.pk}"), ("POST", "/Bulk"))
    ]
    assert faults(scim, requests) == []


def test_odd_headers_that_mean_nothing_here(scim: Scim, ann: Contact) -> None:
    """Taken: the answer is application/scim+json, whatever else a client would have liked."""
    names = ["Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset", "Content-Encoding", "Range"]
    names += [
        "If-Modified-Since",
        "If-Unmodified-Since",
        "Cookie",
        "Origin",
        "Referer",
        "User-Agent",
        "Expect",
    ]
    names += [
        "X-HTTP-Method-Override",
        "X-Forwarded-For",
        "X-Requested-With",
        "Content-Language",
        "HX-Request",
    ]
    requests = [
        Broken(f"{name}: {value[:20]!r}", "GET", f"/Users/{ann.pk}", b"", {name: value}, (200,))
        for name in names
        for value in [*ODD, "text/html", "DELETE", "bytes=0-1"]
    ]
    requests += [
        Broken(f"host {host[:20]!r}", "GET", "/Users", b"", {"Host": host})
        for host in (
            "",
            "x",
            "evil.example",
            "testserver:x",
            "[::1",
            "\x00",
            "a" * 5000,
            "testserver, x",
            "../",
        )
    ]
    assert faults(scim, requests) == []


def test_refusals_tell_nobody_s_values(scim: Scim, ann: Contact, dice: random.Random) -> None:
    """R44: neither the answers nor the log repeat what was sent or what is stored."""
    for request in broken.misplaced(ann.pk, dice):
        if request.statuses == (400,):
            answer = scim.send(request.method, request.path, request.body)
            assert not {"x@x.example", "Uma", "northwind", "xxx"} & set(answer.json()["detail"].split())
    reasons = set(LogEntry.objects.filter(outcome="failure").values_list("reason", flat=True))
    assert reasons <= {"invalid_value", "invalid_syntax", "invalid_path", "user_name_missing", "mutability"}
