"""The endpoint that Entra lives by: users, each of them a contact that this connection holds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django_scim import views as library

from contacts.models import Contact

from . import errors, filters, paging
from .adapter import ContactAdapter
from .discovery import list_response
from .endpoint import Handler, ScimView, answer, not_modified
from .preconditions import Preconditions, entity_tag
from .projection import Projection
from .query import Query
from .shown import Lookup, Shown, by_id
from .writing import Asked, Write, as_uuid


class UsersEndpoint(ScimView, library.UsersView):  # type: ignore[misc]
    """What serves users: their adapter is the one that django-scim2's settings name."""

    def adapter(self, contact: Contact | Shown) -> ContactAdapter:
        """The contact in SCIM's shape."""
        adapter: ContactAdapter = self.scim_adapter(contact, request=self.request)
        adapter.connection, adapter.fields, adapter.base = self.access.connection, self.fields, self.base
        return adapter


class UsersView(UsersEndpoint):
    """/Users and /Users/{id} (RFC 7644 3.3 to 3.6)."""

    projection: Projection | None  # None: the whole resource
    write: Write | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Tell a resource from the collection: only the one takes PUT, PATCH, DELETE, only the other POST."""
        super().setup(request, *args, **kwargs)
        self.preconditions = Preconditions.of(request.META)
        others = ["put", "patch", "delete"] if self.kwargs.get("uuid") else ["post"]
        self.http_method_names = ["get", "head", *others]

    def _handler(self, request: HttpRequest) -> Handler:
        """Which attributes are asked for is read first: a request that contradicts itself changes nothing."""
        self.projection = Projection.asked(request.GET) if request.META.get("QUERY_STRING") else None
        return super()._handler(request)

    def get_object(self) -> Shown:
        """The contact of the URL, if this connection holds it.

        Raises NotFound for every other id, without telling why (R4, R28), and PreconditionFailed.
        """
        contact = by_id.get(self.access.connection.pk, as_uuid(self.kwargs["uuid"]))
        if contact is None:
            raise errors.NotFound("There is no such user.")
        self.call.contact_id = contact.pk
        self.preconditions.check(contact.version, writes=False)
        return contact

    def get_single(self, request: HttpRequest) -> HttpResponse:
        """RFC 7644 3.4.1; 304 without a body for a client that has this version (RFC 7644 3.14)."""
        contact = self.get_object()
        if self.preconditions.is_known(contact.version):
            return not_modified(entity_tag(contact.version))
        return self._one(self.adapter(contact))

    def get_many(self, request: HttpRequest) -> HttpResponse:
        """RFC 7644 3.4.2: only what this connection holds, in a stable order."""
        if direct := filters.direct(request.GET):
            return self._match(*direct)
        return self._listed(Query.of_parameters(request.GET))

    def _listed(self, query: Query) -> HttpResponse:
        page = paging.page(query, self.access.connection.pk, self.fields)
        if any(contact.custom_fields for contact in page.contacts):
            self.fields = dict(self.fields)  # each of them looks at it
        resources = [self._shown(self.adapter(contact).to_dict()) for contact in page.contacts]
        return answer(list_response(resources, total=page.total, **page.members))

    def _match(self, lookup: Lookup, value: str) -> HttpResponse:
        """Entra's question before everything else (R13): who has this one value?"""
        contact = lookup.get(self.access.connection.pk, value)
        resources = [self._shown(self.adapter(contact).to_dict())] if contact else []
        return answer(list_response(resources, total=len(resources)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 3.3: a new contact, or an existing one linked (R14)."""
        return self._one(self._written(), 201)

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 3.5.1: what is absent is cleared (R21)."""
        return self._one(self._written())

    def patch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 3.5.2, in both of Entra's dialects (R21)."""
        return self._one(self._written())

    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """RFC 7644 3.6: a soft delete that cuts the link (R28)."""
        self._written()
        return HttpResponse(status=204)

    def _written(self) -> ContactAdapter:
        self.write = Write(self._asked, self.access.connection, self.call, self.adapter)
        return self.write.carry_out()

    def _asked(self) -> Asked:
        return Asked(
            method=self.request.method or "",
            user_id=self.kwargs.get("uuid") or "",
            body=lambda: self.load_body(self.body),
            preconditions=self.preconditions,
        )

    def _one(self, adapter: ContactAdapter, status: int = 200) -> HttpResponse:
        headers = {"Location": adapter.location, "ETag": entity_tag(adapter.obj.version)}
        return answer(self._shown(adapter.to_dict()), status, headers)

    def _shown(self, resource: dict[str, Any]) -> dict[str, Any]:
        """RFC 7644 3.9: the attributes that the client asked for."""
        return self.projection.cut(resource) if self.projection else resource

    def _note(self, error: errors.ScimError) -> None:
        if self.write:
            self.write.refused(error)
        else:
            super()._note(error)


class RootView(UsersView):
    """The Tenant URL itself, a list of all there is (RFC 7644 3.4.2.1): what OneLogin pings at first."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Nothing is written here."""
        super().setup(request, *args, **kwargs)
        self.http_method_names = ["get", "head"]


class SearchView(UsersView):
    """/Users/.search and /.search (RFC 7644 3.4.3): a list of users, asked for by a body.

    It reads: no transaction is opened, and the log hears of refusals alone.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The one verb."""
        super().setup(request, *args, **kwargs)
        self.http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The body says everything; the parameters of the URL say nothing."""
        self.call.reads = True
        body = self.load_body(self.body)
        self.projection = Projection.of_message(body)
        return self._listed(Query.of_message(body))
