"""The web server's worker: what it refuses before any view is asked is answered and logged in our way.

gunicorn's own answer is a page of HTML, and its log would keep the line that it could not read, which may
name a person.
"""

from http import HTTPStatus
from socket import socket
from typing import Any

import orjson
from gunicorn.http.errors import (  # type: ignore[import-untyped]
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from deskscim.provisioning.scim.schema import ERROR

_REFUSALS = {
    LimitRequestLine: (
        HTTPStatus.REQUEST_URI_TOO_LONG,
        "The address is too long: ask by /.search.",
    ),
    LimitRequestHeaders: (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large."),
    ExpectationFailed: (HTTPStatus.EXPECTATION_FAILED, "Only the expectation 100-continue can be met."),
    UnsupportedTransferCoding: (HTTPStatus.NOT_IMPLEMENTED, "The only transfer coding is chunked."),
    ParseException: (HTTPStatus.BAD_REQUEST, "The request is not valid HTTP."),
    Exception: (HTTPStatus.INTERNAL_SERVER_ERROR, "The request failed on the server. Its log has the cause."),
}


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    """Threads that keep connections open, and refuse in SCIM's words (R6, RFC 7644 3.12)."""

    def handle_error(self, req: object, client: socket, addr: object, exc: Exception) -> None:
        """Answer a request that cannot be handed on; the connection is closed then."""
        status, detail = next(found for kind, found in _REFUSALS.items() if isinstance(exc, kind))
        self.log.warning("A request was refused with %d: %s", status, type(exc).__name__)
        try:
            client.sendall(_answer(status, detail))
        except OSError:
            self.log.debug("Nobody waits for the answer.")


def _answer(status: HTTPStatus, detail: str) -> bytes:
    content: dict[str, Any] = {"schemas": [ERROR], "status": str(status.value), "detail": detail}
    body = orjson.dumps(content)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Connection: close",
        "Content-Type: application/scim+json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*head, "", ""]).encode() + body
