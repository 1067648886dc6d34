"""What can be done to many contacts at once, and to whom: those selected, or all that a listing finds."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from companies.models import Company
from deskscim.jobs.errors import JobFailed
from deskscim.jobs.models import Job

from . import lifecycle, words
from .listing import Listing, Tab
from .models import Contact
from .querysets import ContactQuerySet
from .values import JSON, Actor

BULK, ERASE = "contacts.bulk_contact", "contacts.erase_contact"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The contacts of these ids, or all that the listing of `query` finds."""

    ids: tuple[uuid.UUID, ...] = ()
    query: str | None = None

    @classmethod
    def of(cls, job: Job) -> "Chosen":
        """Those that the job was asked for."""
        return cls(tuple(map(uuid.UUID, job.arguments["ids"])), job.arguments["query"])

    @property
    def arguments(self) -> dict[str, Any]:
        """What a job keeps of it."""
        return {"ids": [str(pk) for pk in self.ids], "query": self.query}

    def __bool__(self) -> bool:
        return bool(self.ids) or self.query is not None

    def contacts(self) -> ContactQuerySet:
        """In the listing's order, or by name."""
        if self.query is None:
            return Contact.objects.filter(pk__in=self.ids).order_by("name", "id")
        return Listing.from_query(QueryDict(self.query)).contacts()

    def count(self, job: Job) -> int:
        """How many the job is about."""
        return len(self.ids) if self.query is None else self._seen(job).order_by().count()

    def following(self, job: Job, last: uuid.UUID, size: int) -> list[uuid.UUID]:
        """The next ones by id, which no deed changes: whoever leaves the listing makes nobody be skipped."""
        if self.query is None:
            return [pk for pk in sorted(self.ids) if pk > last][:size]
        found = self._seen(job).filter(pk__gt=last).order_by("pk")
        return list(found.values_list("pk", flat=True)[:size])

    def _seen(self, job: Job) -> ContactQuerySet:
        """Without who was made or deleted after the job was asked for: whoever asked has not seen them."""
        seen = Q(deleted_at=None) | Q(deleted_at__lte=job.created_at)
        return self.contacts().filter(seen, created_at__lte=job.created_at)


def _nothing(*args: object) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed: the lifecycle's step, who may, how to ask, what to say, and how it is undone."""

    step: Callable[..., Any]
    title: "str | Promise"  # of the job
    said: Any  # what was done, for a count
    permission: str = BULK
    question: str = ""  # a template; "" asks only before all that match
    undo: str = ""  # dotted path of a task
    leads_to: Tab = Tab.ALL  # where the contacts are afterwards
    given: Callable[[Mapping[str, Any]], Mapping[str, Any]] = _nothing  # what the step needs besides
    state: Callable[[Contact], Mapping[str, JSON]] = _nothing  # what it changes and undoing puts back
    finish: Callable[[], Any] = _nothing  # at the end, also of a job that was cancelled or failed


def _erase(*, contact: lifecycle.LockedContact, actor: Actor) -> None:
    """Locked: a row that goes has no version to guard it."""
    lifecycle.erase(contact=lifecycle.lock(contact.pk), actor=actor, is_one_of_many=True)


def _company_given(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    pk = arguments["company"]
    company = Company.objects.filter(pk=pk).first() if pk else None
    if pk and company is None:
        raise JobFailed(str(_("The company is gone. Choose another one.")))
    return {"company": company, "source": Contact.CompanySource.AGENT}


def company_state(contact: Contact) -> Mapping[str, JSON]:
    """Where the contact belongs, and why."""
    return {"company": contact.company_id, "source": contact.company_source}


DEEDS: Mapping[str, Deed] = {
    "delete": Deed(
        lifecycle.soft_delete,
        _("Delete contacts"),
        ngettext_lazy(
            "%(count)d contact is in Deleted Contacts now.",
            "%(count)d contacts are in Deleted Contacts now.",
            "count",
        ),
        question="contacts/_bulk_delete.html",
        leads_to=Tab.DELETED,
        undo="contacts.many.undo_delete",
    ),
    "restore": Deed(
        lifecycle.restore,
        _("Restore contacts"),
        ngettext_lazy("%(count)d contact is restored.", "%(count)d contacts are restored.", "count"),
        undo="contacts.many.undo_restore",
    ),
    "suspend": Deed(
        lifecycle.suspend,
        _("Suspend contacts"),
        ngettext_lazy("%(count)d contact is suspended.", "%(count)d contacts are suspended.", "count"),
        question="contacts/_bulk_suspend.html",
        leads_to=Tab.SUSPENDED,
        undo="contacts.many.undo_suspend",
    ),
    "unsuspend": Deed(
        lifecycle.unsuspend,
        _("Lift suspensions"),
        ngettext_lazy(
            "%(count)d contact is no longer suspended.",
            "%(count)d contacts are no longer suspended.",
            "count",
        ),
        undo="contacts.many.undo_unsuspend",
    ),
    "verify": Deed(
        lifecycle.verify,
        _("Mark contacts as verified"),
        ngettext_lazy("%(count)d contact is verified.", "%(count)d contacts are verified.", "count"),
        undo="contacts.many.undo_verify",
    ),
    "company": Deed(
        lifecycle.move,
        _("Set the company of contacts"),
        ngettext_lazy(
            "%(count)d contact has another company now.",
            "%(count)d contacts have another company now.",
            "count",
        ),
        question="contacts/_bulk_company.html",
        undo="contacts.many.undo_company",
        given=_company_given,
        state=company_state,
    ),
    "company-by-domain": Deed(
        lifecycle.map_again,
        _("Map contacts to companies by their domain"),
        ngettext_lazy(
            "%(count)d contact follows its domain again.",
            "%(count)d contacts follow their domain again.",
            "count",
        ),
        undo="contacts.many.undo_company",
        state=company_state,
    ),
    "erase": Deed(
        _erase,
        _("Delete contacts forever"),
        ngettext_lazy(
            "%(count)d contact is deleted forever.", "%(count)d contacts are deleted forever.", "count"
        ),
        permission=ERASE,
        question="contacts/_bulk_erase.html",
        finish=words.forget,
        leads_to=Tab.DELETED,
    ),
}
