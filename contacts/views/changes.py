"""Whether what is on screen has changed since; asked by static/deskscim/live.js every few seconds."""

import uuid

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from contacts.models import TimelineEntry

MOST = 99  # what is beyond is "99+": no question grows with what happened


class Changes(PermissionRequiredMixin, View):
    """How many changes came after the timeline entry `since`: of all contacts, or of the one named."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        """A notice with a way to see them, or 204. Raises Http404 for an address that no page made."""
        try:
            since = int(request.GET["since"])
            contact = uuid.UUID(request.GET["contact"]) if "contact" in request.GET else None
        except (KeyError, ValueError):
            raise Http404 from None
        count = sum(pk > since for pk in _latest(contact).values_list("pk", flat=True)[: MOST + 1])
        if not count:
            return HttpResponse(status=204)
        context = {"count": count, "most": MOST, "contact": contact}
        return render(request, "contacts/_changes.html", context)


def _latest(contact: uuid.UUID | None) -> QuerySet[TimelineEntry]:
    """The newest entries, in the order of an index."""
    if contact:
        return TimelineEntry.objects.filter(contact=contact)
    return TimelineEntry.objects.order_by("-pk")
