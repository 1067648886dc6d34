"""The pages of jobs: all of them, one with its progress and report, cancel, undo, download."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django_htmx.http import HttpResponseClientRefresh

from deskscim.web import as_id, as_number, ask, is_ours, is_partial, signed_in

from . import queue
from .errors import CannotUndo
from .models import Job, JobLine, JobQuerySet

PER_PAGE = 30
LINES = 50


class JobView(PermissionRequiredMixin, View):
    """R48: whoever may see jobs sees their own; an admin sees all."""

    permission_required = "jobs.view_job"

    def jobs(self) -> JobQuerySet:
        """Those that may be seen."""
        return Job.objects.seen_by(signed_in(self.request)).select_related("agent", "undone_by", "undoes")

    def job(self, pk: uuid.UUID) -> Job:
        """One of them. Raises Http404, also for one of somebody else's."""
        return get_object_or_404(self.jobs(), pk=pk)


class JobList(JobView):
    """The newest first; ?before= leads on to older ones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page, and one more job than it shows to know whether there are older ones."""
        jobs = self.jobs()
        if before := as_id(request.GET.get("before", "")):
            jobs = jobs.filter(pk__lt=before)
        found = list(jobs[: PER_PAGE + 1])
        context = {"jobs": found[:PER_PAGE], "has_older": len(found) > PER_PAGE}
        return render(request, "jobs/list.html", context)


class JobDetail(JobView):
    """One job: its progress while it runs, asked for every second, then its report."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The page; for htmx the progress alone, and the page anew once the job has ended."""
        job = self.job(pk)
        if is_partial(request):
            return HttpResponseClientRefresh() if job.is_finished else _progress(request, job)
        return render(
            request, "jobs/detail.html", {"job": job, **_not_done(job, request.GET.get("after", ""))}
        )


class JobCancel(JobView):
    """Stop a job."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask it to stop; its page shows when it has."""
        job = self.job(pk)
        queue.cancel(job)
        return redirect("jobs:detail", pk)


class JobUndo(JobView):
    """Take back what a job did."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask: of some jobs it is to be said before what undoing them does."""
        job = self.job(pk)
        page = reverse("jobs:detail", args=[pk])
        context = {"job": job, "action": request.path, "next": page}
        return ask(request, job.undo_question or "jobs/_undo.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Begin, and show how it goes; what is done at once leads back to where the agent was."""
        job = self.job(pk)
        if job.permission and not request.user.has_perm(job.permission):
            raise PermissionDenied(job.permission)
        try:
            undoing = queue.undo(job, agent=signed_in(request))
        except CannotUndo:
            messages.warning(request, _("Nothing is left to undo: it is taken back already."))
            return redirect("jobs:detail", pk)
        back = request.POST.get("next", "")
        is_whole = undoing.state == Job.State.DONE and not undoing.refused
        if is_whole and back.startswith("/") and is_ours(request, back):
            messages.success(request, _undone(undoing.done))
            return redirect(back)
        return redirect("jobs:detail", undoing.pk)


class JobFile(JobView):
    """The file that a job made."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> FileResponse:
        """As a download. Raises Http404 when there is none, or none any more."""
        job = self.job(pk)
        try:
            return FileResponse(job.file.open("rb"), as_attachment=True, filename=job.file_name)
        except (ValueError, FileNotFoundError):
            raise Http404 from None


def _progress(request: HttpRequest, job: Job) -> HttpResponse:
    return render(request, "jobs/_progress.html", {"job": job})


def _not_done(job: Job, after: str) -> dict[str, Any]:
    """One page of what was not done and why, with names where the job's maker knows them."""
    lines = job.lines.filter(outcome=JobLine.Outcome.REFUSED)
    if last := as_number(after):
        lines = lines.filter(pk__gt=last)
    found = list(lines[: LINES + 1])
    names = _names(job, found[:LINES])
    rows = [(line, names.get(line.subject)) for line in found[:LINES]]
    return {"rows": rows, "has_more": len(found) > LINES, "is_first": not after}


def _names(job: Job, lines: Sequence[JobLine]) -> Mapping[str, tuple[str, str]]:
    names: Mapping[str, tuple[str, str]] = import_string(job.describe)(job, lines) if job.describe else {}
    return names


def _undone(count: int) -> str:
    said = ngettext(
        "%(count)d contact is as it was before.", "%(count)d contacts are as they were before.", count
    )
    return said % {"count": count}
