"""Contact fields in the Django admin (R12)."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts import fields
from contacts.models import ContactField

from .base import NoDelete

if TYPE_CHECKING:
    FieldForm = forms.ModelForm[ContactField]
else:
    FieldForm = forms.ModelForm


class ContactFieldForm(FieldForm):
    """A field; the options of a dropdown are lines of text."""

    options = forms.CharField(
        label=_("options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("For a dropdown: one option per line. Entra must send an option's text exactly."),
    )

    class Meta:
        model = ContactField
        fields = ["label", "type", "options", "required", "active", "order"]
        help_texts = {
            "label": _("What agents read. A new label leaves the API name as it is."),
            "type": _("Cannot be changed later."),
            "required": _("Binds the portal's forms, never what Entra sends."),
            "active": _("Off: hidden everywhere and ignored when Entra sends it; the values are kept."),
            "order": _("The lowest comes first."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["options"] = "\n".join(self.instance.options)

    def clean_options(self) -> list[str]:
        """Each option once, without the blanks around it."""
        options = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        if twice := sorted({one for one in options if options.count(one) > 1}):
            raise forms.ValidationError(
                _("Each option once, please: %(options)s.") % {"options": ", ".join(twice)}
            )
        return options

    def clean(self) -> dict[str, Any]:
        """A dropdown has options, no other type has."""
        values = super().clean() or self.cleaned_data
        is_dropdown = values.get("type", self.instance.type) == ContactField.Type.DROPDOWN
        if is_dropdown and values.get("options") == []:
            self.add_error("options", _("A dropdown needs at least one option."))
        if not is_dropdown and values.get("options"):
            self.add_error("options", _("Only a dropdown has options."))
        return values


@admin.register(ContactField)
class ContactFieldAdmin(NoDelete):
    """Made with an API name of its own; deactivated instead of deleted."""

    form = ContactFieldForm
    list_display = ("label", "shown_api_name", "type", "required", "active", "order")
    list_filter = ("active", "type")
    search_fields = ("label", "api_name")
    actions = ("activate", "deactivate")

    def get_fields(self, request: HttpRequest, obj: ContactField | None = None) -> list[Any]:
        """A new field is active, and its API name comes from its label."""
        if obj is None:
            return ["label", "type", "options", "required", "order"]
        return ["label", "shown_api_name", "type", "options", "required", "active", "order"]

    def get_readonly_fields(self, request: HttpRequest, obj: ContactField | None = None) -> list[str]:
        """R12: neither the API name nor the type ever changes."""
        return ["shown_api_name", "type"] if obj else []

    @admin.display(description=_("attribute for API name"), ordering="api_name")
    def shown_api_name(self, field: ContactField) -> str:
        """The API name; one click selects all of it."""
        return format_html('<code class="copyable">{}</code>', field.api_name)

    def save_model(self, request: HttpRequest, obj: ContactField, form: Any, change: bool) -> None:
        """A new field is made by `fields.define`, which finds it a free API name."""
        if change:
            obj.save(update_fields=form.changed_data)
            fields.switch(ContactField.objects.filter(pk=obj.pk), active=obj.active)
            return
        made = fields.define(
            label=obj.label,
            field_type=obj.type,
            options=obj.options,
            required=obj.required,
            order=obj.order,
        )
        obj.pk, obj.api_name = made.pk, made.api_name

    @admin.action(description=_("Activate"), permissions=["change"])
    def activate(self, request: HttpRequest, queryset: Any) -> None:
        """Show the fields again."""
        number = fields.switch(queryset, active=True)
        done = ngettext("%(number)s field is active.", "%(number)s fields are active.", number)
        self.message_user(request, done % {"number": number})

    @admin.action(description=_("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: Any) -> None:
        """Hide the fields; their values stay."""
        number = fields.switch(queryset, active=False)
        done = ngettext(
            "%(number)s field is inactive; its values are kept.",
            "%(number)s fields are inactive; their values are kept.",
            number,
        )
        self.message_user(request, done % {"number": number})
