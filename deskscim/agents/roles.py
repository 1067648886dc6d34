"""What each role may do (R48). Views name a permission; only this file says who holds it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """R48: three fixed roles."""

    AGENT = "agent", _("Agent")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Admin")


AGENT_PERMISSIONS = frozenset(
    {
        "contacts.view_contact",
        "contacts.add_contact",
        "contacts.change_contact",
        "contacts.delete_contact",
        "contacts.restore_contact",
        "contacts.view_ticket",
        "contacts.add_ticket",
        "contacts.change_ticket",
        "contacts.mark_spam",
        "companies.view_company",
    }
)
MANAGER_PERMISSIONS = AGENT_PERMISSIONS | {
    "contacts.bulk_contact",
    "contacts.import_contact",
    "contacts.export_contact",
    "jobs.view_job",
    "contacts.merge_contact",
    "contacts.share_savedview",
    "companies.add_company",
    "companies.change_company",
    "companies.delete_company",
}


def allows(role: str, permission: str) -> bool:
    """Whether `role` holds `permission` ("app.codename"). An admin holds every one, an unknown role none."""
    if role == Role.ADMIN:
        return True
    held = {Role.AGENT: AGENT_PERMISSIONS, Role.MANAGER: MANAGER_PERMISSIONS}
    return permission in held.get(Role(role), frozenset()) if role in Role.values else False
