"""Accounts > Companies."""

from django.urls import path

from .views import CompanyCreate, CompanyDetail, CompanyEdit, CompanyList

app_name = "companies"
urlpatterns = [
    path("", CompanyList.as_view(), name="list"),
    path("new/", CompanyCreate.as_view(), name="create"),
    path("<int:pk>/", CompanyDetail.as_view(), name="detail"),
    path("<int:pk>/edit/", CompanyEdit.as_view(), name="edit"),
]
