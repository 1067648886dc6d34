"""Which part of the house answers which address."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from deskscim.health import healthz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="contacts:list")),
    path("contacts/", include("contacts.urls")),
    path("tickets/", include("contacts.urls_tickets")),
    path("companies/", include("companies.urls")),
    path("", include("deskscim.agents.urls")),
    # R1: without a slash here, so that nothing at or below /entra is ever redirected.
    path("entra", include("deskscim.provisioning.scim.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
]
