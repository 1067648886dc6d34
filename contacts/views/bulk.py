"""Many contacts at once: those selected by check boxes, or all that the listing finds."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import HttpResponseClientRefresh

from contacts.companyforms import ManyForm
from contacts.deeds import DEEDS, Chosen, Deed
from contacts.listing import Listing
from contacts.models import ContactAddress, Ticket, TimelineEntry
from deskscim.jobs import queue
from deskscim.web import ask, is_partial, signed_in

from .common import next_url, selected, tell
from .merge import PERMISSION

MOST = 1000  # up to so many a question counts what a deed would concern
NAMES = 7


class Bulk(PermissionRequiredMixin, View):
    """One deed on the contacts named by the field `contact`, or with `all` on those of the listing `query`.

    It asks first, until `confirmed` comes along. Up to a hundred are done before the page answers, more by a
    job in the background, which this leads to.
    """

    http_method_names = ["post"]

    @property
    def deed(self) -> Deed:
        """What the address names. Raises Http404."""
        try:
            return DEEDS[self.kwargs["deed"]]
        except KeyError:
            raise Http404 from None

    def get_permission_required(self) -> Sequence[str]:
        """That of the deed."""
        return [self.deed.permission]

    def get_permission_denied_message(self) -> str:
        """The permission: the 403 page turns it into the roles that have it."""
        return self.deed.permission

    def post(self, request: HttpRequest, deed: str) -> HttpResponse:
        """Ask, or do it."""
        chosen, back = _chosen(request), next_url(request, reverse("contacts:list"))
        if not chosen:
            return _nobody(request, back)
        must_ask = bool(self.deed.question) or chosen.query is not None
        if must_ask and "confirmed" not in request.POST:
            return self._ask(chosen, back)
        form = self._form(request.POST)
        if form and not form.is_valid():
            return self._ask(chosen, back, form=form)
        if self.kwargs["deed"] == "erase" and (problem := _count_problem(request, chosen)):
            return self._ask(chosen, back, problem=problem)
        return self._begin(chosen, form.arguments() if form else {}, back)

    def _form(self, data: QueryDict | None = None) -> ManyForm | None:
        """Of the one deed that needs to know more."""
        return ManyForm(data) if self.kwargs["deed"] == "company" else None

    def _ask(
        self, chosen: Chosen, back: str, *, problem: str = "", form: ManyForm | None = None
    ) -> HttpResponse:
        context = _concerned(chosen) | {
            "title": self.deed.title,
            "action": self.request.path,
            "next": back,
            "problem": problem,
            "form": form or self._form(),
        }
        return ask(self.request, self.deed.question or "contacts/_bulk_sure.html", context)

    def _begin(self, chosen: Chosen, answers: dict[str, Any], back: str) -> HttpResponse:
        count = _count(chosen)
        job = queue.enqueue(
            "contacts.many.carry_out",
            agent=signed_in(self.request),
            title=str(self.deed.title),
            arguments={"deed": self.kwargs["deed"], **chosen.arguments, **answers},
            at_once=count is not None and count <= queue.AT_ONCE,
            undo=self.deed.undo,
            permission=self.deed.permission,
            describe="contacts.stepping.describe",
            result=reverse("contacts:list") + Listing(tab=self.deed.leads_to).query,
        )
        if not job.is_finished:
            return redirect("jobs:detail", job.pk)
        tell(self.request, job, self.deed.said % {"count": job.done})
        return redirect(back)


class MergeSelected(PermissionRequiredMixin, View):
    """Two contacts, selected in the list, on the page that shows what merging them would give."""

    permission_required = PERMISSION
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Go there, the one selected first being the survivor until the agent says otherwise."""
        pks = selected(request)
        if len(pks) == 2:
            return redirect("contacts:merge", *pks)
        messages.warning(request, _("Select the two contacts that are one person."))
        return redirect(next_url(request, reverse("contacts:list")))


def _chosen(request: HttpRequest) -> Chosen:
    if "all" in request.POST:
        return Chosen(query=request.POST.get("query", "").removeprefix("?"))
    return Chosen(tuple(selected(request)))


def _nobody(request: HttpRequest, back: str) -> HttpResponse:
    messages.warning(request, _("No contact is selected."))
    return HttpResponseClientRefresh() if is_partial(request) else redirect(back)


def _count(chosen: Chosen) -> int | None:
    """How many there are; None for more than anybody counts."""
    count = len(chosen.ids) or chosen.contacts().order_by()[: MOST + 1].count()
    return count if count <= MOST else None


def _concerned(chosen: Chosen) -> dict[str, Any]:
    """Whom a deed would concern, and what goes with them; nothing is counted that could be large."""
    found = list(chosen.contacts().values_list("pk", "name")[: MOST + 1])
    names = [name for _pk, name in found]
    context = {"chosen": chosen, "names": names[:NAMES], "more": max(0, len(names) - NAMES)}
    if len(found) > MOST:
        return context | {"count": None, "certain": _("all")}
    pks = [pk for pk, _name in found]
    tickets = Ticket.objects.filter(contact__in=pks)
    return context | {
        "count": len(pks),
        "certain": str(len(pks)),
        "working_tickets": tickets.working().count(),
        "tickets": tickets.count,
        "addresses": ContactAddress.objects.filter(contact__in=pks).count,
        "lines": TimelineEntry.objects.filter(contact__in=pks).count,
    }


def _count_problem(request: HttpRequest, chosen: Chosen) -> str:
    """R30: what cannot be undone is confirmed by its count, as it is now."""
    count = _count(chosen)
    expected = _("all") if count is None else str(count)
    if request.POST.get("count", "").strip().casefold() == expected.casefold():
        return ""
    return _("Nothing was deleted: type %(expected)s to confirm.") % {"expected": expected}
