"""Whom the rows of an import are about, as the pages of its jobs call them (deskscim.jobs)."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from contacts import stepping
from contacts.models import ContactImport
from deskscim.jobs.models import Job, JobLine

from .reporting import CHECKED, line_at, who

Names = dict[str, tuple[str, str]]


def describe(job: Job, lines: Sequence[JobLine]) -> Names:
    """Each row by its number and name, and the page of its contact where an undoing has left one."""
    return _by_contact(job.undoes, lines) if job.undoes else _by_file(job, lines)


def _by_contact(undone: Job, lines: Sequence[JobLine]) -> Names:
    """Of rows that could not be taken back."""
    rows = undone.lines.filter(outcome=JobLine.Outcome.DONE, subject__in=[line.subject for line in lines])
    contacts: Mapping[str, str] = dict(rows.values_list("subject", "before__contact"))
    named = stepping.named(list(contacts.values()))
    found = {row: named.get(pk, ("", "")) for row, pk in contacts.items()}
    return {row: (_called(row, name), page) for row, (name, page) in found.items()}


def _by_file(job: Job, lines: Sequence[JobLine]) -> Names:
    """Of refused rows, which the job's file holds."""
    people = _people(job, lines)
    return {line.subject: (_called(line.subject, *people.get(line.subject, ())), "") for line in lines}


def _people(job: Job, lines: Sequence[JobLine]) -> Mapping[str, tuple[str, str]]:
    upload = ContactImport.objects.filter(import_job=job).first()
    mapping = upload.mapping if upload else CHECKED
    try:
        with job.file.open("rb") as file:
            places = {line.subject: line.before for line in lines if line.before is not None}
            return {row: who(mapping, line_at(file, place)) for row, place in places.items()}
    except (ValueError, FileNotFoundError):  # the job came to no end, or its file is gone by now
        return {}


def _called(row: str, *names: str) -> str:
    number = _("Row %(number)s") % {"number": row}
    named = " · ".join(filter(None, names))
    return f"{number}: {named}" if named else number
