"""The current view of the list as a file (R48)."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from contacts import exporting
from contacts.listing import Listing
from contacts.sheets import as_csv, write_xlsx
from deskscim.jobs.queue import enqueue
from deskscim.readers import kept_for_reader
from deskscim.web import ask, signed_in

XLSX = "xlsx"
MOST_AT_ONCE = 5000  # rows of a workbook that is made while the agent waits


class ContactExport(PermissionRequiredMixin, View):
    """The contacts that the address describes, in its order, as CSV or XLSX."""

    permission_required = "contacts.export_contact"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The file, sent while it is read; before a large workbook is begun, it is asked whether to."""
        contacts, columns = exporting.view(request.GET)
        file_format = request.GET.get("format", "")
        if file_format == XLSX and contacts.order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
            return self._ask(request)
        lines = exporting.lines(contacts, columns)
        return download(lines, file_format, exporting.file_name())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """The workbook, made in the background; the job's page shows the rest."""
        job = enqueue(
            "contacts.exporting.make_workbook",
            agent=signed_in(request),
            title=_("Export contacts"),
            arguments={"query": request.GET.urlencode()},
        )
        return redirect("jobs:detail", job.pk)

    def _ask(self, request: HttpRequest) -> HttpResponseBase:
        context = {
            "most": MOST_AT_ONCE,
            "action": request.get_full_path(),
            "next": reverse("contacts:list") + Listing.from_query(request.GET).query,
        }
        return ask(request, "contacts/_export_large.html", context)


def download(lines: Iterable[Sequence[str]], file_format: str, name: str) -> HttpResponseBase:
    """The lines as a file: XLSX if that is the format, else CSV."""
    if file_format == XLSX:
        file = BytesIO()
        write_xlsx(file, _("Contacts"), lines)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")
    response = StreamingHttpResponse(kept_for_reader(as_csv(lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
