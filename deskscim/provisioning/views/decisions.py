"""What an admin decides of a conflict (R15): asked first, with what follows and what Entra will do."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from contacts.errors import ContactError
from contacts.views.common import acting
from deskscim.provisioning import deciding
from deskscim.provisioning.models import Conflict
from deskscim.web import ask, is_partial

from .conflicts import PERMISSION

UNSURE = _("Nothing was changed: tick the box to confirm.")
NEXT = _("Entra ID tries again within about 40 minutes; to see it at once, use Provision on demand there.")


class Decision(PermissionRequiredMixin, View):
    """A question about an open entry, and its answer."""

    permission_required = PERMISSION
    template = ""
    done: str | Promise = ""

    def get(self, request: HttpRequest, pk: int, **who: uuid.UUID) -> HttpResponse:
        """Ask."""
        entry = get_object_or_404(Conflict.objects.select_related("connection"), pk=pk)
        try:
            seen = self.seen(entry)
            context = {"entry": entry, "seen": seen, **self.question(seen, **who)}
        except ContactError as refused:
            return self._back(entry, refused)
        here = {"action": request.path, "next": reverse("settings:conflict", args=[pk])}
        return ask(request, self.template, context | here)

    def post(self, request: HttpRequest, pk: int, **who: uuid.UUID) -> HttpResponse:
        """Do it; what needs an explicit yes is not done without."""
        entry = get_object_or_404(Conflict, pk=pk)
        try:
            if self.needs_yes(self.seen(entry), **who) and "confirmed" not in request.POST:
                raise ContactError(str(UNSURE))
            self.carry_out(entry, request.POST.get("version", ""), **who)
        except ContactError as refused:
            return self._back(entry, refused)
        messages.success(request, f"{self.done} {NEXT}")
        return redirect("settings:conflict", pk=pk)

    def seen(self, entry: Conflict) -> deciding.Seen:
        """The entry as it is now. Raises Stale when it was decided before."""
        if not entry.is_open:
            raise deciding.Stale
        return deciding.Seen.of(entry)

    def _back(self, entry: Conflict, refused: ContactError) -> HttpResponse:
        messages.warning(self.request, str(refused))
        there = reverse("settings:conflict", args=[entry.pk])
        return HttpResponseClientRedirect(there) if is_partial(self.request) else redirect(there)

    def question(self, seen: deciding.Seen, **who: uuid.UUID) -> dict[str, Any]:
        """What the question names besides. Raises ContactError."""
        return {}

    def needs_yes(self, seen: deciding.Seen, **who: uuid.UUID) -> bool:
        """Whether it takes from somebody what cannot be given back from here."""
        return False

    def carry_out(self, entry: Conflict, version: str, **who: uuid.UUID) -> None:
        """Do it. Raises ContactError."""
        raise NotImplementedError


class Link(Decision):
    """Entra's user is this contact."""

    template = "settings/conflicts/_link.html"
    done = _("Decided: Entra's user is this contact.")

    def question(self, seen: deciding.Seen, **who: uuid.UUID) -> dict[str, Any]:
        """Who loses a link, and who keeps addresses."""
        chosen = seen.named(who["chosen"])
        if not deciding.can_link(seen):
            raise deciding.Stale
        return {
            "chosen": chosen,
            "moves": deciding.moves_link(seen, chosen),
            "others": [one for one in seen.contacts if one != chosen],
            "rivals": [one for one in deciding.rivals(seen) if one != chosen],
            "needs_yes": self.needs_yes(seen, **who),
        }

    def needs_yes(self, seen: deciding.Seen, **who: uuid.UUID) -> bool:
        """When somebody's link goes."""
        chosen = seen.named(who["chosen"])
        return deciding.moves_link(seen, chosen) or any(one != chosen for one in deciding.rivals(seen))

    def carry_out(self, entry: Conflict, version: str, **who: uuid.UUID) -> None:
        """Link."""
        deciding.link(entry, who["chosen"], actor=acting(self.request), version=version)


class KeepApart(Decision):
    """Entra's user is somebody else."""

    template = "settings/conflicts/_keep_apart.html"
    done = _("Decided: Entra's user is kept apart.")

    def question(self, seen: deciding.Seen, **who: uuid.UUID) -> dict[str, Any]:
        """Who loses a link."""
        return {"rivals": deciding.rivals(seen), "needs_yes": self.needs_yes(seen)}

    def needs_yes(self, seen: deciding.Seen, **who: uuid.UUID) -> bool:
        """When somebody's link goes."""
        return bool(deciding.rivals(seen))

    def carry_out(self, entry: Conflict, version: str, **who: uuid.UUID) -> None:
        """Keep apart."""
        deciding.keep_apart(entry, actor=acting(self.request), version=version)


class Merge(Decision):
    """Two contacts are one person."""

    template = "settings/conflicts/_merge.html"
    done = _("The two contacts are one now.")

    def question(self, seen: deciding.Seen, **who: uuid.UUID) -> dict[str, Any]:
        """The contact that would come of it."""
        pair = who["survivor"], who["absorbed"]
        people = {(stays.pk, goes.pk): (stays, goes) for stays, goes in deciding.pairs(seen)}
        if pair not in people:
            raise deciding.Stale
        stays, goes = people[pair]
        change = deciding.preview(seen.entry, *pair, actor=acting(self.request), version=seen.version)
        return {"stays": stays, "goes": goes, "result": change.contact, "rivals": deciding.rivals(seen)}

    def needs_yes(self, seen: deciding.Seen, **who: uuid.UUID) -> bool:
        """Always: one of them is gone then."""
        return True

    def carry_out(self, entry: Conflict, version: str, **who: uuid.UUID) -> None:
        """Merge."""
        pair = who["survivor"], who["absorbed"]
        deciding.merge(entry, *pair, actor=acting(self.request), version=version)


class Drop(PermissionRequiredMixin, View):
    """Forget an entry, decided or not: if its reason is still there, Entra's next try brings it back."""

    permission_required = PERMISSION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        entry = get_object_or_404(Conflict, pk=pk)
        here = {"action": request.path, "next": reverse("settings:conflict", args=[pk])}
        return ask(request, "settings/conflicts/_drop.html", {"entry": entry, **here})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        deciding.drop(get_object_or_404(Conflict, pk=pk))
        messages.success(request, _("The entry is removed."))
        return redirect("settings:conflicts")
