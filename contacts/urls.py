"""Accounts > Contacts."""

from django.urls import path

from .views.bulk import Bulk
from .views.change import ContactCreate, ContactEdit
from .views.detail import ContactDetail
from .views.list import ContactList
from .views.saved import Columns, Filters, ViewCreate, ViewDelete, ViewEdit, ViewUpdate
from .views.state import Delete, Erase, Restore, Unsuspend

app_name = "contacts"
urlpatterns = [
    path("", ContactList.as_view(), name="list"),
    path("filters/", Filters.as_view(), name="filters"),
    path("columns/", Columns.as_view(), name="columns"),
    path("views/new/", ViewCreate.as_view(), name="view-create"),
    path("views/<int:pk>/", ViewEdit.as_view(), name="view-edit"),
    path("views/<int:pk>/update/", ViewUpdate.as_view(), name="view-update"),
    path("views/<int:pk>/delete/", ViewDelete.as_view(), name="view-delete"),
    path("new/", ContactCreate.as_view(), name="create"),
    path("bulk/<slug:deed>/", Bulk.as_view(), name="bulk"),
    path("<uuid:pk>/", ContactDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", ContactEdit.as_view(), name="edit"),
    path("<uuid:pk>/delete/", Delete.as_view(), name="delete"),
    path("<uuid:pk>/restore/", Restore.as_view(), name="restore"),
    path("<uuid:pk>/unsuspend/", Unsuspend.as_view(), name="unsuspend"),
    path("<uuid:pk>/erase/", Erase.as_view(), name="erase"),
]
