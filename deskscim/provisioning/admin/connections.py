"""Connections in the Django admin (R4)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts.models import Contact
from deskscim.provisioning.models import Connection, LogEntry, Token

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Connection]
    TokenRows = admin.TabularInline[Token, Connection]
else:
    ModelAdmin, TokenRows = admin.ModelAdmin, admin.TabularInline


RULES = ("enabled", "company", "tickets_on_delete", "strict_custom_fields", "may_create_companies")


class TokenInline(TokenRows):
    """The connection's tokens, to look at; two live ones make a rotation without a gap possible (R3)."""

    model = Token
    extra = 0
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("name", "prefix", "created_at", "expires_at", "revoked_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token is issued on its own page, which shows the secret."""
        return False


@admin.register(Connection)
class ConnectionAdmin(ModelAdmin):
    """One Entra tenant's application."""

    list_display = ("name", "enabled", "company", "linked_contacts", "created_at")
    list_filter = ("enabled",)
    list_select_related = ("company",)
    search_fields = ("name",)
    autocomplete_fields = ("company",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        """With the number that the list shows."""
        return super().get_queryset(request).annotate(linked=Count("contacts"))

    def get_fieldsets(self, request: HttpRequest, obj: Connection | None = None) -> list[Any]:
        """A saved connection says what to enter in Entra."""
        description = _entra_settings(request, obj) if obj else _("Save it first; then issue a token for it.")
        return [(None, {"fields": ["name"], "description": description}), (_("Rules"), {"fields": RULES})]

    def get_inlines(self, request: HttpRequest, obj: Connection | None) -> list[Any]:
        """Tokens come after the connection."""
        return [TokenInline] if obj else []

    @admin.display(description=_("linked contacts"), ordering="linked")
    def linked_contacts(self, connection: Any) -> int:
        """How many contacts it holds."""
        linked: int = connection.linked
        return linked

    def get_deleted_objects(
        self, objs: QuerySet[Any] | Sequence[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        """A connection that holds contacts stays; its tokens and log go with it. Counted, not listed."""
        connections = [one.pk for one in objs]
        linked = Contact.objects.filter(connection__in=connections).count()
        if linked:
            held = ngettext(
                "%(number)s linked contact. Remove it in Entra first, or switch the connection off.",
                "%(number)s linked contacts. Remove them in Entra first, or switch the connection off.",
                linked,
            )
            return [], {}, set(), [held % {"number": linked}]
        counts = {
            Connection._meta.verbose_name_plural: len(connections),
            Token._meta.verbose_name_plural: Token.objects.filter(connection__in=connections).count(),
            LogEntry._meta.verbose_name_plural: LogEntry.objects.filter(connection__in=connections).count(),
        }
        return [str(one) for one in objs], counts, set(), []


def _entra_settings(request: HttpRequest, connection: Connection) -> str:
    return format_html(
        '{}: <code class="copyable">{}</code> · <a href="{}?connection={}">{}</a>'
        ' · <a href="{}?connection__id__exact={}">{}</a>',
        _("Tenant URL for Entra ID"),
        request.build_absolute_uri(reverse("scim:root")),
        reverse("admin:provisioning_token_add"),
        connection.pk,
        _("Issue a token"),
        reverse("admin:provisioning_logentry_changelist"),
        connection.pk,
        _("Provisioning log"),
    )
