"""One field of a contact, edited where it stands; without a script the edit page does the same."""

import uuid

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from contacts import lifecycle
from contacts.fieldforms import FieldForm, UnknownField
from contacts.models import Action, Contact
from deskscim.web import is_partial

from .change import restore_first, save
from .common import acting, contact_url, locked_or_404

TEMPLATE = "contacts/_editor.html"


class FieldEdit(PermissionRequiredMixin, View):
    """The field `name`. A deleted contact is restored first."""

    permission_required = "contacts.change_contact"

    def get(self, request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
        """The field with its value, in place of the value."""
        contact = get_object_or_404(Contact.objects.prefetch_related("addresses"), pk=pk)
        form = _form(contact, name)
        if contact.is_deleted:
            return restore_first(request, contact)
        if not is_partial(request):
            return redirect(f"{reverse('contacts:edit', args=[pk])}#id_{name}")
        return render(request, TEMPLATE, {"form": form, "contact": contact})

    def post(self, request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
        """Change it, or show what is wrong; the row is locked, so no other change can come between."""
        with transaction.atomic():
            contact = locked_or_404(pk)
            form = _form(contact, name, request.POST)
            if contact.is_deleted:
                return restore_first(request, contact)
            change = save(
                form,
                lambda values: lifecycle.update(contact=contact, values=values, actor=acting(request)),
            )
        if change is None:
            return render(request, TEMPLATE, {"form": form, "contact": contact})
        if change.action != Action.NOTHING:
            said = _("%(field)s is saved.") % {"field": form.field.label}
            messages.success(request, said)
        return redirect(contact_url(pk))


def _form(contact: Contact, name: str, data: QueryDict | None = None) -> FieldForm:
    try:
        return FieldForm(data, contact=contact, name=name)
    except UnknownField:
        raise Http404 from None
