"""The questions about which company contacts belong to."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company
from companies.pickers import CompanyPicker

from .regrouping import Goal


class DeleteForm(forms.Form):
    """What becomes of the contacts of a company that is deleted."""

    goal = forms.ChoiceField(
        label=gettext_lazy("What becomes of its contacts?"), choices=Goal.choices, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, company: Company) -> None:
        super().__init__(data, initial={"goal": Goal.DOMAIN})
        self.fields["company"] = CompanyPicker(label=_("The other company"), required=False, besides=company)

    def clean(self) -> dict[str, Any]:
        """Whoever moves them says where to."""
        cleaned = self.cleaned_data
        if (
            cleaned.get("goal") == Goal.COMPANY
            and not cleaned.get("company")
            and not self.has_error("company")
        ):
            self.add_error("company", _("Choose the company that they move to."))
        return cleaned


class MergeForm(forms.Form):
    """Of which company this one becomes a part."""

    def __init__(self, data: Any = None, *, company: Company) -> None:
        super().__init__(data)
        self.fields["company"] = CompanyPicker(label=_("The company that stays"), besides=company)


class ManyForm(forms.Form):
    """To which company many contacts belong from now on."""

    company = CompanyPicker(label=gettext_lazy("Company"), required=False)
    none = forms.BooleanField(label=gettext_lazy("No company"), required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two, not both."""
        cleaned = self.cleaned_data
        if bool(cleaned.get("company")) == cleaned["none"] and not self.has_error("company"):
            self.add_error("company", _("Choose a company. Write a part of its name to find it."))
        return cleaned

    def arguments(self) -> dict[str, int | None]:
        """What the deed needs to know."""
        company: Company | None = self.cleaned_data["company"]
        return {"company": company.pk if company else None}


class AdoptForm(forms.Form):
    """Which company has a domain."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["company"] = CompanyPicker(label=_("Company"))
