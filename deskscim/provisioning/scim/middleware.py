"""The way of a request to /entra past everything that is made for people with a browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, get_resolver

from . import urls

_resolver = get_resolver(urls.__name__)


class EntraFirst:
    """Answers below /entra at once; what stands after it in MIDDLEWARE is for the other pages.

    Sessions, forms, messages and frames mean nothing to a machine with a bearer token, and cost as much time
    as its answer. The SCIM views look after themselves: token, errors, headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The SCIM view's answer, or what the rest of the house makes of the request."""
        if not request.path_info.startswith("/entra"):
            return self.get_response(request)
        try:
            match = _resolver.resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response
