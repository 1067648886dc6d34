"""Whether what is on screen has changed since; asked by static/deskscim/live.js every few seconds."""

import uuid

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from contacts.changes import AGAIN, MOST, Mark


class Changes(PermissionRequiredMixin, View):
    """How many changes came after the mark of a page: of all contacts, or of the one named."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        """A notice with a way to see them, or 204. Raises Http404 for an address that no page made."""
        try:
            mark = Mark(int(request.GET["since"]), int(request.GET["seen"]))
            contact = uuid.UUID(request.GET["contact"]) if "contact" in request.GET else None
        except (KeyError, ValueError):
            raise Http404 from None
        count = mark.changes(contact) if mark.seen in range(AGAIN + 1) else 0
        if count <= 0:
            return HttpResponse(status=204)
        context = {"count": count, "most": MOST, "contact": contact}
        return render(request, "contacts/_changes.html", context)
