"""What every app's views ask of a request and of the words in an address."""

import uuid
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def signed_in(request: HttpRequest) -> "AbstractBaseUser":
    """The agent who asks; LoginRequiredMiddleware lets nobody else as far as a view."""
    return cast("AbstractBaseUser", request.user)


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def ask(request: HttpRequest, partial: str, context: dict[str, Any]) -> HttpResponse:
    """A question before something is done: for the dialog alone, or as a page."""
    if is_partial(request):
        return render(request, partial, context)
    return render(request, "components/confirm_page.html", context | {"partial": partial})


def is_ours(request: HttpRequest, url: str) -> bool:
    """Whether it leads to this site."""
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def as_number(text: str) -> int | None:
    """The number that could be a row's, or None: whatever stands there, no database stumbles over it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def as_id(text: str) -> uuid.UUID | None:
    """The id, or None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
