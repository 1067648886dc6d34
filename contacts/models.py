"""The tables of the contacts directory. Rows change only through `contacts.lifecycle` and `contacts.tickets`."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7

from companies.models import Company

from .querysets import ContactQuerySet, TicketQuerySet


def new_id() -> uuid.UUID:
    """A UUIDv7: opaque to clients (R6), known before the INSERT, and kind to the index by growing."""
    return uuid7()


class SyncStatus(models.TextChoices):
    """R42: how a contact stands with Entra. Shown as words, never as colour alone."""

    SYNCED = "synced", "Synced"
    DEACTIVATED = "deactivated", "Deactivated in Entra"
    OUT_OF_STEP = "out_of_step", "Out of step"
    PARTLY_APPLIED = "partly_applied", "Partly applied"
    ERROR = "error", "Error"
    NOT_SYNCED = "not_synced", "Not synced"


class Contact(models.Model):
    """A person the helpdesk knows; its id is also its SCIM id (RFC 7643 3.1)."""

    class Source(models.TextChoices):
        """Who made the contact."""

        PORTAL = "portal", "Portal"
        ENTRA = "entra", "Entra ID"
        IMPORT = "import", "Import"

    class CompanySource(models.TextChoices):
        """Why it has its company: R36 domain, R39 attribute, R38 an agent or the connection."""

        NONE = "", "—"
        DOMAIN = "domain", "E-mail domain"
        ATTRIBUTE = "attribute", "Entra attribute"
        AGENT = "agent", "Chosen by an agent"
        CONNECTION = "connection", "Connection"

    class DeletedBy(models.TextChoices):
        """R32, R33: what brings a deleted contact back depends on who deleted it."""

        NOBODY = "", "—"
        AGENT = "agent", "An agent"
        ENTRA = "entra", "Entra ID"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=255)
    given_name = models.CharField(max_length=255, blank=True)
    family_name = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=255, blank=True)
    phone = models.CharField("work phone", max_length=100, blank=True)
    mobile = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=255, blank=True)
    employee_number = models.CharField(max_length=255, blank=True)
    organization = models.CharField(max_length=255, blank=True)
    company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="contacts")
    company_source = models.CharField(max_length=10, choices=CompanySource.choices, blank=True, default="")
    # R37 asks for the contacts of a domain at every creation: the primary address's domain, kept here.
    domain = models.CharField(max_length=253, blank=True, editable=False)
    custom_fields = models.JSONField(default=dict, blank=True)
    verified = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.PORTAL)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=10, choices=DeletedBy.choices, blank=True, default="")
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()

    # The link (R14): which connection holds this contact, as whom, and what Entra last said of it.
    connection = models.ForeignKey(
        "provisioning.Connection", models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    external_id = models.CharField(max_length=255, blank=True)
    user_name = models.CharField(max_length=255, blank=True)
    user_name_key = models.CharField(max_length=765, blank=True, editable=False)
    entra_active = models.BooleanField(default=True)
    last_synced_at = models.DateTimeField(null=True, blank=True)
    sync_failed_at = models.DateTimeField(null=True, blank=True)
    unapplied = models.JSONField(default=list, blank=True)  # R11: custom fields whose last value did not fit
    entra_fields = models.JSONField(default=list, blank=True)  # R25: the columns that Entra has sent

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        permissions = [
            ("restore_contact", "Can restore contacts"),
            ("bulk_contact", "Can delete and restore many contacts"),
            ("erase_contact", "Can delete contacts forever"),
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
        indexes = [
            models.Index(Lower("name"), "id", name="contact_by_name"),
            models.Index(fields=["user_name_key"], name="contact_by_user_name"),
            models.Index(
                fields=["domain", "company"],
                name="contact_by_domain",
                condition=Q(deleted_at=None, company__isnull=False),
            ),
            models.Index(
                F("deleted_at").desc(), name="contact_deleted", condition=Q(deleted_at__isnull=False)
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


class ContactAddress(models.Model):
    """An e-mail address. One address belongs to one contact, deleted ones included (R17)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=254)
    address_key = models.CharField(max_length=762, editable=False)
    domain = models.CharField(max_length=253, blank=True, editable=False)
    is_primary = models.BooleanField(default=False)
    # The SCIM `type` when Entra sent the address; "" when only the helpdesk knows it (R23).
    scim_type = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-is_primary", "id"]
        verbose_name_plural = "contact addresses"
        constraints = [
            models.UniqueConstraint(fields=["address_key"], name="address_one_contact"),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(is_primary=True), name="contact_one_primary_address"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class ContactField(models.Model):
    """A custom field of contacts (R12). Its API name is what SCIM clients write to and never changes."""

    class Type(models.TextChoices):
        """R10."""

        TEXT = "text", "Text"
        PARAGRAPH = "paragraph", "Paragraph"
        CHECKBOX = "checkbox", "Checkbox"
        DATE = "date", "Date"
        NUMBER = "number", "Number"
        DECIMAL = "decimal", "Decimal"
        DROPDOWN = "dropdown", "Dropdown"
        URL = "url", "URL"

    label = models.CharField(max_length=100)
    api_name = models.CharField(max_length=100, editable=False)
    type = models.CharField(max_length=10, choices=Type.choices)
    options = models.JSONField(default=list, blank=True)
    required = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["api_name"], name="contact_field_api_name_once"),
            models.CheckConstraint(
                name="contact_field_api_name_prefixed", condition=Q(api_name__startswith="cf_")
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Action(models.TextChoices):
    """What happened to a contact: the words of the timeline and of the provisioning log (R43, R44)."""

    CREATED = "created", "Created"
    LINKED = "linked", "Linked"
    UPDATED = "updated", "Updated"
    DEACTIVATED = "deactivated", "Deactivated"
    REACTIVATED = "reactivated", "Reactivated"
    DELETED = "deleted", "Deleted"
    RESTORED = "restored", "Restored"
    SUSPENDED = "suspended", "Suspended"
    UNSUSPENDED = "unsuspended", "Suspension lifted"
    NOTHING = "nothing", "Nothing changed"


class ActorKind(models.TextChoices):
    """R43: who did it."""

    AGENT = "agent", "Agent"
    CONNECTION = "connection", "Connection"
    TOKEN = "token", "API token"
    IMPORT = "import", "Import"
    SYSTEM = "system", "System"


class TimelineEntry(models.Model):
    """One line of a contact's history (R43). `changes` is {field: [old, new]}; it is erased with the contact."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    action = models.CharField(max_length=12, choices=Action.choices)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_label = models.CharField(max_length=255)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "timeline entries"
        indexes = [models.Index(fields=["contact", "-at", "-id"], name="timeline_of_contact")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.actor_label}"


class Ticket(models.Model):
    """A ticket of a contact. What made it spam is kept, so that a restore undoes only its own work (R27)."""

    class Status(models.TextChoices):
        """Where the work stands."""

        OPEN = "open", "Open"
        PENDING = "pending", "Pending"
        SOLVED = "solved", "Solved"
        CLOSED = "closed", "Closed"

    class SpamCause(models.TextChoices):
        """R27, R35."""

        NONE = "", "Not spam"
        AGENT = "agent", "Marked by an agent"
        SUSPENSION = "suspension", "Contact suspended"
        DELETION = "deletion", "Contact deleted"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="tickets")
    subject = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    spam_cause = models.CharField(max_length=10, choices=SpamCause.choices, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("mark_spam", "Can mark tickets as spam")]
        indexes = [models.Index(fields=["spam_cause", "-id"], name="ticket_by_spam")]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_spam(self) -> bool:
        """Hidden from the working views, marked in All Tickets."""
        return self.spam_cause != ""
