"""An import in the background: the check, which writes nothing, and the import itself."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BufferedRandom
from pathlib import Path, PurePath

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from contacts.columns import all_columns
from contacts.models import ActorKind, ContactImport
from contacts.sheets import MARK, as_csv, defused
from contacts.values import Actor
from deskscim.jobs.errors import JobFailed
from deskscim.jobs.running import Running

from .judging import Choices, Judge, Outcome, Verdict
from .reading import Row, Unreadable, chunks, table
from .writing import locked, unlocked, write

CHUNK = 1000

Lines = list[list[str]]


@dataclass(slots=True)
class Progress:
    """How far a file is: the checkpoint of its job."""

    row: int = 1  # the last one that is settled
    size: int = 0  # of the report
    counts: dict[str, int] = field(default_factory=dict)


def check(job: Running) -> None:
    """What the import would do, row by row; the job's file says it of every row."""
    upload = _upload(job)

    def step(judge: Judge, chunk: Sequence[Row]) -> tuple[list[Verdict], Lines]:
        verdicts = judge.judge(chunk, unlocked)
        return verdicts, [[str(one.row), str(one.outcome.label), one.reason] for one in verdicts]

    with override(job.arguments["language"]):
        headings = [_("Row"), _("What becomes of it"), _("Why")]
        counts = _go_through(job, upload, headings, step, _("check"))
    ContactImport.objects.filter(pk=upload.pk).update(counts=counts)


def carry_out(job: Running) -> None:
    """Import; the job's file holds the refused rows, to be corrected and uploaded again."""
    upload = _upload(job)
    actor = Actor(ActorKind.IMPORT, str(upload.agent))

    def step(judge: Judge, chunk: Sequence[Row]) -> tuple[list[Verdict], Lines]:
        verdicts = judge.judge(chunk, locked)
        write(verdicts, actor)
        found = zip(chunk, verdicts, strict=True)
        refused = [[*row.cells, one.reason] for row, one in found if one.outcome == Outcome.REFUSED]
        return verdicts, [[defused(cell) for cell in line] for line in refused]

    with override(job.arguments["language"]):
        headings = [*upload.headings, _("Why it was refused")]
        _go_through(job, upload, headings, step, _("refused rows"))
    upload.forget_file()


Step = Callable[[Judge, Sequence[Row]], tuple[list[Verdict], Lines]]


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
    choices = Choices(create=upload.create_new, update=upload.update_existing)
    judge = Judge(upload.mapping, all_columns(), choices)
    with upload.file.open("rb") as file, _report(upload, progress, headings) as report:
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
        report.seek(0)
        job.attach(f"{PurePath(upload.name).stem} - {kind}.csv", File(report))
    _report_path(upload).unlink()
    return progress.counts


def _settle(
    job: Running, judge: Judge, chunk: Sequence[Row], step: Step, progress: Progress, report: BufferedRandom
) -> None:
    with transaction.atomic():
        verdicts, lines = step(judge, chunk)
    report.write("".join(as_csv(lines)).removeprefix(MARK).encode())
    report.flush()
    for one in verdicts:
        if one.outcome == Outcome.REFUSED:
            job.refuse(_("Row %(number)d") % {"number": one.row}, one.reason)
    counts = Counter(one.outcome.value for one in verdicts)
    job.advance(len(chunk) - counts[Outcome.REFUSED])
    progress.row, progress.size = chunk[-1].number, report.tell()
    progress.counts = dict(Counter(progress.counts) + counts)
    job.keep(asdict(progress))


@contextmanager
def _report(upload: ContactImport, progress: Progress, headings: list[str]) -> Iterator[BufferedRandom]:
    """The report as it was at the checkpoint, to be carried on."""
    path = _report_path(upload)
    path.touch()
    with path.open("r+b") as file:
        file.truncate(progress.size)
        file.seek(progress.size)
        if not progress.size:
            file.write("".join(as_csv([headings])).encode())
        yield file


def _report_path(upload: ContactImport) -> Path:
    return Path(f"{upload.file.path}.report")
