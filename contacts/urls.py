"""Accounts > Contacts."""

from django.urls import path

from .views.bulk import Bulk, MergeSelected
from .views.change import ContactCreate, ContactEdit
from .views.changes import Changes
from .views.detail import ContactDetail
from .views.list import ContactList
from .views.pick import ContactPick
from .views.state import Delete, Erase, Restore, Unsuspend

app_name = "contacts"
urlpatterns = [
    path("", ContactList.as_view(), name="list"),
    path("new/", ContactCreate.as_view(), name="create"),
    path("pick/", ContactPick.as_view(), name="pick"),
    path("changes/", Changes.as_view(), name="changes"),
    path("bulk/merge/", MergeSelected.as_view(), name="bulk-merge"),
    path("bulk/<slug:deed>/", Bulk.as_view(), name="bulk"),
    path("<uuid:pk>/", ContactDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", ContactEdit.as_view(), name="edit"),
    path("<uuid:pk>/delete/", Delete.as_view(), name="delete"),
    path("<uuid:pk>/restore/", Restore.as_view(), name="restore"),
    path("<uuid:pk>/unsuspend/", Unsuspend.as_view(), name="unsuspend"),
    path("<uuid:pk>/erase/", Erase.as_view(), name="erase"),
]
