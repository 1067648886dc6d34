"""Timelines in the Django admin (R43)."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from contacts.models import TimelineEntry

from .base import ReadOnly


@admin.register(TimelineEntry)
class TimelineEntryAdmin(ReadOnly):
    """Lines are written by the lifecycle alone and go with their contact."""

    list_display = ("at", "contact", "action", "actor_kind", "actor_label")
    list_filter = ("action", "actor_kind", "at")
    list_select_related = ("contact",)
    fields = ("contact", "at", "action", "actor_kind", "actor_label", "shown_changes")
    show_full_result_count = False

    @admin.display(description=_("changes"))
    def shown_changes(self, entry: TimelineEntry) -> str:
        """Each field, old and new."""
        rows = ((name, *pair) for name, pair in entry.changes.items())
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {} → {}</li>", rows))
