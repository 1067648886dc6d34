"""Filling in the form of a contact as a browser would."""

from typing import Any

from django.test import Client
from django.urls import reverse

from contacts.models import Contact

NEW = reverse("contacts:create")


def edit_url(contact: Contact) -> str:
    return reverse("contacts:edit", args=[contact.pk])


def filled(client: Client, contact: Contact, **changes: Any) -> dict[str, Any]:
    """What a browser would send for the contact's form, with these changes; False leaves a box unticked."""
    form = client.get(edit_url(contact)).context["form"]
    data = {bound.html_name: bound.initial for bound in form} | changes
    sent = {name: value for name, value in data.items() if value is not None and value is not False}
    return {"version": form.version, **sent}


def only_contact() -> Contact:
    return Contact.objects.get()
