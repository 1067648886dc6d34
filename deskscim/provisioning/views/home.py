"""The way to everything that only admins set."""

from dataclasses import dataclass

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View

from companies.paging import count_capped
from contacts.models import Contact
from deskscim.provisioning.models import Conflict


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the page: the URL's name, what it is called, what one does there."""

    url: str
    icon: str
    label: str | Promise
    text: str | Promise


ENTRIES = (
    Entry(
        "admin:provisioning_connection_changelist",
        "link",
        _("Connections"),
        _("Who pushes contacts, and how."),
    ),
    Entry("admin:provisioning_token_changelist", "key", _("Tokens"), _("Issue and revoke secret tokens.")),
    Entry(
        "admin:provisioning_logentry_changelist",
        "clipboard-document-list",
        _("Provisioning log"),
        _("Every write and every failure, with what to do about it."),
    ),
    Entry(
        "admin:contacts_contactfield_changelist",
        "rectangle-group",
        _("Contact fields"),
        _("Custom fields of contacts and their API names."),
    ),
    Entry(
        "admin:agents_agent_changelist", "user-group", _("Agents"), _("Who may sign in, and with which role.")
    ),
    Entry("admin:index", "cog-6-tooth", _("Everything else"), _("The Django admin with all of its tables.")),
)


class Home(PermissionRequiredMixin, View):
    """Settings."""

    permission_required = "provisioning.change_connection"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        context = {
            "entries": ENTRIES,
            "waiting": Conflict.objects.waiting().count(),
            "failing": count_capped(Contact.objects.filter(sync_failed_at__isnull=False)),
        }
        return render(request, "settings/home.html", context)
