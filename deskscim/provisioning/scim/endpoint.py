"""What every endpoint below /entra shares: a token, the reading of bodies, SCIM's errors.

Replaced of django-scim2's view, since it does them wrongly: dispatch (its authentication is bound to one path
prefix, its errors have numeric status, its writes no transaction) and the reading of bodies.
"""

import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, NoReturn

import orjson
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.functional import SimpleLazyObject, cached_property
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from django_scim import views as library
from django_scim.exceptions import SCIMException

from contacts.errors import Conflict, ContactError
from deskscim.provisioning.log import Call
from deskscim.provisioning.remembered import remembered

from . import errors, limits
from .adapter import custom_fields
from .auth import Access, authenticate
from .broken import drop_if_broken
from .schema import CustomField

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/scim+json"
JSON_TYPES = ("application/scim+json", "application/json", "")
_LENGTH_DIGITS = 18
WRITES = ("POST", "PUT", "PATCH", "DELETE")

Handler = Callable[..., HttpResponse]


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A SCIM answer: every one is application/scim+json (R6)."""
    content = orjson.dumps(body)
    headers = {"Content-Length": str(len(content)), **(headers or {})}
    return HttpResponse(content, content_type=CONTENT_TYPE, status=status, headers=headers)


def not_modified(tag: str) -> HttpResponse:
    """304: the client has the resource as it is (RFC 9110 15.4.5)."""
    response = HttpResponse(status=304, headers={"ETag": tag})
    del response.headers["Content-Type"]
    return response


class ScimView(library.SCIMView):  # type: ignore[misc]
    """One request: authenticated, answered, its failure logged, and its errors in SCIM's words."""

    http_method_names: list[str] = ["get", "head", "post", "put", "patch", "delete"]

    access: Access
    call: Call
    base: str  # the Tenant URL (R1) as this client reaches it

    @classmethod
    def as_view(cls, **initial: Any) -> Handler:
        """The view, marked once: a decorated dispatch would be made anew for each request."""
        view: Handler = csrf_exempt(login_not_required(super().as_view(**initial)))
        return view

    @cached_property
    def fields(self) -> Mapping[str, CustomField]:
        """The contact fields of the moment; asked for once a request, if at all."""
        return SimpleLazyObject(lambda: remembered.get("contact fields", custom_fields))  # type: ignore[return-value]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Closed by default: nothing runs before the token is known (R2)."""
        self.call = Call(request.method or "")
        # Django's own check is a statement for each request; `_once_more` takes its place.
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            self.base = f"{request.scheme}://{request.get_host()}/entra"  # refuses a host that is not ours
            return self._once_more(self._carried_out, *args, **kwargs)
        except Exception as error:
            return self._refused(as_scim(error))

    def _once_more(self, step: Handler, *args: Any, **kwargs: Any) -> HttpResponse:
        """Again on a new connection, if the database closed the old one since the last request."""
        try:
            return step(*args, **kwargs)
        except OperationalError:
            if not drop_if_broken():
                raise
            return step(*args, **kwargs)

    def _carried_out(self, *args: Any, **kwargs: Any) -> HttpResponse:
        self.access = authenticate(self.request)
        self.call.connection = self.access.connection
        return self._handler(self.request)(self.request, *args, **kwargs)

    def _handler(self, request: HttpRequest) -> Handler:
        name = (request.method or "").lower()
        if name not in self.http_method_names or not hasattr(self, name):
            self.http_method_not_allowed(request)
        handler: Handler = getattr(self, name)
        return handler

    def _refused(self, error: errors.ScimError) -> HttpResponse:
        noted(self._note, error)
        return answer(error.to_dict(), error.status, error.headers)

    def _note(self, error: errors.ScimError) -> None:
        """Log the refusal; to be told that a user is gone is no failure."""
        missing = self.request.method not in WRITES and isinstance(error, errors.NotFound)
        if self.call.connection is not None and not missing:
            self.call.failed(status=error.status, reason=error.reason)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        """405 with the verbs that the endpoint takes."""
        allowed = [name.upper() for name in self.http_method_names if hasattr(self, name)]
        raise errors.MethodNotAllowed(f"This endpoint takes {', '.join(allowed)}.", allowed=allowed)

    @cached_property
    def body(self) -> bytes:
        """The whole body, also one in chunks: Django would read none, though the server puts it together.

        Raises RequestDataTooBig and UnreadablePostError as Django does, and InvalidSyntax for a length
        that is none and a body that is cut off (RFC 9112 8).
        """
        meta = self.request.META
        if "HTTP_TRANSFER_ENCODING" in meta and meta.get("wsgi.input_terminated"):
            return _unchunked(meta["wsgi.input"])
        length = meta.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or len(length) > _LENGTH_DIGITS:
            raise errors.InvalidSyntax("The Content-Length is no number of bytes.")
        body: bytes = self.request.body
        if len(body) < int(length):
            raise errors.InvalidSyntax("The body is shorter than its Content-Length.")
        return body

    def load_body(self, body: bytes) -> dict[str, Any]:
        """The JSON object of the request. Raises UnsupportedMediaType and InvalidSyntax."""
        if self.request.content_type not in JSON_TYPES:
            raise errors.UnsupportedMediaType("The body must be application/scim+json or application/json.")
        if not body:
            raise errors.InvalidSyntax("The body is empty. A body needs a Content-Length.")
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise errors.InvalidSyntax("The body is not valid JSON.") from None
        if not isinstance(document, dict):
            raise errors.InvalidSyntax("The body must be a JSON object.")
        if _may_be_deep(body) and limits.is_deeper(document, limits.JSON_DEPTH):
            raise errors.InvalidSyntax(f"The body is nested deeper than {limits.JSON_DEPTH} levels.")
        return document


def _unchunked(stream: BinaryIO) -> bytes:
    try:
        body = stream.read(limits.BODY + 1)
    except OSError as error:  # which gunicorn raises for chunks that are broken or cut off
        raise UnreadablePostError(*error.args) from error
    if len(body) > limits.BODY:
        raise RequestDataTooBig
    return body


def _may_be_deep(body: bytes) -> bool:
    """Whether there are as many brackets as that takes; a hundredth of the time that it takes to look."""
    return body.count(b"{") + body.count(b"[") > limits.JSON_DEPTH


def noted(note: Callable[[errors.ScimError], None], error: errors.ScimError) -> None:
    """Have a refusal noted; the caller is answered even when that fails."""
    try:
        note(error)
    except DatabaseError as failure:
        logger.error("A refusal is missing in the provisioning log: %s", type(failure).__name__)


def as_scim(error: Exception) -> errors.ScimError:
    """The error in SCIM's words; what nobody foresaw is logged and answered without its message."""
    if isinstance(error, errors.ScimError):
        return error
    if isinstance(error, Conflict):
        return errors.Uniqueness(str(error), reason=error.reason)
    if isinstance(error, ContactError):
        return errors.InvalidValue(str(error), reason=error.reason)
    if isinstance(error, RequestDataTooBig):
        return errors.PayloadTooLarge(f"The body is larger than {limits.BODY} bytes.")
    if isinstance(error, SuspiciousOperation | UnreadablePostError | RawPostDataException | SCIMException):
        return errors.InvalidSyntax("The request cannot be read.")
    if isinstance(error, OperationalError):
        return errors.Unavailable("The database is busy. Try again.", retry_after=5, reason="database_busy")
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("SCIM request failed: %s\n%s", type(error).__name__, where)
    return errors.ScimError("The request failed on the server. Its log has the cause.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The project's handler400: below /entra a request that reaches no view is a SCIM error too (R6)."""
    if request.path_info.startswith("/entra"):
        return answer(as_scim(exception).to_dict(), 400)
    return defaults.bad_request(request, exception)
