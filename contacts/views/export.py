"""The current view of the list as a file (R48)."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from contacts import exporting
from contacts.sheets import as_csv, write_xlsx
from deskscim.jobs.queue import enqueue

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

XLSX = "xlsx"
MOST_AT_ONCE = 5000  # rows of a workbook that is made while the agent waits


class ContactExport(PermissionRequiredMixin, View):
    """The contacts that the address describes, in its order, as CSV or XLSX."""

    permission_required = "contacts.export_contact"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The file, sent while it is read; a large workbook is made in the background."""
        contacts, columns = exporting.view(request.GET)
        file_format = request.GET.get("format", "")
        if file_format == XLSX and contacts.order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
            return self._in_background(request)
        lines = exporting.lines(contacts, columns)
        return download(lines, file_format, exporting.file_name())

    def _in_background(self, request: HttpRequest) -> HttpResponseBase:
        job = enqueue(
            "contacts.exporting.make_workbook",
            agent=cast("AbstractBaseUser", request.user),
            title=_("Export contacts"),
            arguments={"query": request.GET.urlencode(), "language": get_language()},
        )
        return redirect("jobs:detail", job.pk)


def download(lines: Iterable[Sequence[str]], file_format: str, name: str) -> HttpResponseBase:
    """The lines as a file: XLSX if that is the format, else CSV."""
    if file_format == XLSX:
        file = BytesIO()
        write_xlsx(file, _("Contacts"), lines)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")
    response = StreamingHttpResponse(as_csv(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
