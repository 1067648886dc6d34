"""The filters that the list of contacts has, those of its contact fields included."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.domains import InvalidDomain, normalise_domain
from companies.models import Company, name_key
from companies.pickers import NONE
from contacts import fields
from contacts.errors import InvalidValue
from contacts.models import Contact, ContactField, SyncStatus
from contacts.models.contact import OUT_OF_STEP
from contacts.querysets import custom_text, custom_value
from deskscim.web import as_number

from .filters import Between, Choices, Filter, Found, Picked, Text, Unreadable

NO_COMPANY = "-"

_linked = Q(connection__isnull=False)
_in_order = _linked & Q(sync_failed_at=None)
_live = _in_order & Q(deleted_at=None, entra_active=True)

# R42, as Contact.sync_status has it.
STATUSES = {
    SyncStatus.SYNCED: _live & Q(unapplied=[]),
    SyncStatus.DEACTIVATED: _in_order & Q(deleted_at__isnull=False, entra_active=False),
    SyncStatus.OUT_OF_STEP: _in_order & OUT_OF_STEP,
    SyncStatus.PARTLY_APPLIED: _live & ~Q(unapplied=[]),
    SyncStatus.ERROR: _linked & Q(sync_failed_at__isnull=False),
    SyncStatus.NOT_SYNCED: Q(connection=None),
}

Type = ContactField.Type
# What to type, for a contact field that is typed.
PART = gettext_lazy("A part of it will do.")
HELP = {
    Type.TEXT: PART,
    Type.PARAGRAPH: PART,
    Type.URL: PART,
    Type.DATE: gettext_lazy("Such as 2026-05-31."),
}


def filters(definitions: Sequence[ContactField]) -> list[Filter]:
    """All of them, for these contact fields."""
    return [
        Choices(
            "status",
            gettext_lazy("Entra Sync"),
            {status.value: (status.label, condition) for status, condition in STATUSES.items()},
        ),
        Picked(
            "company",
            gettext_lazy("Company"),
            gettext_lazy("Its name or the beginning of it, or “No company”."),
            _of_company,
        ),
        Text("domain", gettext_lazy("E-mail domain"), gettext_lazy("Such as northwind.example."), _of_domain),
        Choices("verified", gettext_lazy("Verified"), _yes_or_no(Q(verified=True), Q(verified=False))),
        Choices(
            "source",
            gettext_lazy("Source"),
            {source.value: (source.label, Q(source=source)) for source in Contact.Source},
        ),
        Choices("connection", gettext_lazy("Connection"), _connections()),
        Between("created", gettext_lazy("Created"), "created_at"),
        Between("updated", gettext_lazy("Updated"), "updated_at"),
        Between("synced", gettext_lazy("Last synced"), "last_synced_at"),
        *map(_of_field, definitions),
    ]


def _yes_or_no(yes: Q, no: Q) -> dict[str, Any]:
    return {"yes": (gettext_lazy("Yes"), yes), "no": (gettext_lazy("No"), no)}


def _connections() -> dict[str, Any]:
    """By the foreign key: this app does not import the one that has them."""
    connections: Any = Contact._meta.get_field("connection").related_model
    rows = connections._default_manager.values_list("pk", "name")
    return {str(pk): (name, Q(connection=pk)) for pk, name in rows}


def _of_company(text: str) -> Found:
    """By id as the address keeps it, or by name as people type it; an only one that begins so will do."""
    if text in (NO_COMPANY, NONE) or text.casefold() == _("No company").casefold():
        return Found(Q(company=None), _("none"), NO_COMPANY, _("No company"))
    wanted = name_key(text)
    exact = Company.objects.filter(pk=as_number(text) or 0) or Company.objects.filter(name_key=wanted)
    found = list(exact or Company.objects.filter(name_key__startswith=wanted)[:2])
    if len(found) == 1:
        company = found[0]
        return Found(Q(company=company.pk), company.name, str(company.pk), company.name)
    reason = _("Several companies begin with “%(text)s”.") if found else _("No company is named “%(text)s”.")
    raise Unreadable(reason % {"text": text[:60]})


def _of_domain(text: str) -> Found:
    try:
        domain = normalise_domain(text)
    except InvalidDomain as refused:
        raise Unreadable(str(refused)) from refused
    return Found(Q(domain=domain), domain, domain, domain)


def _of_field(definition: ContactField) -> Filter:
    """R10: by type; what has a few values offers them, a text is found by a part of it."""
    name = definition.api_name
    if definition.type == Type.CHECKBOX:
        return Choices(
            name, definition.label, _yes_or_no(custom_value(name, True), custom_value(name, False))
        )
    if definition.type == Type.DROPDOWN:
        return Choices(
            name,
            definition.label,
            {option: (option, custom_value(name, option)) for option in definition.options},
        )
    return Text(name, definition.label, HELP.get(Type(definition.type), ""), _ValueOf(definition))


class _ValueOf:
    """The condition on a contact field that somebody types."""

    def __init__(self, definition: ContactField) -> None:
        self._definition = definition

    def __call__(self, text: str) -> Found:
        name, kind = self._definition.api_name, self._definition.type
        if kind in (Type.TEXT, Type.PARAGRAPH, Type.URL):
            return Found(custom_text(name, text), text, text, text)
        try:
            value = fields.clean(kind, self._definition.options, text)
        except InvalidValue as refused:
            raise Unreadable(f"{self._definition.label}: {refused}") from refused
        return Found(custom_value(name, value), str(value), text, text)
