"""What a picker of companies offers while somebody types."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from companies.pickers import CompanyPicker


class CompanyPick(PermissionRequiredMixin, View):
    """The first companies that ?q= finds, as options of a list box; ?none offers no company as well."""

    permission_required = "companies.view_company"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The options."""
        choices = CompanyPicker(or_none="none" in request.GET).found(request.GET.get("q", ""))
        return render(request, "components/_picker_options.html", {"choices": choices})
