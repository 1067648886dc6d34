"""The page of one contact."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views import View

from contacts import disagreements, facts
from contacts.duplicates import suggestions
from contacts.history import Wanted, history
from contacts.labels import label
from contacts.listing import Listing
from contacts.listing.neighbours import neighbours
from contacts.models import Action, ActorKind, Contact, ContactField, TimelineEntry
from contacts.sync import explain
from contacts.timeline import differences

from .common import from_list

TICKETS = 50


class ContactDetail(PermissionRequiredMixin, View):
    """Details, note, addresses, company, custom fields, Entra Sync, duplicates, timeline, tickets."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """What the parts of the page show."""
        people = Contact.objects.select_related("company", "connection").prefetch_related("addresses")
        contact = get_object_or_404(people, pk=pk)
        fields = list(ContactField.objects.all())
        custom = {field.api_name: field.label for field in fields}
        context = {
            "contact": contact,
            "can_edit": not contact.is_deleted and request.user.has_perm("contacts.change_contact"),
            "details": facts.details(contact),
            "can_follow_domain": facts.can_follow_domain(contact),
            "note": facts.note(contact),
            "custom_fields": facts.custom_fields(contact, fields),
            "suggestions": suggestions(contact),
            "history": history(contact, Wanted.from_query(request.GET), custom),
            "actions": Action.choices,
            "actors": ActorKind.choices,
            "deletion": contact.is_deleted and _last(contact, action=Action.DELETED),
            "suspension": contact.is_suspended and _last(contact, action=Action.SUSPENDED),
        }
        context |= _entra(contact, custom) | _tickets(contact) | _list(request, contact)
        return render(request, "contacts/detail.html", context)


def _entra(contact: Contact, custom: Mapping[str, str]) -> dict[str, Any]:
    """How it stands with Entra ID: in a sentence, by its last change, and where the two differ."""
    change = _last(contact, actor_kind=ActorKind.CONNECTION) if contact.last_synced_at else None
    return {
        "explanation": explain(contact),
        "managed": [label(column, custom) for column in contact.entra_fields],
        "unapplied": disagreements.unapplied(contact, custom),
        "overridden": disagreements.overridden(contact, custom),
        "entra_change": change,
        "entra_differences": differences(change, custom) if change else [],
    }


def _list(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """The list from which the agent came, and who is beside the contact in it."""
    query = request.GET.get("list", "")
    if not query:
        return {"list_query": ""}
    listing = Listing.from_query(QueryDict(query.removeprefix("?")))
    return {
        "list_query": listing.query,
        "from_list": from_list(listing),
        "neighbours": neighbours(listing, contact.pk),
    }


def _tickets(contact: Contact) -> dict[str, Any]:
    tickets = list(contact.tickets.all()[: TICKETS + 1])
    return {"tickets": tickets[:TICKETS], "more_tickets": len(tickets) > TICKETS}


def _last(contact: Contact, **which: str) -> TimelineEntry | None:
    return contact.timeline.filter(**which).first()
