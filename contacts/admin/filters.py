"""Filters of the contacts' list in the Django admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StateFilter(admin.SimpleListFilter):
    """The tabs of the portal."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Their names."""
        return [("active", _("Active")), ("suspended", _("Suspended")), ("deleted", _("Deleted"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The contacts of the chosen one, else all."""
        tabs: dict[str, Any] = {
            "active": queryset.active,
            "suspended": queryset.suspended,
            "deleted": queryset.deleted,
        }
        return tabs.get(self.value() or "", queryset.all)()
