"""The portal's contact form, with what the Django admin expects of a form."""

from types import SimpleNamespace
from typing import Any

from django import forms

from contacts.forms import ContactForm
from contacts.models import Contact


class ContactAdminForm(ContactForm):
    """It only says what is wanted; `ContactAdmin.save_model` has the lifecycle write it."""

    _meta = SimpleNamespace(model=Contact, labels=None, help_texts=None)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        instance: Contact | None = None,
        initial: Any = None,
    ) -> None:
        super().__init__(data, contact=instance)
        self.instance = self.contact
        self.fields["version"] = forms.CharField(
            required=False, initial=self.version, widget=forms.HiddenInput
        )

    def save(self, commit: bool = True) -> Contact:
        """The contact as it is; nothing is written."""
        return self.contact
