"""The steps of an import, as the portal takes them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.columns import Column
from contacts.models import ContactImport, headings_key
from deskscim.jobs.models import Job
from deskscim.jobs.queue import enqueue

from .guessing import guess

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

_TASKS = f"{__package__}.tasks"


def begin(
    file: "UploadedFile[bytes]",
    headings: Sequence[str],
    *,
    agent: "AbstractBaseUser",
    columns: Sequence[Column],
) -> ContactImport:
    """Keep the file, with what the agent last said of such headings, else a guess."""
    ContactImport.forget_old_files()
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
def start_check(upload: ContactImport) -> None:
    """Have the file checked as the upload says now."""
    upload.counts = {}
    upload.check_job = _enqueue(upload, "check", _("Check %(name)s") % {"name": upload.name}, None)
    upload.save()


@transaction.atomic
def start_import(upload: ContactImport) -> Job:
    """Have it imported; asked twice, once."""
    upload = ContactImport.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.import_job is None:
        title = _("Import %(name)s") % {"name": upload.name}
        upload.import_job = _enqueue(upload, "carry_out", title, upload.rows)
        upload.save(update_fields=["import_job"])
    return upload.import_job


def _enqueue(upload: ContactImport, task: str, title: str, total: int | None) -> Job:
    arguments = {"import": upload.pk, "language": get_language()}
    path = f"{_TASKS}.{task}"
    return enqueue(path, agent=upload.agent, title=title[:255], arguments=arguments, total=total)
