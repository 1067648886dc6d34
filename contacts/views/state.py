"""One contact: delete, restore, lift the suspension, delete forever; then back to where the agent was."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from contacts import lifecycle
from contacts.errors import ContactError, InvalidTransition
from contacts.facts import can_follow_domain
from contacts.forgetting import searches_for
from contacts.models import Contact
from contacts.normal import key
from contacts.values import Actor
from deskscim.web import ask

from .common import acting, contact_url, deleted_contacts, locked_or_404, next_url, undoable


def change(request: HttpRequest, pk: uuid.UUID, step: Callable[..., Any]) -> Contact | None:
    """Lead the contact one step on. None when the lifecycle refused, which the agent is told. Or Http404."""
    try:
        with transaction.atomic():
            contact = locked_or_404(pk)
            step(contact=contact, actor=acting(request))
    except ContactError as refused:
        messages.warning(request, str(refused))
        return None
    return contact


class Delete(PermissionRequiredMixin, View):
    """Into Deleted Contacts, after saying what becomes of the tickets (R27)."""

    permission_required = "contacts.delete_contact"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask."""
        contact = get_object_or_404(Contact, pk=pk)
        context = {
            "contact": contact,
            "tickets": contact.tickets.working().count(),
            "action": reverse("contacts:delete", args=[pk]),
            "next": next_url(request, contact_url(pk)),
        }
        return ask(request, "contacts/_delete.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Do it, and offer to undo it."""
        if contact := change(request, pk, lifecycle.soft_delete):
            text = _("%(name)s is in Deleted Contacts now.") % {"name": contact.name}
            messages.success(request, undoable(text, reverse("contacts:restore", args=[pk])))
        return redirect(next_url(request, contact_url(pk)))


class Restore(PermissionRequiredMixin, View):
    """Back from Deleted Contacts (R34)."""

    permission_required = "contacts.restore_contact"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Do it; harmless, so nothing is asked."""
        if contact := change(request, pk, lifecycle.restore):
            said = _("%(name)s is restored.") % {"name": contact.name}
            messages.success(request, f"{said}{_out_of_step(contact)}")
        return redirect(next_url(request, contact_url(pk)))


class Unsuspend(PermissionRequiredMixin, View):
    """Back from Suspended (R35)."""

    permission_required = "contacts.restore_contact"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Do it; harmless, so nothing is asked."""
        if contact := change(request, pk, lifecycle.unsuspend):
            said = _("The suspension of %(name)s is lifted.") % {"name": contact.name}
            messages.success(request, said)
        return redirect(next_url(request, contact_url(pk)))


class ByDomain(PermissionRequiredMixin, View):
    """R38, R40: the company follows the e-mail domain again, whoever chose the present one."""

    permission_required = "contacts.change_contact"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Do it, and say which company that is."""
        if contact := change(request, pk, _map_again):
            messages.success(request, _by_domain(contact))
        return redirect(contact_url(pk))


class Erase(PermissionRequiredMixin, View):
    """Delete Forever (R30), after naming what goes and the contact's name, typed."""

    permission_required = "contacts.erase_contact"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask."""
        contact = get_object_or_404(Contact, pk=pk)
        context = {
            "contact": contact,
            **_what_goes(contact),
            "action": reverse("contacts:erase", args=[pk]),
            "next": next_url(request, deleted_contacts()),
        }
        return ask(request, "contacts/_erase.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Do it. Without the name nothing happens."""
        contact = get_object_or_404(Contact, pk=pk)
        if _typed(request.POST.get("name", "")) != _typed(contact.name):
            messages.warning(request, _("Nothing was deleted: the name that was typed is not the contact's."))
        elif change(request, pk, lifecycle.erase):
            messages.success(request, _("The contact is deleted forever."))
        return redirect(next_url(request, deleted_contacts()))


def _typed(name: str) -> str:
    """As people type it: neither case nor blanks count."""
    return " ".join(key(name).split())


def _what_goes(contact: Contact) -> dict[str, int]:
    """How many of each thing are deleted with the contact."""
    return {
        "tickets": contact.tickets.count(),
        "addresses": contact.addresses.count(),
        "lines": contact.timeline.count(),
        "values": len(contact.custom_fields),
        "conflicts": contact.conflicts.count() + contact.own_conflicts.count(),
        "searches": len(list(searches_for(contact))),
    }


def _map_again(*, contact: lifecycle.LockedContact, actor: Actor) -> None:
    if not can_follow_domain(contact):
        raise InvalidTransition(
            _("Nothing was changed: this contact's company does not follow from anybody's choice.")
        )
    lifecycle.map_again(contact=contact, actor=actor)


def _by_domain(contact: Contact) -> str:
    if contact.company:
        said = _("The company is %(company)s again, by the e-mail domain %(domain)s.")
        return said % {"company": contact.company.name, "domain": contact.domain}
    said = _("There is no company now: the e-mail domain %(domain)s leads to no one company.")
    return said % {"domain": contact.domain}


def _out_of_step(contact: Contact) -> str:
    if contact.is_linked and not contact.entra_active:
        return " " + _(
            "Entra ID still holds this user as inactive, so the contact is shown as Out of step. Enable the "
            "user in Entra ID, and the two agree again."
        )
    return ""
