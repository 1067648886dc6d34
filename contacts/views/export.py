"""The current view of the list as a file (R48)."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views import View

from contacts import exporting
from contacts.listing import Listing


class ContactExport(PermissionRequiredMixin, View):
    """The contacts that the address describes, in its order, as CSV or XLSX."""

    permission_required = "contacts.export_contact"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The file, sent while it is being read."""
        listing = Listing.from_query(request.GET)
        lines = exporting.lines(listing.contacts(), exporting.columns())
        response = StreamingHttpResponse(exporting.as_csv(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{file_name("csv")}"'
        return response


def file_name(extension: str) -> str:
    """Named for the day."""
    return f"contacts-{timezone.localdate().isoformat()}.{extension}"
