"""What a picker of contacts offers while somebody types."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from contacts.ticketforms import ContactPicker


class ContactPick(PermissionRequiredMixin, View):
    """The first contacts that ?q= finds, as options of a list box."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The options."""
        choices = ContactPicker().found(request.GET.get("q", ""))
        return render(request, "components/_picker_options.html", {"choices": choices})
