"""Accounts > Companies: what needs nobody's contacts. The rest is in contacts.urls_companies."""

from django.urls import path

from .views.change import CompanyCreate, CompanyEdit
from .views.list import CompanyList
from .views.pick import CompanyPick

urlpatterns = [
    path("", CompanyList.as_view(), name="list"),
    path("new/", CompanyCreate.as_view(), name="create"),
    path("pick/", CompanyPick.as_view(), name="pick"),
    path("<int:pk>/edit/", CompanyEdit.as_view(), name="edit"),
]
