"""The form of a contact, for a new one and for an existing one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .companyfield import ContactCompanyField
from .formfields import AddressesField, CustomField
from .labels import LABELS
from .limits import NOTE_LIMIT
from .managed import managed
from .models import Contact, ContactAddress, ContactField
from .normal import key
from .timeline import Difference, differences
from .values import JSON, Email, Values

MANAGED = _("Managed by Entra ID: your change lasts until Entra sends this field again.")
COLUMNS = ("name", "given_name", "family_name", "title", "department", "phone", "mobile", "note")


def _text(column: str, **options: Any) -> forms.CharField:
    limit = Contact._meta.get_field(column).max_length  # type: ignore[union-attr]
    return forms.CharField(label=LABELS[column], max_length=limit, required=False, **options)


class ContactForm(forms.Form):
    """What an agent may say of a contact. `contact` is the one to change, None for a new one."""

    name = _text("name", help_text=_("Left empty, it is made from the given and the family name."))
    given_name = _text("given_name")
    family_name = _text("family_name")
    title = _text("title")
    department = _text("department")
    phone = _text("phone")
    mobile = _text("mobile")
    note = forms.CharField(
        label=LABELS["note"],
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the helpdesk alone: Entra ID neither sees nor changes it."),
    )

    def __init__(self, data: QueryDict | None = None, *, contact: Contact | None = None) -> None:
        self.contact = contact or Contact()
        self.known = [row.address for row in contact.addresses.all()] if contact else []
        # What the page is made from; it comes back with the form.
        self.version = contact.updated_at.isoformat() if contact else ""
        super().__init__(data)
        self.initial = {column: getattr(self.contact, column) for column in COLUMNS}
        self._add_addresses()
        self._add_company()
        self._add_custom_fields()
        for name in self.managed:
            field = self.fields[name]
            field.help_text = f"{field.help_text} {MANAGED}".strip()

    def _add_addresses(self) -> None:
        self.fields["email"] = AddressesField(
            label=_("Primary e-mail address"),
            known=self.known,
            initial="".join(self.known[:1]),
            widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
        )
        self.fields["other_emails"] = AddressesField(
            label=_("Other e-mail addresses"),
            known=self.known,
            initial="\n".join(self.known[1:]),
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("One on each line."),
        )

    def _add_company(self) -> None:
        self.company = ContactCompanyField(
            self.contact,
            label=LABELS["company"],
            help_text=_("A company that you choose stays, whatever the e-mail domain says later."),
        )
        self.fields["company"] = self.company

    def _add_custom_fields(self) -> None:
        self.definitions = list(ContactField.objects.filter(active=True))
        for one in self.definitions:
            value = self.contact.custom_fields.get(one.api_name)
            self.fields[one.api_name] = CustomField(one, value)

    @property
    def managed(self) -> list[str]:
        """R25: the fields of this form that Entra ID sends."""
        names = managed(self.contact)
        return [name for name in self.fields if name in names]

    @property
    def custom(self) -> Iterator[forms.BoundField]:
        """The custom fields, to render."""
        return (self[one.api_name] for one in self.definitions)

    def clean_email(self) -> list[str]:
        """One primary address at most."""
        emails: list[str] = self.cleaned_data["email"]
        if len(emails) > 1:
            raise ValidationError(_("Only one address can be primary. Put the others below."))
        return emails

    def clean_note(self) -> str:
        """With the line ends that it had before a browser saw it."""
        note: str = self.cleaned_data["note"]
        return note.replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Names, addresses and the version, which no single field can judge."""
        cleaned = self.cleaned_data
        if not any(cleaned.get(column) for column in ("name", "given_name", "family_name")):
            self.add_error("name", _("Enter a name."))
        for name in ("email", "other_emails"):
            self._refuse_taken(name)
        if self.data.get("version", "") != self.version:
            raise ValidationError(self._stale())
        return cleaned

    def _refuse_taken(self, name: str) -> None:
        """R17: an address belongs to one contact, deleted ones included; say to whom."""
        keys = [key(address) for address in self.cleaned_data.get(name, ())]
        held = ContactAddress.objects.filter(address_key__in=keys).exclude(contact=self.contact)
        for row in held.select_related("contact"):
            self.add_error(name, held_by(row))

    def _stale(self) -> str:
        """Somebody, or Entra, was quicker: say who changed what."""
        since = _moment(self.data.get("version", ""))
        newer = self.contact.timeline.filter(at__gt=since) if since else self.contact.timeline.none()
        custom = {one.api_name: one.label for one in self.definitions}
        told = [f"{entry.actor_label}: {_told(differences(entry, custom))}." for entry in newer]
        return " ".join(
            [
                gettext("This contact was changed while you were editing it, so nothing was saved."),
                *told,
                gettext("Look over what you entered below: saving again writes it."),
            ]
        )

    def values(self) -> Values:
        """What differs from the contact as it is; the rest is left alone."""
        cleaned = self.cleaned_data
        values: Values = {"custom_fields": self._custom_values()}
        for column in COLUMNS:
            if column in cleaned and cleaned[column] != getattr(self.contact, column).strip():
                values[column] = cleaned[column]  # type: ignore[literal-required]
        if "email" in cleaned:
            emails = list(dict.fromkeys(cleaned["email"] + cleaned["other_emails"]))
            if emails != self.known:
                values["emails"] = [Email(address, primary=n == 0) for n, address in enumerate(emails)]
        if "company" in cleaned:
            values |= self.company.change(cleaned["company"])
        return values

    def _custom_values(self) -> dict[str, JSON]:
        current = self.contact.custom_fields
        cleaned = {one.api_name: self.cleaned_data[one.api_name] for one in self.definitions}
        return {name: value for name, value in cleaned.items() if value != current.get(name)}

    def focus_first_error(self) -> None:
        """Have the browser put the cursor where the first mistake is."""
        first = next((field for name, field in self.fields.items() if name in self.errors), None)
        if first:
            first.widget.attrs["autofocus"] = True


def held_by(row: ContactAddress) -> str:
    """R17: whose address it is, with the way there."""
    said = _("{address} belongs to {contact}.")
    if row.contact.is_deleted:
        said = _("{address} belongs to {contact} in Deleted Contacts.")
    url = reverse("contacts:detail", args=[row.contact_id])
    contact = format_html('<a class="link" href="{}">{}</a>', url, row.contact.name)
    return format_html(str(said), address=row.address, contact=contact)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _told(differences: list[Difference]) -> str:
    return ", ".join(f"{one.label} “{one.old}” → “{one.new}”" for one in differences)
