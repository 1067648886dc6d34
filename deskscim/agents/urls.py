"""Signing in and out, and one's own profile."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from .views import PasswordChange, Profile, SignIn

app_name = "agents"
urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("profile/", Profile.as_view(), name="profile"),
    path("profile/password/", PasswordChange.as_view(), name="password"),
]
