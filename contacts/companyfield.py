"""The company of a contact in its form: found by its name among any number of companies."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from companies.models import Company
from companies.pickers import NONE, CompanyPicker

from .models import Contact
from .values import JSON, Values

Source = Contact.CompanySource
BY_DOMAIN = ""


class ContactCompanyField(CompanyPicker):
    """A company or none; left empty while nobody has chosen, that of the e-mail domain (R36, R38).

    The domain's company is a choice only until somebody makes another: it cannot be chosen again.
    """

    def __init__(self, contact: Contact, **options: Any) -> None:
        super().__init__(or_none=True, required=False, **options)
        self.domains = contact.company
        is_chosen = contact.company_source not in (Source.NONE, Source.DOMAIN)
        self.empty = NONE if is_chosen else BY_DOMAIN
        self.initial = str(contact.company_id or NONE) if is_chosen else BY_DOMAIN
        if is_chosen:
            self.choose(contact.company or Company())
        else:
            self.widget.attrs["placeholder"] = self.in_words(BY_DOMAIN)

    def clean(self, value: tuple[str, str] | None) -> Company | None:
        """A company, one of no key for none, or None where the field is left empty."""
        company = super().clean(value)
        if company is None and value and value[0]:
            raise ValidationError(_("The company is gone. Choose another one."))
        return company

    def change(self, company: Company | None) -> Values:
        """What the lifecycle is asked for: nothing while it stays as it is."""
        key = self.empty if company is None else str(company.pk or NONE)
        if key == self.initial:
            return {}
        return {"company": company if company and company.pk else None}

    def in_words(self, value: JSON) -> str:
        """What the field showed for its first value."""
        if value == BY_DOMAIN and self.domains:
            return _("By e-mail domain (%(company)s)") % {"company": self.domains.name}
        if value == BY_DOMAIN:
            return _("By e-mail domain")
        company = self.get(str(value))
        return self.choice(company).label if company else "?"
