"""Which part of the house answers which address."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from companies import urls as companies
from contacts import urls_companies as contacts_of_companies
from deskscim.health import healthz

handler400 = "deskscim.provisioning.scim.endpoint.bad_request"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="contacts:list")),
    path("contacts/", include("contacts.urls")),
    path("tickets/", include("contacts.urls_tickets")),
    # One namespace: to a reader of the address they are all companies.
    path("companies/", include((companies.urlpatterns + contacts_of_companies.urlpatterns, "companies"))),
    path("jobs/", include("deskscim.jobs.urls")),
    path("settings/", include("deskscim.provisioning.urls")),
    path("", include("deskscim.agents.urls")),
    path("", include("deskscim.provisioning.scim.urls")),  # R1: whatever begins with /entra
    path("admin/", admin.site.urls),
    path("healthz", healthz),
]
