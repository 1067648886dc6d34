"""The steps of an import, as the portal takes them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from contacts.columns import Column
from contacts.models import ContactImport, headings_key
from deskscim.jobs.models import Job
from deskscim.jobs.queue import cancel, enqueue

from .guessing import guess

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

_TASKS = f"{__package__}.tasks"
_NAMES = f"{__package__}.naming.describe"
_UNDOING = {
    "undo": f"{__package__}.undoing.undo",
    "undo_question": "contacts/import/_undo.html",
    "permission": "contacts.import_contact",
}


def begin(
    file: "UploadedFile[bytes]",
    headings: Sequence[str],
    *,
    agent: "AbstractBaseUser",
    columns: Sequence[Column],
) -> ContactImport:
    """Keep the file, with what the agent last said of such headings, else a guess."""
    upload = ContactImport(
        agent_id=agent.pk,
        name=(file.name or "")[-255:],
        headings=list(headings),
        headings_key=headings_key(headings),
    )
    known = {column.key for column in columns} | {""}
    if before := _last(upload):
        upload.mapping = [key if key in known else "" for key in before.mapping]
        upload.create_new, upload.update_existing = before.create_new, before.update_existing
    else:
        upload.mapping = guess(headings, columns)
    upload.file.save("contacts", file, save=False)
    upload.save()
    return upload


def _last(upload: ContactImport) -> ContactImport | None:
    same = ContactImport.objects.filter(agent=upload.agent_id, headings_key=upload.headings_key)
    return same.exclude(check_job=None, import_job=None).first()


@transaction.atomic
def start_check(upload: ContactImport, mapping: Sequence[str], *, create: bool, update: bool) -> None:
    """Have the file checked with these columns and choices; a check with others ends, an import stays."""
    upload = _locked(upload)
    if upload.import_job:
        return
    if upload.check_job:
        cancel(upload.check_job)
    upload.mapping, upload.create_new, upload.update_existing = list(mapping), create, update
    upload.counts = {}
    upload.check_job = _enqueue(upload, "check", _("Check %(name)s") % {"name": upload.name}, None)
    upload.save()


@transaction.atomic
def start_import(upload: ContactImport) -> Job | None:
    """Have it imported; asked twice, once. None while it is not checked as it is now."""
    upload = _locked(upload)
    if upload.import_job is None and upload.is_checked:
        title = _("Import %(name)s") % {"name": upload.name}
        upload.import_job = _enqueue(upload, "carry_out", title, upload.rows, **_UNDOING)
        upload.save(update_fields=["import_job"])
    return upload.import_job


def _locked(upload: ContactImport) -> ContactImport:
    uploads = ContactImport.objects.select_related("check_job", "import_job")
    return uploads.select_for_update(of=("self",)).get(pk=upload.pk)


def _enqueue(upload: ContactImport, task: str, title: str, total: int | None, **more: Any) -> Job:
    return enqueue(
        f"{_TASKS}.{task}",
        agent=upload.agent,
        title=title,
        arguments={"import": upload.pk},
        total=total,
        describe=_NAMES,
        **more,
    )
