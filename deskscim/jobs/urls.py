"""Jobs."""

from django.urls import path

from .views import JobCancel, JobDetail, JobFile, JobList, JobUndo

app_name = "jobs"
urlpatterns = [
    path("", JobList.as_view(), name="list"),
    path("<uuid:pk>/", JobDetail.as_view(), name="detail"),
    path("<uuid:pk>/cancel/", JobCancel.as_view(), name="cancel"),
    path("<uuid:pk>/undo/", JobUndo.as_view(), name="undo"),
    path("<uuid:pk>/file/", JobFile.as_view(), name="file"),
]
