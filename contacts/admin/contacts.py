"""Contacts in the Django admin: every change goes through the lifecycle (R30, R43)."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from contacts import lifecycle, words
from contacts.models import Contact
from contacts.values import Actor

from . import erasing
from .base import IdsOnlyLog, RefusalsShown
from .filters import StateFilter
from .forms import ContactAdminForm

Key = uuid.UUID


@admin.register(Contact)
class ContactAdmin(RefusalsShown, IdsOnlyLog):
    """A contact with its addresses and custom fields; the link to Entra is shown, not edited."""

    list_display = ("name", "primary_address", "company", "state", "shown_sync_status", "last_synced_at")
    list_filter = (StateFilter, "verified", "source", "connection")
    list_per_page = 50
    list_max_show_all = erasing.AT_MOST
    search_fields = ("name",)
    ordering = (Lower("name"), "id")
    readonly_fields = (
        "employee_number", "organization", "company_source", "state", "verified", "source",
        "connection", "user_name", "external_id", "shown_sync_status", "last_synced_at",
        "created_at", "updated_at", "more",
    )  # fmt: skip
    actions = ("soft_delete", "restore", "lift_suspension", "erase")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        """With what a row shows."""
        return Contact.objects.select_related("company").prefetch_related("addresses")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        """As the portal searches."""
        return queryset.search(search_term), False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Contact | None:
        """Locked before it is changed, so that the version that is checked is the one kept."""
        contact: Contact | None = super().get_object(request, object_id, from_field)
        return lifecycle.lock(contact.pk) if contact and request.method == "POST" else contact

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Not made from the model: the form knows the custom fields, and writes nothing itself."""
        return ContactAdminForm

    def get_fieldsets(self, request: HttpRequest, obj: Contact | None = None) -> list[Any]:
        """What can be changed, then what is only shown."""
        form = ContactAdminForm(instance=obj)
        custom = [one.api_name for one in form.definitions]
        own = [name for name in form.fields if name not in custom]
        fieldsets: list[Any] = [(None, {"fields": own})]
        fieldsets += [(_("Custom fields"), {"fields": custom})] if custom else []
        return [*fieldsets, (_("Shown only"), {"fields": self.readonly_fields})] if obj else fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> tuple[str, ...]:
        """A new contact has nothing to show yet."""
        return self.readonly_fields if obj else ()

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        """What the form wants, through the lifecycle."""
        actor = Actor.agent(request.user)  # type: ignore[arg-type]  # the admin lets nobody else in
        if change:
            locked = lifecycle.LockedContact(obj)  # by get_object
            lifecycle.update(contact=locked, values=form.values(), actor=actor)
        else:
            obj.pk = lifecycle.create(values=form.values(), actor=actor).contact.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the addresses were written with the contact."""

    @admin.display(description=_("state"))
    def state(self, contact: Contact) -> str:
        """Which tab of the portal shows it."""
        if contact.is_deleted:
            return str(_("Deleted"))
        return str(_("Suspended") if contact.is_suspended else _("Active"))

    @admin.display(description=_("Entra Sync"))
    def shown_sync_status(self, contact: Contact) -> str:
        """R42, in words."""
        return str(contact.sync_status.label)

    @admin.display(description=_("more"))
    def more(self, contact: Contact) -> str:
        """The ways to its timeline, its tickets and its lines of the provisioning log."""
        return format_html(
            '<a href="{0}?{3}">{4}</a> · <a href="{1}?{3}">{5}</a> · <a href="{2}?{3}">{6}</a>',
            reverse("admin:contacts_timelineentry_changelist"),
            reverse("admin:contacts_ticket_changelist"),
            reverse("admin:provisioning_logentry_changelist"),
            f"contact__id__exact={contact.pk}",
            _("Timeline"),
            _("Tickets"),
            _("Provisioning log"),
        )

    def has_restore_permission(self, request: HttpRequest) -> bool:
        """Whether the role may restore."""
        return request.user.has_perm("contacts.restore_contact")

    def has_soft_delete_permission(self, request: HttpRequest) -> bool:
        """Whether the role may delete into Deleted Contacts."""
        return request.user.has_perm("contacts.delete_contact")

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """R30, R48: admins alone."""
        return request.user.has_perm("contacts.erase_contact")

    @admin.action(description=_("Delete (tickets become spam)"), permissions=["soft_delete"])
    def soft_delete(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        """Into Deleted Contacts (R27)."""
        done = ngettext_lazy("%(number)s contact deleted.", "%(number)s contacts deleted.", "number")
        self.each(request, _keys(queryset), _through(lifecycle.soft_delete, request), done)

    @admin.action(description=_("Restore"), permissions=["restore"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        """Out of Deleted Contacts (R34)."""
        done = ngettext_lazy("%(number)s contact restored.", "%(number)s contacts restored.", "number")
        self.each(request, _keys(queryset), _through(lifecycle.restore, request), done)

    @admin.action(description=_("Lift suspension"), permissions=["restore"])
    def lift_suspension(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        """R35."""
        done = ngettext_lazy(
            "%(number)s contact is no longer suspended.",
            "%(number)s contacts are no longer suspended.",
            "number",
        )
        self.each(request, _keys(queryset), _through(lifecycle.unsuspend, request), done)

    @admin.action(description=_("Delete forever"), permissions=["erase"])
    def erase(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """R30: those in Deleted Contacts, after a question."""
        deleted = queryset.deleted()
        keys = _keys(deleted)
        if left_out := queryset.count() - len(keys):
            sentence = ngettext(
                "%(number)s of the selected contacts is not in Deleted Contacts; it stays.",
                "%(number)s of the selected contacts are not in Deleted Contacts; they stay.",
                left_out,
            )
            self.message_user(request, sentence % {"number": left_out}, messages.WARNING)
        if len(keys) > erasing.AT_MOST:
            sentence = _("At most %(number)s at a time, please.") % {"number": erasing.AT_MOST}
            self.message_user(request, sentence, messages.ERROR)
            return None
        if keys and "confirmed" not in request.POST:
            return erasing.ask(self, request, deleted)
        done = ngettext_lazy(
            "%(number)s contact deleted forever.", "%(number)s contacts deleted forever.", "number"
        )
        try:
            self.each(request, keys, self._erase(request), done)
        finally:
            words.forget()
        return None

    def _erase(self, request: HttpRequest) -> Callable[[Key], None]:
        erase = _through(partial(lifecycle.erase, is_one_of_many=True), request)

        def step(key: Key) -> None:
            erase(key)
            self.log_erasure(request, Contact(pk=key))

        return step


def _keys(contacts: QuerySet[Contact]) -> list[Key]:
    return list(contacts.values_list("pk", flat=True))


def _through(transition: Callable[..., object], request: HttpRequest) -> Callable[[Key], None]:
    """One step of the lifecycle by the signed-in admin, in a transaction of its own."""
    actor = Actor.agent(request.user)  # type: ignore[arg-type]  # the admin lets nobody else in

    def step(key: Key) -> None:
        with transaction.atomic():
            transition(contact=lifecycle.lock(key), actor=actor)

    return step
