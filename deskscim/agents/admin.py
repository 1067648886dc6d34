"""Agents in the Django admin: made with a password and a role, deactivated when they leave (R48)."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Agent

if TYPE_CHECKING:
    AgentAdminBase = UserAdmin[Agent]
    CreationForm = BaseUserCreationForm[Agent]
    ChangeForm = UserChangeForm[Agent]
else:
    AgentAdminBase, CreationForm, ChangeForm = UserAdmin, BaseUserCreationForm, UserChangeForm

admin.site.unregister(Group)  # roles are fixed


class LowerCaseEmail(forms.Form):
    """Addresses are kept in lower case, so that signing in ignores case."""

    def clean_email(self) -> str:
        """In lower case; unique in that form."""
        return str(self.cleaned_data["email"]).lower()


class AgentCreationForm(LowerCaseEmail, CreationForm):
    """A new agent with a first password."""

    class Meta:
        model = Agent
        fields = ("email", "name", "role")


class AgentChangeForm(LowerCaseEmail, ChangeForm):
    """An agent; the password has a page of its own."""

    class Meta:
        model = Agent
        fields = ("email", "name", "role", "is_active", "password")


@admin.register(Agent)
class AgentAdmin(AgentAdminBase):
    """Who signs in, and as what."""

    form = AgentChangeForm
    add_form = AgentCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("name", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("name", "email", "role", "is_active", "password")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("name", "email", "role", "password1", "password2")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> tuple[str, ...]:
        """Nobody takes the admin role from themselves, so one admin always remains."""
        dates = ("last_login", "date_joined")
        return (*dates, "role", "is_active") if obj and obj.pk == request.user.pk else dates

    def has_delete_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        """Nobody deletes themselves."""
        is_self = obj is not None and obj.pk == request.user.pk
        return not is_self and super().has_delete_permission(request, obj)
