"""A generator of broken requests: what some client could send, spoilt in one way, and how it may be answered.

Bodies are made of text and bytes: much of what is wrong cannot be said in Python's values.
"""

import gzip
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .conftest import CORE, CUSTOM, ENTERPRISE, MOBILE, PATCH_OP, WORK, person

# Values as JSON has them, each wrong for almost every attribute.
WRONG: Mapping[str, str] = {
    "a number": "5",
    "a negative zero": "-0",
    "a fraction": "1.5",
    "a number beyond 64 bits": "18446744073709551616",
    "true": "true",
    "an object": '{"a": 1}',
    "an empty object": "{}",
    "a list of numbers": "[1, 2]",
    "two texts": '["x@x.example", "y@x.example"]',
    "a list in a list": '[[["x"]]]',
    "a list of nulls": "[null, null]",
    "NUL": '"a\\u0000b"',
    "a text that is too long": json.dumps("x" * 300),
    "a text of a megabyte": json.dumps("x" * 900_000),
    "lists, sixty deep": "[" * 60 + "]" * 60,
    "objects, fifty deep": '{"value":' * 50 + "1" + "}" * 50,
}
# What makes no JSON of any document, or none that is read.
UNREADABLE: Mapping[str, str] = {
    "a number beyond a double": "1e400",
    "a number of 5000 digits": "1" * 5000,
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "a lone surrogate": '"\\ud800"',
    "surrogates the wrong way round": '"\\udc00\\ud800"',
    "half an escape": '"\\u12"',
    "an unknown escape": '"\\x41"',
    "a raw line break": '"a\nb"',
    "single quotes": "'x'",
    "nothing": "",
    "an octal number": "017",
    "a plus": "+1",
    "a comment": '/* x */ "x"',
    "two values": '"x" "y"',
    "lists, too deep": "[" * 65 + "]" * 65,
    "objects, too deep": '{"a":' * 65 + "1" + "}" * 65,
    "lists, ten thousand deep": "[" * 10_000 + "]" * 10_000,
    "objects, ten thousand deep": '{"a":' * 10_000 + "1" + "}" * 10_000,
}
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037")
NO_UTF8: Mapping[str, bytes] = {
    "latin-1": b"\xfc",
    "half a character": b"\xc3",
    "an overlong NUL": b"\xc0\x80",
    "a surrogate in UTF-8": b"\xed\xa0\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "a raw NUL": b"\x00",
}

TEXTS = [
    "userName",
    "externalId",
    "displayName",
    "title",
    "name.givenName",
    "name.familyName",
    f"{ENTERPRISE}:department",
    f"{ENTERPRISE}:employeeNumber",
    f"{ENTERPRISE}:organization",
    f"{CUSTOM}:companyName",
    f"{CORE}:title",
    WORK,
    MOBILE,
    "emails.value",
    'emails[type eq "work"].type',
]
BOOLEANS = ["active", 'emails[type eq "work"].primary']
OBJECTS = ["name", ENTERPRISE, CUSTOM, 'phoneNumbers[type eq "work"]', "emails[primary eq true]"]
LISTS = ["emails", "phoneNumbers"]
IGNORED = ["nickName", "manager", f"{ENTERPRISE}:manager.value", f"{CUSTOM}:cf_gone", "photos"]
READ_ONLY = ["meta", "schemas", "meta.version"]
PLACES = [*TEXTS, *BOOLEANS, *OBJECTS, *LISTS, *IGNORED, *READ_ONLY]

# What is taken all the same. An element without a value says that there is none; a text is its value.
TAKEN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(BOOLEANS, frozenset({"true"})),
    **dict.fromkeys(OBJECTS[:3], frozenset({"an object", "an empty object", "objects, fifty deep"})),
    **dict.fromkeys(OBJECTS[3:], frozenset({"an object", "an empty object"})),
    **dict.fromkeys(LISTS, frozenset({"an object", "an empty object", "two texts"})),
    **dict.fromkeys([*IGNORED, *READ_ONLY], frozenset(WRONG)),  # R9; RFC 7643 2.2
}


@dataclass(frozen=True)
class Broken:
    """A request with one thing wrong; `statuses` are those with which it may be answered."""

    what: str
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    statuses: tuple[int, ...] = (400,)

    def __str__(self) -> str:
        return f"{self.method} {self.path[:60]}: {self.what}"


def takers(user_id: object) -> Mapping[str, tuple[str, str, bytes]]:
    """Every endpoint that takes a body, with one that is sound: (method, path, body)."""
    patch = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "title", "value": "Chef"}]}
    bulk = [{"method": "PATCH", "path": f"/Users/{user_id}", "data": patch}]
    bodies: Mapping[str, tuple[str, str, Any]] = {
        "POST": ("POST", "/Users", person(title="Cook", login="new")),
        "PUT": ("PUT", f"/Users/{user_id}", person(title="Cook", login="ann", externalId="e1")),
        "PATCH": ("PATCH", f"/Users/{user_id}", patch),
        "Bulk": ("POST", "/Bulk", {"Operations": bulk}),
        "search": ("POST", "/Users/.search", {"filter": 'title eq "Cook"', "count": 5}),
        "search everywhere": ("POST", "/.search", {"filter": 'title eq "Cook"', "startIndex": 1}),
    }
    return {name: (method, path, json.dumps(body).encode()) for name, (method, path, body) in bodies.items()}


def unreadable(user_id: object, dice: random.Random) -> Iterator[Broken]:
    """Bodies that are cut off, in another encoding, compressed, or no JSON in one place."""
    for name, (method, path, body) in takers(user_id).items():
        for what, spoilt in _spoilt(body, dice):
            yield Broken(f"{name}, {what}", method, path, spoilt)


def _spoilt(body: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    text = body.decode()
    yield from ((f"cut off after {end}", body[:end]) for end in dice.sample(range(len(body)), 12))
    yield from ((encoding, text.encode(encoding)) for encoding in ENCODINGS)
    yield from ((what, body.replace(b'": "', b'": "' + raw, 1)) for what, raw in NO_UTF8.items())
    yield "compressed", gzip.compress(body)
    yield "twice", body * 2
    yield "in a list", b"[" + body + b"]"
    yield "as a text", json.dumps(text).encode()
    yield "as a form", b"userName=ann&active=true"
    yield "as XML", b"<?xml version='1.0'?><user>ann</user>"
    for what, value in UNREADABLE.items():
        yield f"{what} beside the rest", (text[:-1] + f', "x": {value}}}').encode()


def flipped(user_id: object, dice: random.Random, count: int) -> Iterator[Broken]:
    """Sound bodies with some bytes changed or taken out; some of these are still sound."""
    every = list(takers(user_id).items())
    pieces = [b"", b"\x00", b"\xff", b'"', b"{", b"]", b",", b":", b"null", b"-1", b"\\", b"e9", b"[]"]
    for number in range(count):
        name, (method, path, body) = dice.choice(every)
        spoilt = bytearray(body)
        for _ in range(dice.randint(1, 4)):
            where = dice.randrange(len(spoilt))
            spoilt[where : where + dice.randint(0, 2)] = dice.choice(pieces)
        statuses = (200, 201, 400, 409)
        yield Broken(f"{name}, flipped {number}", method, path, bytes(spoilt), statuses=statuses)


def misplaced(user_id: object, dice: random.Random) -> Iterator[Broken]:
    """A wrong value in every place of a user, in one of the ways in which a client can put it there."""
    for place in PLACES:
        for what, value in WRONG.items():
            taken = what in TAKEN.get(place, ())
            body = _with(place, value, dice)
            method = "PATCH" if b"Operations" in body else "PUT"
            statuses = (200,) if taken else (400,)
            yield Broken(f"{place} is {what}", method, f"/Users/{user_id}", body, statuses=statuses)


def _with(place: str, value: str, dice: random.Random) -> bytes:
    name = json.dumps(place)
    operation = dice.choice(
        [
            f'{{"op": "add", "path": {name}, "value": {value}}}',
            f'{{"op": "Replace", "path": {name}, "value": {value}}}',
            f'{{"op": "replace", "value": {{{name}: {value}}}}}',
            "" if "[" in place else "PUT",
        ]
    )
    if operation == "PUT":
        rest = {name: kept for name, kept in person(login="ann").items() if not place.startswith(name)}
        return json.dumps({**rest, place: "@"}).replace('"@"', value).encode()
    operation = operation or f'{{"op": "add", "value": {{{name}: {value}}}}}'
    return f'{{"schemas": ["{PATCH_OP}"], "Operations": [{operation}]}}'.encode()


def messages(user_id: object) -> Iterator[Broken]:
    """Wrong values in every place of a PatchOp, a BulkRequest and a SearchRequest."""
    operation = {"op": "add", "path": "title", "value": "x"}
    one = {"method": "PATCH", "path": f"/Users/{user_id}", "data": {}}
    texts = ("NUL", "a text that is too long", "a text of a megabyte")  # of the right type, at least
    for what, value in WRONG.items():
        for path, method in ((f"/Users/{user_id}", "PATCH"), ("/Bulk", "POST")):
            yield Broken(f"the Operations are {what}", method, path, f'{{"Operations": {value}}}'.encode())
        for member in ("op", "path"):
            statuses = (200, 400) if member == "path" and what in texts[1:] else (400,)
            yield _member(operation, member, what, value, "PATCH", f"/Users/{user_id}", statuses)
        for member in ("method", "path", "bulkId", "version"):
            statuses = (200,) if member != "method" and what in texts else (400,)
            yield _member(one, member, what, value, "POST", "/Bulk", statuses)
        for member in ("filter", "sortBy", "sortOrder", "cursor", "attributes", "excludedAttributes"):
            listed = what == "two texts" and "ttributes" in member
            body = f'{{"{member}": {value}}}'.encode()
            yield Broken(
                f"{member} is {what}", "POST", "/.search", body, statuses=(200,) if listed else (400,)
            )
        for member in ("startIndex", "count"):
            number = what in ("a number", "a negative zero")
            body = f'{{"{member}": {value}}}'.encode()
            yield Broken(
                f"{member} is {what}", "POST", "/.search", body, statuses=(200,) if number else (400,)
            )


def _member(
    operation: Mapping[str, Any],
    member: str,
    what: str,
    value: str,
    method: str,
    path: str,
    statuses: tuple[int, ...],
) -> Broken:
    spoilt = json.dumps({**operation, member: "@"}).replace('"@"', value)
    body = f'{{"Operations": [{spoilt}]}}'.encode()
    return Broken(f"the {member} of an operation is {what}", method, path, body, statuses=statuses)
