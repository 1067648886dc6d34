"""Which part of the house answers which address."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from deskscim.health import healthz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="contacts:list")),
    path("contacts/", include("contacts.urls")),
    path("tickets/", include("contacts.urls_tickets")),
    path("companies/", include("companies.urls")),
    path("", include("deskscim.agents.urls")),
    # R1: with and without a slash, so that nothing below /entra is ever redirected.
    re_path(r"^entra(?:/|$)", include("deskscim.provisioning.scim.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
]
