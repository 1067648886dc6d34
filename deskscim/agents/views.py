"""One's own profile, and signing in.

django-axes counts failed attempts and answers 429 with agents/locked_out.html.
"""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.generic import UpdateView
from django_htmx.http import HttpResponseClientRefresh

from .forms import PasswordForm, ProfileForm, SignInForm
from .models import Agent

if TYPE_CHECKING:
    ProfileView = UpdateView[Agent, ProfileForm]
else:
    ProfileView = UpdateView


class SignIn(LoginView):
    """The page that everybody who is not signed in is sent to."""

    template_name = "agents/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A part of a page cannot hold this one: when a session has ended, the page is loaded anew."""
        if request.headers.get("HX-Request"):
            return HttpResponseClientRefresh()
        return super().get(request, *args, **kwargs)


class Profile(ProfileView):
    """Name, language, time zone, colours and keys: everybody's own, so no permission is asked for."""

    template_name = "agents/profile.html"
    form_class = ProfileForm
    success_url = reverse_lazy("agents:profile")

    def get_object(self, queryset: object = None) -> Agent:
        """Whoever is signed in; a copy, since the frame shows what is saved."""
        return Agent.objects.get(pk=cast("Agent", self.request.user).pk)

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        """Save, and say so in the language just chosen."""
        response = super().form_valid(form)
        chosen = form.instance.language or translation.get_language_from_request(self.request)
        with translation.override(chosen):
            messages.success(self.request, _("Your profile is saved."))
        return response


class PasswordChange(PasswordChangeView):
    """One's own password, for whoever knows the old one. Sessions elsewhere end."""

    template_name = "agents/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("agents:profile")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Save, and say so."""
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)
