"""The mapping report: every domain that contacts have, and what keeps it from mapping (R36 to R40)."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import View

from companies.paging import PER_PAGE
from contacts.seendomains import seen

TABS = {"": _("Without a company"), "mapped": _("Mapped")}


class MappingReport(PermissionRequiredMixin, View):
    """The domains of contacts without a company, each with what mends it; ?tab=mapped has the others.

    A domain of which some are blank and some are not is in both. ?after= is the domain to go on behind.
    """

    permission_required = "companies.view_company"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        tab = "mapped" if request.GET.get("tab") == "mapped" else ""
        after = request.GET.get("after", "").replace("\0", "")
        found = seen(mapped=tab == "mapped", after=after, limit=PER_PAGE + 1)
        context = {
            "tab": tab,
            "tabs": [
                {"label": label, "url": f"?tab={name}" if name else "?", "is_current": name == tab}
                for name, label in TABS.items()
            ],
            "domains": found[:PER_PAGE],
            "after": after,
            "next": found[PER_PAGE - 1].domain if len(found) > PER_PAGE else "",
        }
        return render(request, "companies/mapping.html", context)
