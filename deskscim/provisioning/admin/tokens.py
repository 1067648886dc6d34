"""Tokens in the Django admin: issued, shown once, revoked; never edited (R3)."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from deskscim.provisioning.models import Scope, Token

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Token]
    ModelForm = forms.ModelForm[Token]
else:
    ModelAdmin, ModelForm = admin.ModelAdmin, forms.ModelForm


class TokenForm(ModelForm):
    """What a new token is to open, and until when."""

    scopes = forms.MultipleChoiceField(
        label=_("scopes"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.SCIM],
    )

    class Meta:
        model = Token
        fields = ["name", "connection", "scopes", "expires_at"]

    def clean_expires_at(self) -> Any:
        """A moment to come."""
        moment = self.cleaned_data["expires_at"]
        if moment and moment <= timezone.now():
            raise forms.ValidationError(_("This moment has passed."))
        return moment

    def clean(self) -> dict[str, Any]:
        """R3: for one connection and SCIM alone, or for the REST API alone."""
        values = super().clean() or self.cleaned_data
        opens_scim = Scope.SCIM in values.get("scopes", [])
        if opens_scim and len(values["scopes"]) > 1:
            self.add_error("scopes", _("One token for SCIM, another for the REST API, please."))
        if opens_scim and not values.get("connection"):
            self.add_error("connection", _("A token with the scope SCIM needs a connection."))
        if values.get("connection") and not opens_scim:
            self.add_error("connection", _("A token for the REST API belongs to no connection."))
        return values


@admin.register(Token)
class TokenAdmin(ModelAdmin):
    """The secret is on the page that answers the form, and nowhere else."""

    form = TokenForm
    list_display = (
        "name",
        "prefix",
        "connection",
        "shown_scopes",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )
    list_filter = ("connection", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("connection",)
    search_fields = ("name", "prefix")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Token | None = None) -> list[Any]:
        """What is asked for, or what is known."""
        if obj is None:
            return ["name", "connection", "scopes", "expires_at"]
        known = ["name", "prefix", "connection", "shown_scopes"]
        return [*known, "created_at", "expires_at", "revoked_at", "last_used_at"]

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        """Nobody: a token is what it was issued as."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        """Nobody: a revoked token stays listed, and goes with its connection."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whoever may administer tokens."""
        return request.user.has_perm("provisioning.change_token")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With one button: whatever is pressed, the secret is shown next."""
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, one_button)

    @admin.display(description=_("scopes"))
    def shown_scopes(self, token: Token) -> str:
        """In words."""
        return ", ".join(str(Scope(scope).label) for scope in token.scopes)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Issue it; the secret lives on until `response_add` has shown it."""
        token, secret = Token.issue(**form.cleaned_data)
        obj.__dict__.update(token.__dict__)
        obj.secret = secret

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The one page that shows the secret. It is no redirect, so the secret is kept in no session."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Token issued"),
            "opts": self.opts,
            "token": obj,
            "secret": obj.secret,
            "tenant_url": request.build_absolute_uri(reverse("scim:root")),
        }
        return TemplateResponse(request, "admin/provisioning/token/issued.html", context)

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Token]) -> HttpResponse | None:
        """End the tokens now, after a question."""
        if "confirmed" not in request.POST:
            return self._ask(request, queryset)
        for token in queryset:
            token.revoke()
            self.log_change(request, token, "Revoked.")
        number = len(queryset)
        done = ngettext("%(number)s token revoked.", "%(number)s tokens revoked.", number)
        self.message_user(request, done % {"number": number})
        return None

    def _ask(self, request: HttpRequest, queryset: QuerySet[Token]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revoke tokens"),
            "opts": self.opts,
            "question": _("Revoke these tokens for good? Whoever uses one is answered 401 from now on."),
            "rows": [(token.pk, str(token)) for token in queryset],
            "action": "revoke",
            "button": _("Revoke"),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/confirm_action.html", context)
