"""A contact: who they are, where they belong, what became of them, and their link to Entra."""

import uuid

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from companies.models import Company
from contacts.querysets import ContactQuerySet


def new_id() -> uuid.UUID:
    """A UUIDv7: opaque to clients (R6), known before the INSERT, and kind to the index by growing."""
    return uuid7()


class SyncStatus(models.TextChoices):
    """R42: how a contact stands with Entra. Shown as words, never as colour alone."""

    SYNCED = "synced", _("Synced")
    DEACTIVATED = "deactivated", _("Deactivated in Entra")
    OUT_OF_STEP = "out_of_step", _("Out of step")
    PARTLY_APPLIED = "partly_applied", _("Partly applied")
    ERROR = "error", _("Error")
    NOT_SYNCED = "not_synced", _("Not synced")


# What the list sorts phone numbers by, "" for none.
NUMBER = Coalesce(NullIf("phone", Value("")), "mobile")

# R42: an agent deleted what Entra holds active, or restored what it holds inactive.
OUT_OF_STEP = Q(deleted_at__isnull=False, entra_active=True) | Q(deleted_at=None, entra_active=False)


class Contact(models.Model):
    """A person the helpdesk knows; its id is also its SCIM id (RFC 7643 3.1)."""

    class Source(models.TextChoices):
        """Who made the contact."""

        PORTAL = "portal", _("Portal")
        ENTRA = "entra", _("Entra ID")
        IMPORT = "import", _("Import")

    class CompanySource(models.TextChoices):
        """Why it has its company: R36 domain, R39 attribute, R38 an agent or the connection."""

        NONE = "", "—"
        DOMAIN = "domain", _("E-mail domain")
        ATTRIBUTE = "attribute", _("Entra attribute")
        AGENT = "agent", _("Chosen by an agent")
        CONNECTION = "connection", _("Connection")

    class DeletedBy(models.TextChoices):
        """R32, R33: what brings a deleted contact back depends on who deleted it."""

        NOBODY = "", "—"
        AGENT = "agent", _("An agent")
        ENTRA = "entra", _("Entra ID")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=255)
    given_name = models.CharField(max_length=255, blank=True)
    family_name = models.CharField(max_length=255, blank=True)
    formatted_name = models.CharField(max_length=255, blank=True)  # R20: as Entra joins the two
    title = models.CharField(max_length=255, blank=True)
    phone = models.CharField(_("work phone"), max_length=100, blank=True)
    mobile = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=255, blank=True)
    employee_number = models.CharField(_("employee number"), max_length=255, blank=True)
    organization = models.CharField(_("organization"), max_length=255, blank=True)
    company = models.ForeignKey(
        Company,
        models.SET_NULL,
        verbose_name=_("company"),
        null=True,
        blank=True,
        related_name="contacts",
        db_index=False,  # contact_of_company_by_name begins with it
    )
    company_source = models.CharField(
        _("source of the company"), max_length=10, choices=CompanySource.choices, blank=True, default=""
    )
    # R37 asks for the contacts of a domain at every creation: the primary address's domain, kept here.
    domain = models.CharField(max_length=253, blank=True, editable=False)
    custom_fields = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)  # the helpdesk's own: no connection reads or writes it
    verified = models.BooleanField(_("verified"), default=False)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.PORTAL)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=10, choices=DeletedBy.choices, blank=True, default="")
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"))
    # Moves with updated_at, and when a ticket comes; SCIM's ETag.
    version = models.PositiveIntegerField(default=1, editable=False)

    # The link (R14): which connection holds this contact, as whom, and what Entra last said of it.
    connection = models.ForeignKey(
        "provisioning.Connection",
        models.PROTECT,
        verbose_name=_("connection"),
        null=True,
        blank=True,
        related_name="contacts",
        db_index=False,  # contact_of_connection begins with it
    )
    external_id = models.CharField(_("externalId"), max_length=255, blank=True)
    user_name = models.CharField(_("userName"), max_length=255, blank=True)
    user_name_key = models.CharField(max_length=765, blank=True, editable=False)
    entra_active = models.BooleanField(default=True)
    last_synced_at = models.DateTimeField(_("last synced at"), null=True, blank=True)
    sync_failed_at = models.DateTimeField(null=True, blank=True)
    unapplied = models.JSONField(default=list, blank=True)  # R11: custom fields whose last value did not fit
    entra_fields = models.JSONField(default=list, blank=True)  # R25: the columns that Entra has sent

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["id"]
        permissions = [
            ("restore_contact", "Can restore contacts"),
            ("bulk_contact", "Can delete and restore many contacts"),
            ("erase_contact", "Can delete contacts forever"),
            ("import_contact", "Can import contacts"),
            ("export_contact", "Can export contacts"),
            ("merge_contact", "Can merge contacts"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="contact_external_id_once_per_connection",
                fields=["connection", "external_id"],
                condition=Q(connection__isnull=False) & ~Q(external_id=""),
            ),
            models.UniqueConstraint(
                name="contact_user_name_once_per_connection",
                fields=["connection", "user_name_key"],
                condition=Q(connection__isnull=False) & ~Q(user_name_key=""),
            ),
            models.CheckConstraint(
                name="contact_external_id_only_when_linked",
                condition=Q(connection__isnull=False) | Q(external_id=""),
            ),
            models.CheckConstraint(
                name="contact_deleted_by_somebody",
                condition=Q(deleted_at=None, deleted_by="")
                | (Q(deleted_at__isnull=False) & ~Q(deleted_by="")),
            ),
            models.CheckConstraint(
                name="contact_company_has_source",
                condition=Q(company=None) | ~Q(company_source=""),
            ),
            models.CheckConstraint(name="contact_name_not_empty", condition=~Q(name="")),
        ]
        # None on what every sync touches (updated_at, last_synced_at, version), so that PostgreSQL updates in
        # place. Migration 0008 adds one for PostgreSQL alone.
        indexes = [
            models.Index(fields=["connection", "id"], name="contact_of_connection"),
            models.Index(Lower("name"), "id", name="contact_by_name"),
            models.Index(fields=["user_name_key"], name="contact_by_user_name"),
            models.Index(
                fields=["domain", "company"],
                name="contact_by_domain",
                condition=Q(deleted_at=None, company__isnull=False),
            ),
            # Who shares a phone number (contacts.duplicates).
            models.Index(fields=["phone"], name="contact_by_phone", condition=~Q(phone="")),
            models.Index(fields=["mobile"], name="contact_by_mobile", condition=~Q(mobile="")),
            models.Index(
                fields=["domain", "id"],
                name="contact_blank",
                condition=Q(deleted_at=None, company=None, company_source="") & ~Q(domain=""),
            ),
            models.Index(
                fields=["company", "domain"],
                name="contact_of_company",
                condition=Q(deleted_at=None, company__isnull=False),
            ),
            models.Index(
                Lower("name"), "id", name="contact_deleted_by_name", condition=Q(deleted_at__isnull=False)
            ),
            models.Index("company", Lower("name"), "id", name="contact_of_company_by_name"),
            models.Index(
                Lower("name"),
                "id",
                name="contact_suspended",
                condition=Q(deleted_at=None, suspended_at__isnull=False),
            ),
            models.Index(Lower("title"), "id", name="contact_by_title"),
            models.Index(NUMBER, "id", name="contact_by_number"),
            # What the list of contacts filters by, where few contacts may be what is asked for.
            models.Index(fields=["created_at", "id"], name="contact_by_creation"),
            models.Index(fields=["domain"], name="contact_of_domain"),
            models.Index(fields=["source"], name="contact_of_source"),
            models.Index(fields=["id"], name="contact_unverified", condition=Q(verified=False)),
            models.Index(
                fields=["sync_failed_at"], name="contact_failed", condition=Q(sync_failed_at__isnull=False)
            ),
            models.Index(fields=["id"], name="contact_partly_applied", condition=~Q(unapplied=[])),
            models.Index(
                fields=["id"],
                name="contact_out_of_step",
                condition=Q(connection__isnull=False) & OUT_OF_STEP,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_deleted(self) -> bool:
        """In Deleted Contacts."""
        return self.deleted_at is not None

    @property
    def is_suspended(self) -> bool:
        """Suspended, deleted or not (R35)."""
        return self.suspended_at is not None

    @property
    def is_linked(self) -> bool:
        """Held by a connection."""
        return self.connection_id is not None

    @property
    def sync_status(self) -> SyncStatus:
        """R42, the gravest first."""
        if not self.is_linked:
            return SyncStatus.NOT_SYNCED
        if self.sync_failed_at is not None:
            return SyncStatus.ERROR
        if self.entra_active == self.is_deleted:
            return SyncStatus.OUT_OF_STEP
        if self.is_deleted:
            return SyncStatus.DEACTIVATED
        return SyncStatus.PARTLY_APPLIED if self.unapplied else SyncStatus.SYNCED

    @property
    def primary_address(self) -> str:
        """The primary address as written, or "". Reads `addresses.all()`: prefetch them for a list."""
        return next((one.address for one in self.addresses.all() if one.is_primary), "")
