"""Connections, their tokens, and the log of what they did."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from contacts.models import Action, Contact

TOKEN_PREFIX = "dsk_"  # noqa: S105  (what every token begins with)


class Connection(models.Model):
    """One Entra tenant's application that pushes to us (R4)."""

    class Tickets(models.TextChoices):
        """R27: what becomes of a contact's tickets when Entra removes it."""

        SPAM = "spam", _("Become spam")
        KEEP = "keep", _("Stay as they are")

    name = models.CharField(_("name"), max_length=100, unique=True)
    enabled = models.BooleanField(
        _("provisioning on"),
        default=True,
        help_text=_("Off: every request is answered 503, and Entra tries again later."),
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        verbose_name=_("company"),
        null=True,
        blank=True,
        related_name="connections",
        help_text=_("Bound to a company, the connection links only contacts of that company or of none."),
    )
    tickets_on_delete = models.CharField(
        _("tickets of deleted contacts"), max_length=4, choices=Tickets.choices, default=Tickets.SPAM
    )
    strict_custom_fields = models.BooleanField(
        _("strict custom fields"),
        default=False,
        help_text=_("Refuse a request whose custom value does not fit, instead of leaving it out."),
    )
    may_create_companies = models.BooleanField(
        _("may create companies"),
        default=False,
        help_text=_("Create a company when Entra sends the name of an unknown one."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="connection_tickets_known", condition=Q(tickets_on_delete__in=["spam", "keep"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Scope(models.TextChoices):
    """R3: what a token opens."""

    SCIM = "scim", _("SCIM (Entra ID)")
    API_READ = "api:read", _("REST API, reading")
    API_WRITE = "api:write", _("REST API, writing")


class Token(models.Model):
    """A bearer token (R3). Only its SHA-256 digest is kept: 32 random bytes need no slow hash."""

    connection = models.ForeignKey(
        Connection,
        models.CASCADE,
        verbose_name=_("connection"),
        null=True,
        blank=True,
        related_name="tokens",
        help_text=_("None: the token belongs to the REST API."),
    )
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("prefix"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="token_digest_once"),
            models.CheckConstraint(name="token_not_half_made", condition=~Q(digest="") & ~Q(prefix="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(
        cls,
        *,
        name: str,
        connection: Connection | None = None,
        scopes: Collection[str] = (Scope.SCIM,),
        expires_at: datetime | None = None,
    ) -> "tuple[Token, str]":
        """A saved token and its secret, which is known to nobody after this call.

        Raises ValueError unless it is for SCIM alone and a connection, or for the REST API alone and none.
        """
        if unknown := set(scopes) - set(Scope.values):
            raise ValueError(f"Unknown scopes: {', '.join(sorted(unknown))}.")
        if not scopes:
            raise ValueError("A token needs a scope.")
        if Scope.SCIM in scopes and len(set(scopes)) > 1:
            raise ValueError("A token is for SCIM or for the REST API, not for both.")
        if (Scope.SCIM in scopes) != (connection is not None):
            raise ValueError("A token for SCIM belongs to a connection, one for the REST API to none.")
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        token = cls.objects.create(
            connection=connection,
            name=name,
            prefix=secret[:12],
            digest=cls.digest_of(secret),
            scopes=[str(scope) for scope in scopes],
            expires_at=expires_at,
        )
        return token, secret

    @staticmethod
    def digest_of(secret: str) -> str:
        """SHA-256 in hex."""
        return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()

    def is_live(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

    def touch(self, now: datetime) -> None:
        """Note the use, to the minute (R3), so that a busy sync does not write this row with each request."""
        if self.last_used_at is None or now - self.last_used_at >= timedelta(minutes=1):
            self.last_used_at = now.replace(second=0, microsecond=0)
            Token.objects.filter(pk=self.pk).update(last_used_at=self.last_used_at)

    def revoke(self) -> None:
        """End it now; a revoked token stays listed."""
        self.revoked_at = self.revoked_at or timezone.now()
        self.save(update_fields=["revoked_at"])


class LogEntry(models.Model):
    """One write or one failure of a connection, with the outcome the caller saw (R44). No personal value."""

    class Outcome(models.TextChoices):
        """Whether the request was carried out."""

        SUCCESS = "success", _("Success")
        FAILURE = "failure", _("Failure")

    at = models.DateTimeField(_("at"), db_index=True)
    # Without an index: there are few connections, and each line of the log would pay for it.
    connection = models.ForeignKey(
        Connection,
        models.CASCADE,
        verbose_name=_("connection"),
        null=True,
        related_name="log",
        db_index=False,
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, verbose_name=_("contact"), null=True, related_name="provisioning_log"
    )
    method = models.CharField(_("method"), max_length=7)
    action = models.CharField(_("action"), max_length=12, choices=Action.choices)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices)
    status = models.PositiveSmallIntegerField(_("status"))
    reason = models.CharField(_("reason"), max_length=50, blank=True)
    notes = models.JSONField(_("notes"), default=list)
    ignored = models.PositiveIntegerField(_("ignored attributes"), default=0)  # R9
    duration_ms = models.FloatField(_("duration in ms"))

    class Meta:
        verbose_name = _("provisioning log entry")
        verbose_name_plural = _("provisioning log")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.method} {self.status} {self.action}"
