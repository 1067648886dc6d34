"""One field of a contact, edited in place on its page."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from .forms import ContactForm
from .models import Contact
from .timeline import in_words
from .values import JSON


class UnknownField(LookupError):
    """No field of a contact has this name, or it is not edited by itself."""


class FieldForm(ContactForm):
    """The contact's form with a single field.

    Somebody may change other fields meanwhile; who was quicker with this very one is told, and nothing saved.
    Raises UnknownField.
    """

    def __init__(self, data: QueryDict | None = None, *, contact: Contact, name: str) -> None:
        super().__init__(data, contact=contact)
        if name not in self.fields or name in ("email", "other_emails"):
            raise UnknownField(name)
        self.only = name
        self.fields = {name: self.fields[name]}
        self.definitions = [one for one in self.definitions if one.api_name == name]

    @property
    def field(self) -> forms.BoundField:
        """The field, to render."""
        return self[self.only]

    @property
    def seen(self) -> str:
        """The value that the form was made from; it comes back with the form."""
        return json.dumps(self.field.initial)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError with both values when somebody was quicker."""
        if self.data.get("seen", "") != self.seen:
            raise ValidationError(self._overtaken())
        return self.cleaned_data

    def _overtaken(self) -> str:
        said = _(
            "%(who)s has changed this meanwhile, from “%(old)s” to “%(new)s”, so nothing was saved. "
            "What you entered stands in the field: saving again writes it."
        )
        return said % {"who": self._last_actor(), "old": self._shown_before(), "new": self._now()}

    def _last_actor(self) -> str:
        newest = self.contact.timeline.all()[:50]
        return next((one.actor_label for one in newest if self.only in one.changes), _("Somebody"))

    def _shown_before(self) -> str:
        try:
            before: JSON = json.loads(self.data.get("seen", ""))
        except ValueError:
            return "?"
        return self._in_words(before)

    def _now(self) -> str:
        return self._in_words(self.field.initial)

    def _in_words(self, value: JSON) -> str:
        """A choice by its label, a company by its name, anything else as the timeline says it."""
        if self.only == "company":
            return self.company.in_words(value)
        labels = dict(getattr(self.fields[self.only], "choices", ()))
        return str(labels.get(value, in_words(value))) or _("empty")
