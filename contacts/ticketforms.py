"""The form of a new ticket."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from companies.pickers import MOST, Choice, Picker

from .models import Contact, Ticket


class ContactPicker(Picker[Contact]):
    """Chooses a contact that is not deleted, by what the search for contacts looks at."""

    url = reverse_lazy("contacts:pick")
    nothing = _("No contact has all of these words in its name, addresses, phones, title or company.")

    def rows(self, text: str) -> Iterable[Contact]:
        """The first few that are found."""
        found = Contact.objects.filter(deleted_at=None).search(text).order_by("id")[:MOST]
        return found.select_related("company").prefetch_related("addresses")

    def get(self, pk: str) -> Contact | None:
        """The contact, deleted or not: what may be done with it is for others to say."""
        people = Contact.objects.select_related("company").prefetch_related("addresses")
        try:
            return people.filter(pk=uuid.UUID(pk)).first()
        except ValueError:
            return None

    def choice(self, row: Contact) -> Choice:
        """Its name, and the address or company that tells it from its namesakes."""
        company = row.company.name if row.company else ""
        return Choice(str(row.pk), row.name, " · ".join(filter(None, (row.primary_address, company))))


class TicketForm(forms.Form):
    """What a contact asks for, as an agent writes it down."""

    contact = ContactPicker(label=_("Contact"))
    subject = forms.CharField(
        label=_("Subject"),
        max_length=Ticket._meta.get_field("subject").max_length,
    )
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, data: Any = None, *, contact: str = "") -> None:
        super().__init__(data)
        picker = self.fields["contact"]
        if isinstance(picker, ContactPicker) and data is None:
            self.whose = picker.get(contact) if contact else None
            picker.choose(self.whose)
        else:
            self.whose = None

    def clean_contact(self) -> Contact:
        """Remember whose it is, for the page to say in which state they are."""
        self.whose = self.cleaned_data["contact"]
        return self.whose
