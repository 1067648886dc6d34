"""What people call a contact's columns: in forms, details and the timeline."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

LABELS = {
    "name": _("Name"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "formatted_name": _("Formatted name"),
    "title": _("Title"),
    "phone": _("Work phone"),
    "mobile": _("Mobile"),
    "department": _("Department"),
    "employee_number": _("Employee number"),
    "organization": _("Organization"),
    "note": _("Note"),
    "company": _("Company"),
    "company_name": _("Company name"),
    "companyName": _("Company name from Entra"),
    "emails": _("E-mail addresses"),
    "addresses": _("E-mail addresses"),
    "external_id": _("externalId"),
    "user_name": _("userName"),
    "verified": _("Verified"),
    "linked": _("Linked to Entra ID"),
    "merged": _("Merged with"),
    "deleted_at": _("Deleted"),
    "suspended_at": _("Suspended"),
}


def label(column: str, custom: Mapping[str, str]) -> str:
    """The words for a column, or for a custom field by its API name; an unknown one speaks for itself."""
    return str(LABELS.get(column) or custom.get(column, column))
