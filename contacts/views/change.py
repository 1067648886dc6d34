"""Making a contact, and editing one."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from contacts import lifecycle
from contacts.draft import Change
from contacts.errors import AddressTaken, ContactError
from contacts.forms import ContactForm
from contacts.models import Action, Contact
from contacts.values import Values

from .common import acting, contact_url, locked_or_404

TEMPLATE = "contacts/form.html"


class ContactCreate(PermissionRequiredMixin, View):
    """A new contact that no connection holds."""

    permission_required = "contacts.add_contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return render(request, TEMPLATE, {"form": ContactForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make it, or show what is wrong."""
        form = ContactForm(request.POST)
        change = save(form, lambda values: lifecycle.create(values=values, actor=acting(request)))
        if change is None:
            return render(request, TEMPLATE, {"form": form})
        messages.success(request, _("%(name)s is created.") % {"name": change.contact.name})
        return redirect(contact_url(change.contact.pk))


class ContactEdit(PermissionRequiredMixin, View):
    """An existing contact. A deleted one is restored first."""

    permission_required = "contacts.change_contact"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The form as the contact is."""
        contact = get_object_or_404(Contact.objects.prefetch_related("addresses"), pk=pk)
        if contact.is_deleted:
            return restore_first(request, contact)
        return render(request, TEMPLATE, {"form": ContactForm(contact=contact), "contact": contact})

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Change it, or show what is wrong; the row is locked, so no other change can come between."""
        with transaction.atomic():
            contact = locked_or_404(pk)
            if contact.is_deleted:
                return restore_first(request, contact)
            form = ContactForm(request.POST, contact=contact)
            change = save(
                form,
                lambda values: lifecycle.update(contact=contact, values=values, actor=acting(request)),
            )
        if change is None:
            return render(request, TEMPLATE, {"form": form, "contact": contact})
        said = _("Nothing was changed.") if change.action == Action.NOTHING else _("The changes are saved.")
        messages.success(request, said)
        return redirect(contact_url(pk))


def save(form: ContactForm, write: Callable[[Values], Change]) -> Change | None:
    """Have the lifecycle write what the form says; None when either refuses, with the reason in the form."""
    if form.is_valid():
        try:
            return write(form.values())
        except AddressTaken as taken:
            form.add_error("email", str(taken))
        except ContactError as refused:
            form.add_error(None, str(refused))
    form.focus_first_error()
    return None


def restore_first(request: HttpRequest, contact: Contact) -> HttpResponse:
    """A deleted contact is not edited."""
    messages.warning(request, _("This contact is deleted. Restore it, then edit it."))
    return redirect(contact_url(contact.pk))
