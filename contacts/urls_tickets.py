"""Tickets."""

from django.urls import path

from .views.tickets import MarkSpam, TicketDetail, TicketList, UnmarkSpam

app_name = "tickets"
urlpatterns = [
    path("", TicketList.as_view(), name="list"),
    path("<int:pk>/", TicketDetail.as_view(), name="detail"),
    path("<int:pk>/spam/", MarkSpam.as_view(), name="spam"),
    path("<int:pk>/not-spam/", UnmarkSpam.as_view(), name="unspam"),
]
