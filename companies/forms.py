"""The company form, for the portal and the Django admin."""

from typing import TYPE_CHECKING, Any

from django import forms

from . import services
from .domains import InvalidDomain, normalise_domain
from .models import Company, name_key

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Company]
else:
    ModelForm = forms.ModelForm


class CompanyForm(ModelForm):
    """Details and domains; written through the services."""

    domains = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="One per line, such as northwind.example. New contacts with such an address belong here.",
    )

    class Meta:
        model = Company
        fields = [
            "name", "description", "phone", "address", "city", "state", "country", "zip_code",
        ]  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        labels = {"zip_code": "ZIP code"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # As a browser sends it back, so that an untouched list counts as unchanged.
            self.initial["domains"] = "\r\n".join(one.domain for one in self.instance.domains.all())

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

    def save(self, commit: bool = True) -> Company:
        """The written company; on an edit only what this form changed. Raises CompanyNameTaken."""
        if not commit:
            return super().save(commit=False)
        values = self.cleaned_data
        if self.instance.pk is None:
            details = {column: values[column] for column in self.Meta.fields}
            return services.create_company(details=details, domains=values["domains"])
        return services.update_company(
            company_id=self.instance.pk,
            details={column: values[column] for column in self.Meta.fields if column in self.changed_data},
            domains=values["domains"] if "domains" in self.changed_data else None,
        )
