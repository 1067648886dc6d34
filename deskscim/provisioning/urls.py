"""Settings in the portal."""

from django.urls import path

from .views.conflicts import ConflictDetail, ConflictList
from .views.decisions import Drop, KeepApart, Link, Merge
from .views.home import Home

app_name = "settings"
urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("conflicts/", ConflictList.as_view(), name="conflicts"),
    path("conflicts/<int:pk>/", ConflictDetail.as_view(), name="conflict"),
    path("conflicts/<int:pk>/link/<uuid:chosen>/", Link.as_view(), name="link"),
    path("conflicts/<int:pk>/keep-apart/", KeepApart.as_view(), name="keep-apart"),
    path("conflicts/<int:pk>/merge/<uuid:survivor>/<uuid:absorbed>/", Merge.as_view(), name="merge"),
    path("conflicts/<int:pk>/drop/", Drop.as_view(), name="drop"),
]
