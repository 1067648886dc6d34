"""Tickets in the Django admin; into and out of spam they go through `contacts.tickets` alone (R27, R35)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts import lifecycle, tickets
from contacts.models import Ticket
from contacts.values import Actor

from .base import IdsOnlyLog, RefusalsShown


@admin.register(Ticket)
class TicketAdmin(RefusalsShown, IdsOnlyLog):
    """A ticket goes only with its contact."""

    list_display = ("subject", "contact", "status", "spam_cause", "created_at")
    list_filter = ("status", "spam_cause", "created_at")
    list_select_related = ("contact",)
    search_fields = ("subject", "contact__name")
    autocomplete_fields = ("contact",)
    actions = ("mark_spam", "unmark_spam")

    def get_fields(self, request: HttpRequest, obj: Ticket | None = None) -> list[Any]:
        """A new ticket is open and no spam."""
        opening = ["contact", "subject", "description"]
        return [*opening, "status", "spam_cause", "created_at", "updated_at"] if obj else opening

    def get_readonly_fields(self, request: HttpRequest, obj: Ticket | None = None) -> list[str]:
        """A ticket stays with its contact."""
        return ["contact", "spam_cause", "created_at", "updated_at"] if obj else []

    def save_model(self, request: HttpRequest, obj: Ticket, form: Any, change: bool) -> None:
        """Open it, or write only what was changed, so that a spam cause set meanwhile is not overwritten."""
        if change:
            obj.save(update_fields=[*form.changed_data, "updated_at"])
            return
        contact = lifecycle.lock(obj.contact_id)
        obj.pk = tickets.open_ticket(contact=contact, subject=obj.subject, description=obj.description).pk

    @admin.action(description=_("Mark as spam (suspends the contact)"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        """R35, one after the other."""
        actor = Actor.agent(request.user)  # type: ignore[arg-type]  # the admin lets nobody else in
        keys = queryset.values_list("pk", flat=True)
        done = ngettext_lazy(
            "%(number)s ticket marked as spam.", "%(number)s tickets marked as spam.", "number"
        )
        self.each(request, keys, lambda key: tickets.mark_spam(ticket_id=key, actor=actor), done)

    @admin.action(description=_("Not spam (the contact stays as it is)"), permissions=["change"])
    def unmark_spam(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        """Out of spam, one after the other."""
        keys = queryset.values_list("pk", flat=True)
        done = ngettext_lazy(
            "%(number)s ticket taken out of spam.", "%(number)s tickets taken out of spam.", "number"
        )
        self.each(request, keys, lambda key: tickets.unmark_spam(ticket_id=key), done)
