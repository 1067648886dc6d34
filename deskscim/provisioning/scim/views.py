"""The endpoints below /entra that describe the server, and those that it does not have."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django_scim import views as library

from . import discovery, errors
from .endpoint import ScimView, answer


class GroupsView(ScimView, library.GroupsView):  # type: ignore[misc]
    """R5: Entra probes groups, and quarantines the job on a 404; a list of none satisfies it."""

    def get_many(self, request: HttpRequest) -> HttpResponse:
        """An empty list, whatever the filter."""
        return answer(discovery.list_response([], total=0, startIndex=1))

    def get_single(self, request: HttpRequest) -> HttpResponse:
        """No group exists."""
        raise errors.NotFound("There are no groups here: only users are provisioned.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refused, as is every change of a group."""
        raise errors.NotSupported("Groups are not supported: only users are provisioned.")

    put = patch = delete = post


class DiscoveryView(ScimView):
    """What the server says of itself; every query parameter but a filter is ignored (RFC 7644 4)."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The document. Raises Forbidden for a filter (RFC 7644 4)."""
        if "filter" in request.GET:
            raise errors.Forbidden("Discovery cannot be filtered.", reason="discovery_filter")
        return answer(self.document(kwargs.get("uuid", "")))

    def document(self, name: str) -> dict[str, Any]:
        """What is at this address."""
        raise errors.NotFound("There is nothing here.")


class ServiceProviderConfigView(DiscoveryView):
    """RFC 7643 5."""

    def document(self, name: str) -> dict[str, Any]:
        """What this server can do."""
        return discovery.service_provider_config(self.base)


class DocumentsView(DiscoveryView):
    """A collection of discovery documents: all of them, or one by its id."""

    def documents(self) -> list[dict[str, Any]]:
        """The documents, each with an id."""
        raise errors.NotFound("There is nothing here.")

    def document(self, name: str) -> dict[str, Any]:
        """RFC 7644 4; an id in any case (R8)."""
        documents = self.documents()
        if not name:
            return discovery.list_response(documents, total=len(documents), startIndex=1)
        for document in documents:
            if document["id"].lower() == name.lower():
                return document
        raise errors.NotFound("There is no such document.")


class ResourceTypesView(DocumentsView):
    """RFC 7643 6: User alone (R5)."""

    def documents(self) -> list[dict[str, Any]]:
        """The resource types."""
        return discovery.resource_types(self.base)


class SchemasView(DocumentsView):
    """RFC 7643 7, with the contact fields of the moment (R6)."""

    def documents(self) -> list[dict[str, Any]]:
        """The schemas."""
        return discovery.schemas(self.fields, self.base)


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
