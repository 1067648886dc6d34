"""Settings > Conflicts: the queue, and one entry with both of its sides (R15)."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from contacts.models import Contact
from deskscim.provisioning import deciding, sides
from deskscim.provisioning.models import Conflict
from deskscim.provisioning.models.conflict import ConflictQuerySet

PER_PAGE = 30
PERMISSION = "provisioning.change_conflict"


class Tab(TextChoices):
    """What waits for an admin, and what was decided."""

    OPEN = "open", _("Open")
    DECIDED = "decided", _("Decided")

    def rows(self) -> ConflictQuerySet:
        """Its entries, the newest first."""
        if self == Tab.OPEN:
            return Conflict.objects.waiting()
        return Conflict.objects.decided().order_by("-decided_at", "-id")


class ConflictList(PermissionRequiredMixin, View):
    """The queue."""

    permission_required = PERMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page of one tab."""
        tab = Tab.DECIDED if request.GET.get("tab") == Tab.DECIDED else Tab.OPEN
        tabs = [_tab(one, is_current=one == tab) for one in Tab]
        paginator = Paginator(tab.rows().select_related("connection").prefetch_related("contacts"), PER_PAGE)
        paginator.count = next(one["count"] for one in tabs if one["is_current"])
        page = paginator.get_page(request.GET.get("page"))
        rows = [(entry, sides.reason(entry.reason)) for entry in page]
        context = {"tab": tab, "tabs": tabs, "page": page, "rows": rows}
        return render(request, "settings/conflicts/list.html", context)


def _tab(tab: Tab, *, is_current: bool) -> dict[str, Any]:
    url = reverse("settings:conflicts") + ("" if tab == Tab.OPEN else f"?tab={tab}")
    return {"label": tab.label, "url": url, "count": tab.rows().count(), "is_current": is_current}


class ConflictDetail(PermissionRequiredMixin, View):
    """Both sides of one entry, and what can be decided; or what was."""

    permission_required = PERMISSION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        entry = get_object_or_404(Conflict.objects.select_related("connection"), pk=pk)
        seen = deciding.Seen.of(entry)
        context = {"entry": entry, "seen": seen, "reason": sides.reason(entry.reason)}
        if not entry.is_open:
            context["person"] = person = deciding.person(seen)
            context["has_come"] = person is not None and _was_written_since(person, entry)
            return render(request, "settings/conflicts/decided.html", context)
        context |= {
            "wanted": sides.wanted(entry.attempted),
            "sides": [(one, sides.standing(one, entry.attempted)) for one in seen.contacts],
            "can_link": deciding.can_link(seen),
            "pairs": deciding.pairs(seen),
        }
        return render(request, "settings/conflicts/detail.html", context)


def _was_written_since(person: Contact, entry: Conflict) -> bool:
    decided, synced = entry.decided_at, person.last_synced_at
    return person.is_linked and decided is not None and synced is not None and synced > decided
