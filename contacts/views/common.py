"""What the portal's views share: where to come back to, who acts, a part or a whole page."""

import uuid
from collections.abc import Iterable
from typing import cast
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from contacts import lifecycle
from contacts.listing import Listing, Tab
from contacts.models import Contact
from contacts.values import Actor
from deskscim.jobs.models import Job
from deskscim.web import as_id, is_ours, signed_in

LONGEST_LIST = 2000


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


def next_url(request: HttpRequest, default: str) -> str:
    """The page of this site to come back to: the one named, else the one that the request came from."""
    named = request.POST.get("next") or request.GET.get("next") or _referring_page(request)
    return named if named.startswith("/") and is_ours(request, named) else default


def _referring_page(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if not is_ours(request, referer) or urlsplit(referer).path == request.path:
        return ""
    return urlsplit(referer)._replace(scheme="", netloc="").geturl()


def contact_url(pk: uuid.UUID) -> str:
    """The contact's page."""
    return reverse("contacts:detail", args=[pk])


def from_list(listing: Listing) -> str:
    """What the address of a contact's page says of the list it was opened from.

    Nothing of a list whose address is so long that no web server took it escaped once more.
    """
    return f"?{urlencode({'list': listing.query})}" if len(listing.query) <= LONGEST_LIST else ""


def deleted_contacts() -> str:
    """The Deleted tab."""
    return reverse("contacts:list") + Listing(tab=Tab.DELETED).query


def selected(request: HttpRequest) -> list[uuid.UUID]:
    """The contacts named, each once; Undo names all of them in one value. What is no id is left out."""
    pks = dict.fromkeys(" ".join(request.POST.getlist("contact")).split())
    return [one for one in map(as_id, pks) if one]


def tell(request: HttpRequest, job: Job, done: str) -> None:
    """What a job did that is at its end, how to undo it, and what was not done and why."""
    if job.failure:
        messages.error(request, job.failure)
    if job.done:
        undo = reverse("jobs:undo", args=[job.pk])
        messages.success(request, undoable(done, undo) if job.can_be_undone else done)
    for reason, count in job.reasons.items():
        left = _("%(count)d left as before: %(reason)s") % {"count": count, "reason": reason}
        messages.warning(request, left)


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
