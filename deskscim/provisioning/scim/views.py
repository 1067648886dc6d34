"""The endpoints below /entra, on django-scim2's view classes; every one asks for a token by construction.

Replaced of the library, since it does them wrongly: dispatch (its authentication is bound to one path prefix,
its errors have numeric status, its writes no transaction), lists (it loads whole tables) and bodies.
"""

import logging
import traceback
import uuid
from collections.abc import Callable
from typing import Any, NoReturn

import orjson
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.decorators import method_decorator
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from django_scim import views as library
from django_scim.exceptions import SCIMException

from contacts import lifecycle
from contacts.errors import Conflict, ContactError
from contacts.models import Contact
from deskscim.provisioning.log import Call

from . import discovery, errors, filters
from .adapter import ContactAdapter, custom_fields
from .auth import Access, authenticate
from .paging import MAX_COUNT, Page
from .patch import operations_of
from .resource import attributes_filter

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/scim+json"
JSON_TYPES = ("application/scim+json", "application/json", "")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
ATTEMPTS = 3  # of a write that lost a race or a deadlock

Handler = Callable[..., HttpResponse]


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A SCIM answer: every one is application/scim+json (R6)."""
    return HttpResponse(orjson.dumps(body), content_type=CONTENT_TYPE, status=status, headers=headers)


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class ScimView(library.SCIMView):  # type: ignore[misc]
    """One request: authenticated, carried out in one transaction, logged, and its errors in SCIM's words."""

    http_method_names: list[str] = ["get", "head", "post", "put", "patch", "delete"]

    access: Access
    call: Call

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Closed by default: nothing runs before the token is known (R2)."""
        self.call = Call(request.method or "")
        try:
            self.access = authenticate(request)
            self.call.connection = self.access.connection
            return self._respond(self._handler(request), *args, **kwargs)
        except Exception as error:
            return self._refused(_as_scim(error))

    def _handler(self, request: HttpRequest) -> Handler:
        name = (request.method or "").lower()
        if name not in self.http_method_names or not hasattr(self, name):
            self.http_method_not_allowed(request)
        handler: Handler = getattr(self, name)
        return handler

    def _respond(self, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.request.method in WRITES:
            return self._written(handler, *args, **kwargs)
        return handler(self.request, *args, **kwargs)

    def _written(self, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run a write in one transaction; once more when another request was quicker."""
        for _ in range(ATTEMPTS - 1):
            try:
                with transaction.atomic():
                    return handler(self.request, *args, **kwargs)
            except (Conflict, IntegrityError, OperationalError) as error:
                if not _is_race(error):
                    raise
        with transaction.atomic():
            return handler(self.request, *args, **kwargs)

    def _refused(self, error: errors.ScimError) -> HttpResponse:
        try:
            self._note(error)
        except DatabaseError as failure:  # the caller is answered all the same
            logger.error("A refusal is missing in the provisioning log: %s", type(failure).__name__)
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

    def load_body(self, body: bytes) -> dict[str, Any]:
        """The JSON object of the request. Raises UnsupportedMediaType and InvalidSyntax."""
        if self.request.content_type not in JSON_TYPES:
            raise errors.UnsupportedMediaType("The body must be application/scim+json or application/json.")
        if not body:  # WSGI knows no chunked bodies
            raise errors.InvalidSyntax("The body is empty. A body needs a Content-Length.")
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise errors.InvalidSyntax("The body is not valid JSON.") from None
        if not isinstance(document, dict):
            raise errors.InvalidSyntax("The body must be a JSON object.")
        return document


def _is_race(error: Exception) -> bool:
    """Whether trying again can help: a unique value taken or a lock lost since this request looked."""
    return isinstance(error, DatabaseError) or isinstance(error.__cause__, IntegrityError)


def _as_scim(error: Exception) -> errors.ScimError:
    """The error in SCIM's words; what nobody foresaw is logged and answered without its message."""
    if isinstance(error, errors.ScimError):
        return error
    if isinstance(error, Conflict):
        return errors.Uniqueness(str(error), reason=error.reason)
    if isinstance(error, ContactError):
        return errors.InvalidValue(str(error), reason=error.reason)
    if isinstance(error, RequestDataTooBig):
        return errors.PayloadTooLarge("The body is larger than one request may be.")
    if isinstance(error, SuspiciousOperation | UnreadablePostError | RawPostDataException | SCIMException):
        return errors.InvalidSyntax("The request cannot be read.")
    if isinstance(error, OperationalError):
        return errors.Unavailable("The database is busy. Try again.", retry_after=5, reason="database_busy")
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("SCIM request failed: %s\n%s", type(error).__name__, where)
    return errors.ScimError("The request failed on the server. Its log has the cause.")


class UsersView(ScimView, library.UsersView):  # type: ignore[misc]
    """/Users and /Users/{id} (RFC 7644 3.3 to 3.6)."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Tell a resource from the collection: only the one takes PUT, PATCH, DELETE, only the other POST."""
        super().setup(request, *args, **kwargs)
        others = ["put", "patch", "delete"] if self.kwargs.get("uuid") else ["post"]
        self.http_method_names = ["get", "head", *others]

    def get_object(self) -> Contact:
        """The contact of the URL, if this connection holds it; its row locked when the request writes.

        Raises NotFound for every other id, without telling why (R4, R28).
        """
        contacts = Contact.objects.linked_to(self.access.connection.pk).prefetch_related("addresses")
        if self.request.method in WRITES:
            contacts = contacts.select_for_update(of=("self",))
        contact = contacts.filter(pk=_as_uuid(self.kwargs["uuid"])).first()
        if contact is None:
            raise errors.NotFound("There is no such user.")
        self.call.contact_id = contact.pk
        return contact

    def adapter(self, contact: Contact) -> ContactAdapter:
        """The contact in SCIM's shape."""
        adapter: ContactAdapter = self.scim_adapter(contact, request=self.request)
        adapter.connection = self.access.connection
        return adapter

    def get_single(self, request: HttpRequest) -> HttpResponse:
        """RFC 7644 3.4.1."""
        return self._one(self.adapter(self.get_object()))

    def get_many(self, request: HttpRequest) -> HttpResponse:
        """RFC 7644 3.4.2: only what this connection holds, in a stable order."""
        page = Page.asked(request.GET)
        found = Contact.objects.linked_to(self.access.connection.pk).order_by("id")
        if "filter" in request.GET:
            found = found.filter(filters.parse(request.GET["filter"], custom_fields()))
        contacts, total = page.cut(found.prefetch_related("addresses"))
        resources = [self._shown(self.adapter(contact).to_dict()) for contact in contacts]
        return answer(discovery.list_response(resources, total=total, start_index=page.start))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 3.3: a new contact, or an existing one linked (R14)."""
        adapter = self.adapter(Contact())
        adapter.from_dict(self.load_body(request.body))
        return self._saved(adapter, 201)

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 3.5.1: what is absent is cleared (R21)."""
        adapter = self.adapter(self.get_object())
        adapter.from_dict(self.load_body(request.body))
        return self._saved(adapter)

    def patch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 3.5.2, in both of Entra's dialects (R21)."""
        adapter = self.adapter(self.get_object())
        adapter.handle_operations(operations_of(self.load_body(request.body)))
        return self._saved(adapter)

    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 3.6: a soft delete that cuts the link (R28)."""
        adapter = self.adapter(self.get_object())
        adapter.delete()
        self._log(adapter, 204)
        return HttpResponse(status=204)

    def _saved(self, adapter: ContactAdapter, status: int = 200) -> HttpResponse:
        self.call.ignored = adapter.ignored
        adapter.save()
        self._log(adapter, status)
        return self._one(adapter, status)

    def _log(self, adapter: ContactAdapter, status: int) -> None:
        self.call.contact_id = adapter.change.contact.pk
        self.call.succeeded(status=status, action=adapter.change.action, notes=adapter.change.notes)

    def _one(self, adapter: ContactAdapter, status: int = 200) -> HttpResponse:
        headers = {"Location": adapter.location}
        return answer(self._shown(adapter.to_dict()), status, headers)

    def _shown(self, resource: dict[str, Any]) -> dict[str, Any]:
        """RFC 7644 3.9: the attributes that the client asked for."""
        query = self.request.GET
        return attributes_filter(resource, query.get("attributes", ""), query.get("excludedAttributes", ""))

    def _note(self, error: errors.ScimError) -> None:
        """R42: the contact whose change was refused says so."""
        if self.request.method in WRITES and self.call.contact_id is not None:
            lifecycle.note_failure(self.call.contact_id)
        super()._note(error)


def _as_uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise errors.NotFound("There is no such user.") from None


class GroupsView(ScimView, library.GroupsView):  # type: ignore[misc]
    """R5: Entra probes groups, and quarantines the job on a 404; a list of none satisfies it."""

    def get_many(self, request: HttpRequest) -> HttpResponse:
        """An empty list, whatever the filter."""
        return answer(discovery.list_response([], total=0, start_index=1))

    def get_single(self, request: HttpRequest) -> HttpResponse:
        """No group exists."""
        raise errors.NotFound("There are no groups here: only users are provisioned.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refused, as is every change of a group."""
        raise errors.NotSupported("Groups are not supported: only users are provisioned.")

    put = patch = delete = post


class ServiceProviderConfigView(ScimView):
    """RFC 7643 5."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What this server can do."""
        return answer(discovery.service_provider_config(base_location(request), MAX_COUNT))


class DocumentsView(ScimView):
    """A collection of discovery documents: all of them, or one by its id."""

    http_method_names = ["get", "head"]

    def documents(self) -> list[dict[str, Any]]:
        """The documents, each with an id."""
        raise errors.NotFound("There is nothing here.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 4."""
        documents = self.documents()
        if not kwargs.get("uuid"):
            return answer(discovery.list_response(documents, total=len(documents), start_index=1))
        for document in documents:
            if document["id"].lower() == kwargs["uuid"].lower():
                return answer(document)
        raise errors.NotFound("There is no such document.")


class ResourceTypesView(DocumentsView):
    """RFC 7643 6: User alone (R5)."""

    def documents(self) -> list[dict[str, Any]]:
        """The resource types."""
        return discovery.resource_types(base_location(self.request))


class SchemasView(DocumentsView):
    """RFC 7643 7, with the contact fields of the moment (R6)."""

    def documents(self) -> list[dict[str, Any]]:
        """The schemas."""
        return discovery.schemas(custom_fields(), base_location(self.request))


class NotSupportedView(ScimView):
    """A part of RFC 7644 that is not offered."""

    def dispatch_any(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """501, whatever the verb."""
        raise errors.NotSupported("This part of SCIM is not supported here.")

    get = post = put = patch = delete = dispatch_any


class UnknownView(ScimView):
    """Every other path below /entra."""

    def dispatch_any(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404, whatever the verb."""
        raise errors.NotFound("There is no such endpoint. Users are at /Users.")

    get = post = put = patch = delete = dispatch_any


def base_location(request: HttpRequest) -> str:
    """The Tenant URL (R1) as this client reaches it."""
    return request.build_absolute_uri("/entra")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The project's handler400: below /entra a request that reaches no view is a SCIM error too (R6)."""
    if request.path_info.startswith("/entra"):
        return answer(_as_scim(exception).to_dict(), 400)
    return defaults.bad_request(request, exception)
