"""Jobs on the contacts of a company, as their pages ask for them and tell of them."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.paging import count_capped
from contacts import regrouping
from contacts.querysets import ContactQuerySet
from contacts.views.common import undoable
from deskscim.jobs.models import Job
from deskscim.jobs.queue import AT_ONCE, enqueue


def ask_for(request: HttpRequest, deed: Any, title: str, contacts: ContactQuerySet, **arguments: Any) -> Job:
    """Have a function of contacts.regrouping done: now for a few contacts, else by a worker."""
    return enqueue(
        f"{regrouping.__name__}.{deed.__name__}",
        agent=cast("Any", request.user),
        title=title[:255],
        arguments=arguments,
        at_once=count_capped(contacts) <= AT_ONCE,
        undo=f"{regrouping.__name__}.{regrouping.undo.__name__}",
        permission="companies.change_company",
        describe=f"{regrouping.__name__}.{regrouping.describe.__name__}",
    )


def tell(request: HttpRequest, job: Job, done: str, back: str) -> HttpResponse:
    """What became of the job, with its Undo; one that is not at its end yet has a page that shows it."""
    if not job.is_finished:
        return redirect("jobs:detail", pk=job.pk)
    if job.failure:
        messages.error(request, job.failure)
    elif job.done:
        messages.success(request, undoable(done, reverse("jobs:undo", args=[job.pk])))
    for reason, count in job.reasons.items():
        said = {"count": count, "reason": reason}
        messages.warning(request, _("%(count)d left as before: %(reason)s") % said)
    return redirect(back)
