"""What the portal's views share: where to come back to, who acts, a part or a whole page."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from contacts import lifecycle
from contacts.listing import Listing, Tab
from contacts.models import Contact
from contacts.values import Actor

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def signed_in(request: HttpRequest) -> "AbstractBaseUser":
    """The agent who asks; LoginRequiredMiddleware lets nobody else as far as a view."""
    return cast("AbstractBaseUser", request.user)


def acting(request: HttpRequest) -> Actor:
    """The signed-in agent, as the timeline names them."""
    return Actor.agent(signed_in(request))


def agent_id(request: HttpRequest) -> int:
    """Whose they are, what the agent keeps for themselves."""
    return cast(int, request.user.pk)


def locked_or_404(pk: uuid.UUID) -> lifecycle.LockedContact:
    """The contact, locked until the caller's transaction ends. Raises Http404."""
    try:
        return lifecycle.lock(pk)
    except Contact.DoesNotExist:
        raise Http404 from None


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def next_url(request: HttpRequest, default: str) -> str:
    """The page of this site to come back to: the one named, else the one that the request came from."""
    named = request.POST.get("next") or request.GET.get("next") or _referring_page(request)
    return named if named.startswith("/") and _is_ours(request, named) else default


def _referring_page(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if not _is_ours(request, referer) or urlsplit(referer).path == request.path:
        return ""
    return urlsplit(referer)._replace(scheme="", netloc="").geturl()


def _is_ours(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def ask(request: HttpRequest, partial: str, context: dict[str, Any]) -> HttpResponse:
    """A question before something is done: for the dialog alone, or as a page."""
    if is_partial(request):
        return render(request, partial, context)
    return render(request, "components/confirm_page.html", context | {"partial": partial})


def contact_url(pk: uuid.UUID) -> str:
    """The contact's page."""
    return reverse("contacts:detail", args=[pk])


def deleted_contacts() -> str:
    """The Deleted tab."""
    return reverse("contacts:list") + Listing(tab=Tab.DELETED).query


def selected(request: HttpRequest) -> list[uuid.UUID]:
    """The contacts named, each once; Undo names all of them in one value. What is no id is left out."""
    pks = dict.fromkeys(" ".join(request.POST.getlist("contact")).split())
    return [uuid.UUID(pk) for pk in pks if _is_id(pk)]


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def undoable(text: str, url: str, values: Iterable[object] = (), *, name: str = "contact") -> str:
    """A message that ends in an Undo button, which posts the values to `url` (the form is in base.html)."""
    return format_html(
        '{} <button type="submit" class="link" form="post" formaction="{}" name="{}" value="{}">{}</button>',
        text,
        url,
        name,
        " ".join(map(str, values)),
        _("Undo"),
    )
