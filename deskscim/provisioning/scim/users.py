"""The endpoint that Entra lives by: users, each of them a contact that this connection holds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django_scim import views as library

from contacts.models import Contact

from . import errors, filters
from .adapter import ContactAdapter
from .discovery import list_response
from .endpoint import ScimView, answer, not_modified
from .paging import Page
from .preconditions import Preconditions, entity_tag
from .resource import attributes_filter
from .writing import Asked, Write, as_uuid


class UsersView(ScimView, library.UsersView):  # type: ignore[misc]
    """/Users and /Users/{id} (RFC 7644 3.3 to 3.6)."""

    write: Write | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Tell a resource from the collection: only the one takes PUT, PATCH, DELETE, only the other POST."""
        super().setup(request, *args, **kwargs)
        self.preconditions = Preconditions.of(request.META)
        others = ["put", "patch", "delete"] if self.kwargs.get("uuid") else ["post"]
        self.http_method_names = ["get", "head", *others]

    def get_object(self) -> Contact:
        """The contact of the URL, if this connection holds it.

        Raises NotFound for every other id, without telling why (R4, R28), and PreconditionFailed.
        """
        contacts = Contact.objects.linked_to(self.access.connection.pk).prefetch_related("addresses")
        contact = contacts.filter(pk=as_uuid(self.kwargs["uuid"])).first()
        if contact is None:
            raise errors.NotFound("There is no such user.")
        self.call.contact_id = contact.pk
        self.preconditions.check(contact.version, writes=False)
        return contact

    def adapter(self, contact: Contact) -> ContactAdapter:
        """The contact in SCIM's shape."""
        adapter: ContactAdapter = self.scim_adapter(contact, request=self.request)
        adapter.connection, adapter.fields, adapter.base = self.access.connection, self.fields, self.base
        return adapter

    def get_single(self, request: HttpRequest) -> HttpResponse:
        """RFC 7644 3.4.1; 304 without a body for a client that has this version (RFC 7644 3.14)."""
        contact = self.get_object()
        if self.preconditions.is_known(contact.version):
            return not_modified(entity_tag(contact.version))
        return self._one(self.adapter(contact))

    def get_many(self, request: HttpRequest) -> HttpResponse:
        """RFC 7644 3.4.2: only what this connection holds, in a stable order."""
        page = Page.asked(request.GET)
        found = Contact.objects.linked_to(self.access.connection.pk).order_by("id")
        if "filter" in request.GET:
            found = found.filter(filters.parse(request.GET["filter"], self.fields))
        contacts, total = page.cut(found.prefetch_related("addresses"))
        resources = [self._shown(self.adapter(contact).to_dict()) for contact in contacts]
        return answer(list_response(resources, total=total, start_index=page.start))

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
        request = self.request
        asked = Asked(
            method=request.method or "",
            user_id=self.kwargs.get("uuid") or "",
            body=lambda: self.load_body(request.body),
            preconditions=self.preconditions,
        )
        self.write = Write(asked, self.access.connection, self.call, self.adapter)
        return self.write.carry_out()

    def _one(self, adapter: ContactAdapter, status: int = 200) -> HttpResponse:
        headers = {"Location": adapter.location, "ETag": entity_tag(adapter.obj.version)}
        return answer(self._shown(adapter.to_dict()), status, headers)

    def _shown(self, resource: dict[str, Any]) -> dict[str, Any]:
        """RFC 7644 3.9: the attributes that the client asked for."""
        query = self.request.GET
        return attributes_filter(resource, query.get("attributes", ""), query.get("excludedAttributes", ""))

    def _note(self, error: errors.ScimError) -> None:
        if self.write:
            self.write.refused(error)
        else:
            super()._note(error)
