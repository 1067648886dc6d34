"""The company form, for the portal and the Django admin."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from . import services
from .domains import InvalidDomain, normalise_domain
from .models import Company, name_key

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Company]
else:
    ModelForm = forms.ModelForm

STALE = gettext_lazy(
    "This company was changed while you were editing it, so nothing was saved. What you entered is below; "
    "saving again keeps it."
)


class CompanyForm(ModelForm):
    """Details and domains; written through the services."""

    domains = forms.CharField(
        label=gettext_lazy("Domains"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One per line, such as northwind.example. New contacts with such an address belong here."
        ),
    )

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Company
        fields = [
            "name", "description", "phone", "address", "city", "state", "country", "zip_code",
        ]  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "name": gettext_lazy("Name"),
            "description": gettext_lazy("Description"),
            "phone": gettext_lazy("Phone"),
            "address": gettext_lazy("Address"),
            "city": gettext_lazy("City"),
            "state": pgettext_lazy("part of an address", "State"),
            "country": gettext_lazy("Country"),
            "zip_code": gettext_lazy("ZIP code"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["domains"] = "\n".join(one.domain for one in self.instance.domains.all())
            self.initial["version"] = self.instance.updated_at.isoformat()

    def clean_name(self) -> str:
        """R39: one name, one company."""
        name = " ".join(self.cleaned_data["name"].split())
        if Company.objects.filter(name_key=name_key(name)).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(str(services.CompanyNameTaken()))
        return name

    def clean_domains(self) -> list[str]:
        """The normalised domains (R38), each once; an error for every line that is none."""
        domains, errors = [], []
        for line in self.cleaned_data["domains"].splitlines():
            try:
                domains += [normalise_domain(line)] if line.strip() else []
            except InvalidDomain as error:
                errors.append(str(error))
        if errors:
            raise forms.ValidationError(errors)
        return list(dict.fromkeys(domains))

    def clean(self) -> dict[str, Any]:
        """Refuse to overwrite what somebody changed since the form was shown; the next try may."""
        values = super().clean() or self.cleaned_data
        current = self.initial.get("version", "")
        if values.get("version") != current:
            self.data = {**self.data, "version": current}
            raise forms.ValidationError(str(STALE))
        return values

    def save(self, commit: bool = True) -> Company:
        """The written company. Raises CompanyNameTaken."""
        if not commit:
            return super().save(commit=False)
        details = {column: self.cleaned_data[column] for column in self.Meta.fields}
        domains = self.cleaned_data["domains"]
        if self.instance.pk is None:
            return services.create_company(details=details, domains=domains)
        return services.update_company(company_id=self.instance.pk, details=details, domains=domains)

    def focus_first_error(self) -> None:
        """Have the browser put the cursor where the first mistake is."""
        first = next((field for name, field in self.fields.items() if name in self.errors), None)
        if first:
            first.widget.attrs["autofocus"] = True
