"""Filters of the contacts' list in the Django admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class StateFilter(admin.SimpleListFilter):
    """The tabs of the portal."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Their names."""
        return [("active", "Active"), ("suspended", "Suspended"), ("deleted", "Deleted")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The contacts of the chosen one, else all."""
        tabs: dict[str, Any] = {
            "active": queryset.active,
            "suspended": queryset.suspended,
            "deleted": queryset.deleted,
        }
        return tabs.get(self.value() or "", queryset.all)()
