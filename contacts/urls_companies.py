"""Accounts > Companies: what shows or moves contacts."""

from django.urls import path

from .views.companies.detail import CompanyDetail
from .views.companies.domains import DomainAdd, DomainAdopt, DomainKeep, DomainRemove, DomainShare
from .views.companies.ending import CompanyDelete, CompanyMerge
from .views.companies.mapping import MapDomain
from .views.companies.report import MappingReport

urlpatterns = [
    path("mapping/", MappingReport.as_view(), name="mapping"),
    path("mapping/<str:domain>/", DomainAdopt.as_view(), name="adopt"),
    path("<int:pk>/", CompanyDetail.as_view(), name="detail"),
    path("<int:pk>/delete/", CompanyDelete.as_view(), name="delete"),
    path("<int:pk>/merge/", CompanyMerge.as_view(), name="merge"),
    path("<int:pk>/domains/add/", DomainAdd.as_view(), name="add-domain"),
    path("<int:pk>/domains/remove/", DomainRemove.as_view(), name="remove-domain"),
    path("<int:pk>/domains/keep/", DomainKeep.as_view(), name="keep-domain"),
    path("<int:pk>/domains/share/", DomainShare.as_view(), name="share-domain"),
    path("<int:pk>/domains/<str:domain>/map/", MapDomain.as_view(), name="map"),
]
