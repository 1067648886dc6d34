"""Importing contacts: upload, what the columns mean, the check and its report, the import (R48)."""

import csv
from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from contacts.columns import all_columns
from contacts.importing import service
from contacts.importing.forms import PREVIEW, MappingForm, UploadForm
from contacts.importing.judging import Outcome
from contacts.importing.reading import table
from contacts.models import ContactImport
from contacts.sheets import MARK
from deskscim.web import signed_in

from .export import download

REPORTED = 100  # rows


class ImportView(PermissionRequiredMixin, View):
    """What every step needs."""

    permission_required = "contacts.import_contact"

    def upload(self, pk: int) -> ContactImport:
        """One of the agent's own. Raises Http404."""
        uploads = ContactImport.objects.select_related("check_job", "import_job")
        return get_object_or_404(uploads, pk=pk, agent=signed_in(self.request))


class ImportUpload(ImportView):
    """The first step: a file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What can be uploaded, with templates to fill in."""
        return self._page(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file, or say what is wrong with it."""
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form)
        file = form.cleaned_data["file"]
        upload = service.begin(file, form.headings, agent=signed_in(request), columns=all_columns())
        return redirect("contacts:import-file", upload.pk)

    def _page(self, form: UploadForm) -> HttpResponse:
        return render(self.request, "contacts/import/upload.html", {"form": form, "columns": all_columns()})


class ImportFile(ImportView):
    """One file: what its columns mean, then the check, then its report."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The step at which it is; `?columns` goes back to the columns."""
        upload = self.upload(pk)
        if upload.import_job:
            return redirect("jobs:detail", upload.import_job.pk)
        if not upload.file:
            messages.warning(request, _("This file is not here any more. Upload it again."))
            return redirect("contacts:import")
        if upload.check_job is None or "columns" in request.GET:
            return self._columns(upload, self._form(upload))
        return render(request, "contacts/import/check.html", {"upload": upload, **_report(upload)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check the file with these columns and choices."""
        upload = self.upload(pk)
        form = self._form(upload)
        if upload.import_job or not upload.file:
            return redirect("contacts:import-file", pk)
        if not form.is_valid():
            return self._columns(upload, form)
        chosen = form.cleaned_data
        service.start_check(
            upload, form.mapping(), create=chosen["create_new"], update=chosen["update_existing"]
        )
        return redirect("contacts:import-file", pk)

    def _form(self, upload: ContactImport) -> MappingForm:
        return MappingForm(
            self.request.POST if self.request.method == "POST" else None,
            headings=upload.headings,
            columns=all_columns(),
            mapping=upload.mapping,
            initial={"update_existing": upload.update_existing, "create_new": upload.create_new},
        )

    def _columns(self, upload: ContactImport, form: MappingForm) -> HttpResponse:
        with upload.file.open("rb") as file, table(file) as found:
            cells = zip(*(row.cells for row in islice(found.rows, PREVIEW)), strict=False)
            examples = (list(filter(None, column)) for column in cells)
            columns = list(zip(form.columns, examples, strict=False))
        context = {"upload": upload, "form": form, "columns": columns}
        return render(self.request, "contacts/import/columns.html", context)


class ImportRun(ImportView):
    """The last step: have it imported."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin, once; the job's page shows the rest."""
        job = service.start_import(self.upload(pk))
        return redirect("jobs:detail", job.pk) if job else redirect("contacts:import-file", pk)


class ImportTemplate(ImportView):
    """An empty file with every heading that is understood."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """As CSV, or as XLSX for `?format=xlsx`."""
        headings: Sequence[str] = [column.label for column in all_columns()]
        return download([headings], request.GET.get("format", ""), "deskscim-contacts")


def _report(upload: ContactImport) -> dict[str, Any]:
    """What the check found: how many rows of each outcome, and the first rows one by one."""
    if not upload.is_checked or upload.check_job is None:
        return {}
    outcomes = [(outcome, upload.counts.get(outcome, 0)) for outcome in Outcome]
    with upload.check_job.file.open("r") as file:
        lines = csv.reader(line.removeprefix(MARK) for line in file)
        return {"outcomes": outcomes, "headings": next(lines), "lines": list(islice(lines, REPORTED))}
