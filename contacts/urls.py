"""Accounts > Contacts."""

from django.urls import path

from .views.address import AddressChange
from .views.bulk import Bulk, MergeSelected
from .views.change import ContactCreate, ContactEdit
from .views.changes import Changes
from .views.detail import ContactDetail
from .views.export import ContactExport
from .views.field import FieldEdit
from .views.imports import ImportFile, ImportRun, ImportTemplate, ImportUpload
from .views.list import ContactList
from .views.merge import Merge, MergeChoose, TellApart
from .views.pick import ContactPick
from .views.saved import Columns, Filters, ViewCreate, ViewDelete, ViewEdit, ViewUpdate
from .views.state import ByDomain, Delete, Erase, Restore, Unsuspend

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
    path("export/", ContactExport.as_view(), name="export"),
    path("import/", ImportUpload.as_view(), name="import"),
    path("import/template/", ImportTemplate.as_view(), name="import-template"),
    path("import/<int:pk>/", ImportFile.as_view(), name="import-file"),
    path("import/<int:pk>/run/", ImportRun.as_view(), name="import-run"),
    path("pick/", ContactPick.as_view(), name="pick"),
    path("changes/", Changes.as_view(), name="changes"),
    path("bulk/merge/", MergeSelected.as_view(), name="bulk-merge"),
    path("bulk/<slug:deed>/", Bulk.as_view(), name="bulk"),
    path("<uuid:pk>/", ContactDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", ContactEdit.as_view(), name="edit"),
    path("<uuid:pk>/field/<slug:name>/", FieldEdit.as_view(), name="field"),
    path("<uuid:pk>/address/<slug:deed>/", AddressChange.as_view(), name="address"),
    path("<uuid:pk>/by-domain/", ByDomain.as_view(), name="by-domain"),
    path("<uuid:pk>/merge/", MergeChoose.as_view(), name="merge-choose"),
    path("<uuid:pk>/merge/<uuid:other>/", Merge.as_view(), name="merge"),
    path("<uuid:pk>/not-duplicate/<uuid:other>/", TellApart.as_view(), name="not-duplicate"),
    path("<uuid:pk>/delete/", Delete.as_view(), name="delete"),
    path("<uuid:pk>/restore/", Restore.as_view(), name="restore"),
    path("<uuid:pk>/unsuspend/", Unsuspend.as_view(), name="unsuspend"),
    path("<uuid:pk>/erase/", Erase.as_view(), name="erase"),
]
