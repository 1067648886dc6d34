"""What people call a contact's columns: in forms, details and the timeline."""

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "name": "Name",
    "given_name": "Given name",
    "family_name": "Family name",
    "formatted_name": "Formatted name",
    "title": "Title",
    "phone": "Work phone",
    "mobile": "Mobile",
    "department": "Department",
    "employee_number": "Employee number",
    "organization": "Organization",
    "note": "Note",
    "company": "Company",
    "company_name": "Company name",
    "companyName": "Company name from Entra",
    "emails": "E-mail addresses",
    "addresses": "E-mail addresses",
    "external_id": "externalId",
    "user_name": "userName",
    "verified": "Verified",
    "linked": "Linked to Entra ID",
    "merged": "Merged with",
    "deleted_at": "Deleted",
    "suspended_at": "Suspended",
}


def label(column: str, custom: Mapping[str, str]) -> str:
    """The words for a column, or for a custom field by its API name; an unknown one speaks for itself."""
    return LABELS.get(column) or custom.get(column, column)
