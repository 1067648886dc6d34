"""Signing in; django-axes counts the failures and answers 429 with agents/locked_out.html."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRefresh

from .forms import SignInForm


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
