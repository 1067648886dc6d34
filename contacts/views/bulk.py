"""Many contacts at once, by check boxes: delete, restore, lift the suspension, delete forever."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View
from django_htmx.http import HttpResponseClientRefresh

from contacts import lifecycle
from contacts.errors import ContactError
from contacts.models import Contact, Ticket

from .common import acting, ask, is_partial, next_url, selected, undoable


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done to many: the step, who may, how to ask ("" does not ask), what to say, how to undo."""

    step: Callable[..., Any]
    permission: str
    done: str
    question: str = ""
    undo: str = ""


DEEDS = {
    "delete": Deed(
        lifecycle.soft_delete,
        "contacts.bulk_contact",
        "in Deleted Contacts now",
        question="contacts/_bulk_delete.html",
        undo="restore",
    ),
    "restore": Deed(lifecycle.restore, "contacts.bulk_contact", "restored"),
    "unsuspend": Deed(lifecycle.unsuspend, "contacts.bulk_contact", "no longer suspended"),
    "erase": Deed(
        lifecycle.erase,
        "contacts.erase_contact",
        "deleted forever",
        question="contacts/_bulk_erase.html",
    ),
}


class Bulk(PermissionRequiredMixin, View):
    """One deed on the contacts named by the field `contact`. It asks first, until `confirmed` comes along."""

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
        pks = selected(request)
        back = next_url(request, reverse("contacts:list"))
        if not pks:
            messages.warning(request, "No contact is selected.")
            return HttpResponseClientRefresh() if is_partial(request) else redirect(back)
        if self.deed.question and "confirmed" not in request.POST:
            return ask(request, self.deed.question, self._question(pks) | {"next": back})
        self._carry_out(pks)
        return redirect(back)

    def _question(self, pks: Sequence[uuid.UUID]) -> dict[str, Any]:
        tickets = Ticket.objects.filter(contact__in=pks)
        return {
            "contacts": list(Contact.objects.filter(pk__in=pks).order_by("name", "id")),
            "tickets": tickets.count(),
            "working_tickets": tickets.working().count(),
            "action": self.request.path,
        }

    def _carry_out(self, pks: Sequence[uuid.UUID]) -> None:
        refusals: Counter[str] = Counter()
        done = [pk for pk in pks if self._step(pk, refusals)]
        if done:
            text = f"{_contacts(len(done))} {self.deed.done}."
            undo = self.deed.undo and reverse("contacts:bulk", args=[self.deed.undo])
            messages.success(self.request, undoable(text, undo, done) if undo else text)
        for reason, count in refusals.items():
            messages.warning(self.request, f"{count} left as before: {reason}")

    def _step(self, pk: uuid.UUID, refusals: Counter[str]) -> bool:
        """Each contact in a transaction of its own: one that is refused does not hold up the others."""
        try:
            with transaction.atomic():
                self.deed.step(contact=lifecycle.lock(pk), actor=acting(self.request))
        except Contact.DoesNotExist:
            refusals["The contact is gone."] += 1
        except ContactError as refused:
            refusals[str(refused)] += 1
        else:
            return True
        return False


def _contacts(count: int) -> str:
    return "1 contact is" if count == 1 else f"{count} contacts are"
