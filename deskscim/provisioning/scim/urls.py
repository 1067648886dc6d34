"""The SCIM endpoints at /entra (R1): django-scim2's names, each with and without a trailing slash.

Two slashes before the name are what a client makes of a Tenant URL that was pasted with a slash at its end.
The last pattern takes whatever is left, so that nothing below /entra is answered with HTML or a redirect.
"""

from django.urls import re_path

from . import bulk, users, views

app_name = "scim"

urlpatterns = [
    re_path(r"^entra/+Users(?:/(?P<uuid>[^/.][^/]*))?/?$", users.UsersView.as_view(), name="users"),
    re_path(r"^entra/*$", users.RootView.as_view(), name="root"),
    re_path(r"^entra/+\.search/?$", users.SearchView.as_view(), name="search"),
    re_path(r"^entra/+Users/\.search/?$", users.SearchView.as_view(), name="users-search"),
    re_path(r"^entra/+Groups/\.search/?$", views.NotSupportedView.as_view(), name="groups-search"),
    re_path(r"^entra/+Groups(?:/(?P<uuid>[^/]+))?/?$", views.GroupsView.as_view(), name="groups"),
    re_path(r"^entra/+Me/?$", views.NotSupportedView.as_view(), name="me"),
    re_path(r"^entra/+Bulk/?$", bulk.BulkView.as_view(), name="bulk"),
    re_path(
        r"^entra/+ServiceProviderConfig/?$",
        views.ServiceProviderConfigView.as_view(),
        name="service-provider-config",
    ),
    re_path(
        r"^entra/+ResourceTypes(?:/(?P<uuid>[^/]+))?/?$",
        views.ResourceTypesView.as_view(),
        name="resource-types",
    ),
    re_path(r"^entra/+Schemas(?:/(?P<uuid>[^/]+))?/?$", views.SchemasView.as_view(), name="schemas"),
    re_path(r"^entra/", views.UnknownView.as_view(), name="unknown"),
]
