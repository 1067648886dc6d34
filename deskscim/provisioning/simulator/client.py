"""The HTTP side of the simulated Entra: one persistent connection, its headers, pace and retries."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from deskscim.provisioning.simulator.errors import RequestFailedError, SimulationError, TokenRefusedError
from deskscim.provisioning.simulator.report import Tally

MEDIA_TYPE = "application/scim+json"
TRIES = 3
TIMEOUT = 30.0  # seconds; Entra gives a whole on-demand run no more
LONGEST_WAIT = 10.0  # seconds; a longer Retry-After is cut, as the next cycle would come anyway
REPEATABLE = ("GET", "PATCH")  # may be sent again when the connection broke before an answer
PAGE_SIZE = 100
Json = dict[str, Any]


class ScimClient:
    """Sends one request at a time to a Tenant URL and counts what happens in a tally."""

    def __init__(self, base_url: str, token: str, *, tally: Tally, rate: float = 0) -> None:
        self.base_url = base_url.rstrip("/")
        self.path = urlsplit(self.base_url).path
        self.tally = tally
        self.interval = 1 / rate if rate else 0.0
        self.next_start = 0.0
        headers = {"Authorization": f"Bearer {token}", "Accept": MEDIA_TYPE, "ADSCIMVersion": "5.0"}
        headers |= {"User-Agent": "simulated-entra"}
        limits = httpx.Limits(max_connections=1)
        self.http = httpx.Client(headers=headers, timeout=TIMEOUT, limits=limits, trust_env=False)

    def __enter__(self) -> "ScimClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def send(
        self,
        kind: str,
        method: str,
        path: str,
        query: str = "",
        *,
        body: Json | None = None,
        expect: tuple[int, ...] = (200,),
    ) -> Json:
        """Send a request until it is answered as expected and return the body, empty for an empty answer.

        Raises RequestFailedError for any other answer and TokenRefusedError for 401 and 403.
        """
        for tries_left in reversed(range(TRIES)):
            answer, seconds = self._exchange(method, path, query, body)
            if not tries_left or not _may_repeat(method, answer):
                break
            self.tally.retried(kind)
            time.sleep(_wait(answer))
        try:
            result = _accept(f"{kind} {method}", answer, expect)
        except (RequestFailedError, TokenRefusedError):
            self.tally.record(kind, seconds, failed=True)
            raise
        self.tally.record(kind, seconds)
        return result

    def find(self, kind: str, path: str, query: str) -> list[Json]:
        """Return the resources of a ListResponse; its count must be that of the resources shown."""
        answer = self.send(kind, "GET", path, query)
        resources = answer.get("Resources") or []
        if answer.get("totalResults") != len(resources):
            raise RequestFailedError(f"{kind} GET: totalResults is not the number of Resources")
        return list(resources)

    def pages(self) -> Iterator[Json]:
        """Yield every user of the target, page by page (RFC 7644 section 3.4.2.4)."""
        start, total = 1, 1
        while start <= total:
            answer = self.send("page", "GET", "/Users", f"startIndex={start}&count={PAGE_SIZE}")
            resources, total = answer.get("Resources") or [], int(answer["totalResults"])
            if not resources and start <= total:
                raise RequestFailedError(f"page GET: no Resources at startIndex {start} of {total}")
            yield from resources
            start += len(resources)

    def _exchange(
        self, method: str, path: str, query: str, body: Json | None
    ) -> tuple[httpx.Response | httpx.TransportError, float]:
        """Send once; the query goes out byte for byte, as httpx would tidy up its raw quotes."""
        target = f"{self.path}{path}" + (f"?{query}" if query else "")
        wire = {"target": target.encode()}
        request = self.http.build_request(method, f"{self.base_url}{path}", json=body, extensions=wire)
        if body is not None:
            request.headers["Content-Type"] = f"{MEDIA_TYPE}; charset=utf-8"
        self._keep_pace()
        started = time.perf_counter()
        try:
            return self.http.send(request), time.perf_counter() - started
        except httpx.TransportError as error:
            return error, time.perf_counter() - started

    def _keep_pace(self) -> None:
        now = time.monotonic()
        time.sleep(max(0.0, self.next_start - now))
        self.next_start = max(now, self.next_start) + self.interval


def check_base_url(base_url: str) -> None:
    """Raise SimulationError unless the Tenant URL is an http or https address."""
    try:
        parts = urlsplit(base_url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or "?" in base_url:
        raise SimulationError(f"{base_url!r} is no Tenant URL: it looks like https://helpdesk.example/entra.")


def _may_repeat(method: str, answer: httpx.Response | httpx.TransportError) -> bool:
    if isinstance(answer, httpx.ConnectError):
        return False
    if isinstance(answer, httpx.TransportError):
        return method in REPEATABLE
    return answer.status_code == 429 or answer.status_code >= 500


def _wait(answer: httpx.Response | httpx.TransportError) -> float:
    given = answer.headers.get("Retry-After", "") if isinstance(answer, httpx.Response) else ""
    return min(float(given), LONGEST_WAIT) if given.isdecimal() else 1.0


def _accept(request: str, answer: httpx.Response | httpx.TransportError, expect: tuple[int, ...]) -> Json:
    """Return the body of an expected answer; every other is an error that names the request."""
    if isinstance(answer, httpx.TransportError):
        raise RequestFailedError(f"{request}: no answer ({type(answer).__name__}: {answer})")
    if answer.status_code in (401, 403):
        raise TokenRefusedError(f"The server refuses the token: {request} was answered {answer.status_code}.")
    if answer.status_code not in expect:
        raise RequestFailedError(f"{request}: {answer.status_code} {_reason(answer)}".rstrip())
    return _body(request, answer) if answer.content else {}


def _body(request: str, answer: httpx.Response) -> Json:
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    if media_type != MEDIA_TYPE:
        raise RequestFailedError(f"{request}: the answer is {media_type or 'untyped'}, not {MEDIA_TYPE}")
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RequestFailedError(f"{request}: the answer is no JSON object")
    return body


def _reason(answer: httpx.Response) -> str:
    """Return scimType and detail of a SCIM error, shortened."""
    try:
        error = answer.json()
    except ValueError:
        return ""
    words = [error.get("scimType"), error.get("detail")] if isinstance(error, dict) else []
    return " ".join(str(word) for word in words if word)[:200]
