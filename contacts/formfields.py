"""Form fields that know a contact field's type, and lists of e-mail addresses."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator, validate_email

from . import fields
from .errors import InvalidValue
from .models import ContactField
from .normal import key
from .values import JSON

Type = ContactField.Type


class CustomField(forms.Field):
    """One contact field (R10): the value that SCIM would keep is the value that the form keeps."""

    def __init__(self, definition: ContactField, value: JSON) -> None:
        self.definition, self.value = definition, value
        super().__init__(
            label=definition.label,
            required=definition.required,
            initial=value,
            widget=_widget(definition, value),
        )

    @property
    def is_wide(self) -> bool:
        """Whether it wants the whole width of a form."""
        return self.definition.type in (Type.PARAGRAPH, Type.URL)

    def clean(self, value: Any) -> JSON:
        """Raises ValidationError with the sentence of `fields.clean`."""
        raw = _tidy(value)
        if self.required and not raw:
            raise ValidationError(self.error_messages["required"], code="required")
        if raw == _tidy(self.value) or (raw is False and self.value is None):
            return self.value  # as it came (R20), even when it would not be taken today
        try:
            return fields.clean(self.definition.type, self.definition.options, raw)
        except InvalidValue as refused:
            raise ValidationError(str(refused), code=refused.reason) from refused


def _tidy(value: Any) -> Any:
    """Without blanks around it, and with the line ends that were there before a browser saw it."""
    if not isinstance(value, str):
        return value
    ProhibitNullCharactersValidator()(value)
    return value.strip().replace("\r\n", "\n")


def _widget(definition: ContactField, value: JSON) -> forms.Widget:
    if definition.type == Type.DROPDOWN:
        options = [*definition.options]
        if isinstance(value, str) and value not in options:
            options.append(value)
        return forms.Select(choices=[("", "—"), *((option, option) for option in options)])
    if definition.type == Type.DATE:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return _PLAIN_WIDGETS.get(definition.type, forms.TextInput)()


_PLAIN_WIDGETS: dict[str, Callable[[], forms.Widget]] = {
    Type.PARAGRAPH: lambda: forms.Textarea(attrs={"rows": 4}),
    Type.CHECKBOX: forms.CheckboxInput,
    # No type="number": a browser would blank what is no number, and the agent could not mend it.
    Type.NUMBER: lambda: forms.TextInput(attrs={"inputmode": "numeric"}),
    Type.DECIMAL: lambda: forms.TextInput(attrs={"inputmode": "decimal"}),
}


class AddressesField(forms.CharField):
    """E-mail addresses, one a line. One that the contact has already is taken as it is (R20)."""

    def __init__(self, *, known: Sequence[str] = (), **kwargs: Any) -> None:
        self.known = set(map(key, known))
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        """The addresses, each once. Raises ValidationError naming those that are none."""
        lines = {key(line): line for line in super().clean(value).split()}
        errors = [f"“{line}” is not an e-mail address." for line in lines.values() if not self._fits(line)]
        if errors:
            raise ValidationError(errors)
        return list(lines.values())

    def _fits(self, address: str) -> bool:
        try:
            validate_email(address)
        except ValidationError:
            return key(address) in self.known
        return len(address) <= 254
