"""The provisioning log in the Django admin, with what to do about each failure (R44)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contacts.admin.base import ReadOnly
from deskscim.provisioning.cures import cure
from deskscim.provisioning.models import LogEntry


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly):
    """Written at the edge of /entra, never here."""

    list_display = (
        "at", "outcome", "shown_cure", "action", "connection", "contact", "status", "reason", "duration_ms",
    )  # fmt: skip
    list_filter = ("outcome", "action", "status", "at", "connection", "reason")
    list_select_related = ("connection", "contact")
    fields = (
        "at", "connection", "contact", "method", "action", "outcome", "status", "reason", "shown_cure",
        "notes", "ignored", "duration_ms",
    )  # fmt: skip
    list_per_page = 50
    show_full_result_count = False

    @admin.display(description=_("what to do"))
    def shown_cure(self, entry: LogEntry) -> str:
        """The cure in plain words."""
        return cure(entry.reason)
