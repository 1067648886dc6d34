"""Two contacts that are one person: choose the other, look at what comes of it, merge; or tell them apart."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from contacts import duplicates, facts, uniting
from contacts.errors import ContactError
from contacts.models import Contact, ContactField
from contacts.uniting import Pair

from .common import acting, contact_url, next_url, undoable

FOUND = 20
PERMISSION = "contacts.merge_contact"


class MergeChoose(PermissionRequiredMixin, View):
    """Search for the other contact; before a word is typed, those that look alike."""

    permission_required = PERMISSION

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """What the words find, at most FOUND."""
        contact = get_object_or_404(Contact.objects.prefetch_related("addresses"), pk=pk)
        search = request.GET.get("q", "").replace("\0", "").strip()
        found = (
            _search(contact, search) if search else [one.contact for one in duplicates.suggestions(contact)]
        )
        context = {"contact": contact, "search": search, "found": found[:FOUND], "more": len(found) > FOUND}
        return render(request, "contacts/merge/choose.html", context)


class Merge(PermissionRequiredMixin, View):
    """`pk` stays and `other` goes; with the two swapped the address means the opposite."""

    permission_required = PERMISSION

    def get(self, request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
        """Both sides, and what comes of them."""
        pair = _pair_or_404(pk, other)
        try:
            result = uniting.preview(pair, actor=acting(request))
        except ContactError as refused:
            messages.warning(request, str(refused))
            return redirect(contact_url(pk))
        return render(request, "contacts/merge/preview.html", _preview(pair, result))

    def post(self, request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
        """Do it. Without the tick, or when the preview is no longer true, nothing happens."""
        pair = _pair_or_404(pk, other)
        if "confirmed" not in request.POST:
            messages.warning(request, _("Nothing was merged: tick the box to confirm."))
            return redirect("contacts:merge", pk, other)
        try:
            uniting.merge(pair, version=request.POST.get("version", ""), actor=acting(request))
        except ContactError as refused:
            messages.warning(request, str(refused))
            return redirect("contacts:merge", pk, other)
        said = _("%(goes)s and %(stays)s are one contact now.")
        messages.success(request, said % {"goes": pair.goes.name, "stays": pair.stays.name})
        return redirect(contact_url(pk))


class TellApart(PermissionRequiredMixin, View):
    """The two look alike and are two people; with `undo` nobody has said so."""

    permission_required = "contacts.change_contact"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
        """Keep it in mind, or forget it."""
        pair = _pair_or_404(pk, other)
        if "undo" in request.GET:
            duplicates.tell_apart_no_more(pk, other)
        else:
            duplicates.tell_apart(pk, other)
            said = _("%(name)s is not suggested here any more.") % {"name": pair.goes.name}
            url = reverse("contacts:not-duplicate", args=[pk, other])
            messages.success(request, undoable(said, f"{url}?undo"))
        return redirect(next_url(request, contact_url(pk)))


def _search(contact: Contact, words: str) -> list[Contact]:
    """In no order that would have the database sort all matches of a common word."""
    people = Contact.objects.search(words).exclude(pk=contact.pk).order_by()
    found = list(people.select_related("company").prefetch_related("addresses")[: FOUND + 1])
    return sorted(found, key=lambda one: one.name.casefold())


def _pair_or_404(stays: uuid.UUID, goes: uuid.UUID) -> Pair:
    try:
        return Pair.of(stays, goes)
    except Contact.DoesNotExist:
        raise Http404 from None


def _preview(pair: Pair, result: Contact) -> dict[str, Any]:
    fields = list(ContactField.objects.all())
    return {
        "pair": pair,
        "result": result,
        "tickets": pair.stays.ticket_count + pair.goes.ticket_count,  # type: ignore[attr-defined]
        "custom_fields": facts.custom_fields(result, fields),
    }
