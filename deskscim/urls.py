"""Which part of the house answers which address."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from deskscim.health import healthz

handler400 = "deskscim.provisioning.scim.endpoint.bad_request"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="contacts:list")),
    path("contacts/", include("contacts.urls")),
    path("tickets/", include("contacts.urls_tickets")),
    path("companies/", include("companies.urls")),
    path("jobs/", include("deskscim.jobs.urls")),
    path("settings/", include("deskscim.provisioning.urls")),
    path("", include("deskscim.agents.urls")),
    path("", include("deskscim.provisioning.scim.urls")),  # R1: whatever begins with /entra
    path("admin/", admin.site.urls),
    path("healthz", healthz),
]
