"""The page of one contact."""

import uuid
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from contacts.labels import label
from contacts.models import Action, Contact, ContactField, TimelineEntry
from contacts.sync import explain
from contacts.timeline import differences

LINES = 50
TICKETS = 50


class ContactDetail(PermissionRequiredMixin, View):
    """Details, addresses, company, custom fields, Entra Sync, timeline, tickets."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """What the parts of the page show."""
        people = Contact.objects.select_related("company", "connection").prefetch_related("addresses")
        contact = get_object_or_404(people, pk=pk)
        fields = list(ContactField.objects.all())
        custom = {field.api_name: field.label for field in fields}
        context = {
            "contact": contact,
            "custom_fields": [
                (field, contact.custom_fields.get(field.api_name)) for field in fields if field.active
            ],
            "explanation": explain(contact),
            "managed": [label(column, custom) for column in contact.entra_fields],
            "unapplied": [label(api_name, custom) for api_name in contact.unapplied],
            "deletion": contact.is_deleted and _last(contact, Action.DELETED),
            "suspension": contact.is_suspended and _last(contact, Action.SUSPENDED),
        }
        timeline = _timeline(contact, custom, _page_number(request.GET.get("timeline", "")))
        return render(request, "contacts/detail.html", context | _tickets(contact) | timeline)


def _tickets(contact: Contact) -> dict[str, Any]:
    tickets = list(contact.tickets.all()[: TICKETS + 1])
    return {"tickets": tickets[:TICKETS], "more_tickets": len(tickets) > TICKETS}


def _timeline(contact: Contact, custom: dict[str, str], page: int) -> dict[str, Any]:
    """One page of the timeline; one line more than shown tells whether older ones exist."""
    entries = list(contact.timeline.all()[(page - 1) * LINES : page * LINES + 1])
    return {
        "lines": [(entry, differences(entry, custom)) for entry in entries[:LINES]],
        "older": page + 1 if len(entries) > LINES else None,
        "newer": page - 1 or None,
    }


def _last(contact: Contact, action: Action) -> TimelineEntry | None:
    return contact.timeline.filter(action=action).first()


def _page_number(text: str) -> int:
    """Anything but a sensible number is the first page."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) else 1
