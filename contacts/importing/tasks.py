"""An import in the background: the check, which writes nothing, and the import itself."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from urllib.parse import urlencode

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.columns import all_columns
from contacts.models import ActorKind, Contact, ContactImport
from contacts.sheets import defused_line
from contacts.values import Actor
from deskscim.jobs.errors import JobFailed
from deskscim.jobs.running import Running

from .judging import Choices, Judge, Outcome, Verdict
from .reading import Row, Unreadable, chunks, table
from .reporting import Report, who
from .writing import locked, unlocked, write

CHUNK = 1000

# What the report says of a row, by its number.
Lines = Mapping[int, list[str]]
Step = Callable[[Judge, Sequence[Row]], tuple[list[Verdict], Lines]]


@dataclass(slots=True)
class Progress:
    """How far a file is: the checkpoint of its job."""

    row: int = 1  # the last one that is settled
    size: int = 0  # of the report
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """How many rows were not refused."""
        return sum(self.counts.values()) - self.counts.get(Outcome.REFUSED, 0)


def check(job: Running) -> None:
    """What the import would do, row by row; the job's file says it of every row."""
    upload = _upload(job)

    def step(judge: Judge, chunk: Sequence[Row]) -> tuple[list[Verdict], Lines]:
        verdicts = judge.judge(chunk, unlocked)
        found = zip(chunk, verdicts, strict=True)
        return verdicts, {
            row.number: [str(row.number), *who(upload.mapping, row.cells), str(one.outcome.label), one.reason]
            for row, one in found
        }

    headings = [_("Row"), _("Name"), _("E-mail"), _("What becomes of it"), _("Why")]
    counts = _go_through(job, upload, headings, step, _("check"))
    ContactImport.objects.filter(pk=upload.pk, check_job=job.job).update(counts=counts)


def carry_out(job: Running) -> None:
    """Import; the job's file holds the refused rows, to be corrected and uploaded again."""
    upload = _upload(job)
    actor = Actor(ActorKind.IMPORT, str(upload.agent))

    def step(judge: Judge, chunk: Sequence[Row]) -> tuple[list[Verdict], Lines]:
        verdicts = judge.judge(chunk, locked)
        write(verdicts, actor)
        job.record_many({str(one.row): one.before for one in verdicts if one.before})
        found = zip(chunk, verdicts, strict=True)
        return verdicts, {
            row.number: [*row.cells, _why(one)] for row, one in found if one.outcome == Outcome.REFUSED
        }

    try:
        _go_through(job, upload, [*upload.headings, _("Why it was refused")], step, _("refused rows"))
    except JobFailed:
        _end(job, upload)
        raise
    _end(job, upload)


def _why(verdict: Verdict) -> str:
    return _("Row %(number)d: %(reason)s") % {"number": verdict.row, "reason": verdict.reason}


def _end(job: Running, upload: ContactImport) -> None:
    """Lead to the contacts that were imported on these days, and forget the file."""
    days = {"created_from": timezone.localdate(job.job.started_at), "created_to": timezone.localdate()}
    query = urlencode({"tab": "all", "source": Contact.Source.IMPORT.value, **days, "sort": "-created"})
    job.lead_to(f"{reverse('contacts:list')}?{query}")
    upload.forget_file()


def _upload(job: Running) -> ContactImport:
    """Raises JobFailed when its file is gone."""
    upload = ContactImport.objects.select_related("agent").filter(pk=job.arguments["import"]).first()
    if upload is None or not upload.file:
        raise JobFailed(_("The file is not here any more. Upload it again."))
    return upload


def _go_through(
    job: Running, upload: ContactImport, headings: list[str], step: Step, kind: str
) -> dict[str, int]:
    """Have every chunk settled, each in one transaction; how many rows came to which outcome.

    Raises JobFailed for a file that cannot be read to its end; what came before stays.
    """
    progress = Progress(**(job.checkpoint or {}))
    job.resume_at(progress.done)
    choices = Choices(create=upload.create_new, update=upload.update_existing)
    judge = Judge(upload.mapping, all_columns(), choices)
    path = upload.report_path(job.job.pk)
    with upload.file.open("rb") as file, Report.carried_on(path, progress.size, headings) as report:
        try:
            with table(file) as found:
                for chunk in chunks(found.rows, CHUNK):
                    ahead = [row for row in chunk if row.number > progress.row]
                    judge.pass_over(chunk[: len(chunk) - len(ahead)])
                    if job.is_cancelled:
                        break
                    if ahead:
                        _settle(job, judge, ahead, step, progress, report)
        except Unreadable as unreadable:
            raise JobFailed(str(unreadable)) from None
        job.attach(f"{PurePath(upload.name).stem} {kind}.csv", File(report.whole()))
    path.unlink(missing_ok=True)
    return progress.counts


def _settle(
    job: Running, judge: Judge, chunk: Sequence[Row], step: Step, progress: Progress, report: Report
) -> None:
    with transaction.atomic():
        verdicts, lines = step(judge, chunk)
    places = {row: report.add(defused_line(line)) for row, line in lines.items()}
    progress.row, progress.size = chunk[-1].number, report.saved()
    for one in verdicts:
        if one.outcome == Outcome.REFUSED:
            job.refuse(one.row, one.reason, places[one.row])
    counts = Counter(one.outcome.value for one in verdicts)
    job.advance(len(chunk) - counts[Outcome.REFUSED])
    progress.counts = dict(Counter(progress.counts) + counts)
    job.keep(asdict(progress))
