"""Jobs on the contacts of a company, as their pages ask for them and tell of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from companies.paging import count_capped
from contacts import regrouping
from contacts.querysets import ContactQuerySet
from contacts.views.common import tell
from deskscim.jobs.models import Job
from deskscim.jobs.queue import AT_ONCE, enqueue
from deskscim.web import signed_in


def ask_for(request: HttpRequest, deed: Any, title: str, contacts: ContactQuerySet, **arguments: Any) -> Job:
    """Have a function of contacts.regrouping done: now for a few contacts, else by a worker."""
    return enqueue(
        f"{regrouping.__name__}.{deed.__name__}",
        agent=signed_in(request),
        title=title[:255],
        arguments=arguments,
        at_once=count_capped(contacts) <= AT_ONCE,
        undo=f"{regrouping.__name__}.{regrouping.undo.__name__}",
        permission="companies.change_company",
        describe=f"{regrouping.__name__}.{regrouping.describe.__name__}",
    )


def show(request: HttpRequest, job: Job, done: str, back: str) -> HttpResponse:
    """What became of the job; one that is not at its end yet has a page that shows it."""
    if not job.is_finished:
        return redirect("jobs:detail", pk=job.pk)
    tell(request, job, done)
    return redirect(back)
