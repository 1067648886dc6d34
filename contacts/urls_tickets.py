"""Tickets."""

from django.urls import path

from .views.tickets.create import TicketCreate
from .views.tickets.detail import TicketDetail, TicketStatus
from .views.tickets.list import TicketList
from .views.tickets.spam import MarkSpam, UnmarkSpam

app_name = "tickets"
urlpatterns = [
    path("", TicketList.as_view(), name="list"),
    path("new/", TicketCreate.as_view(), name="create"),
    path("<int:pk>/", TicketDetail.as_view(), name="detail"),
    path("<int:pk>/status/", TicketStatus.as_view(), name="status"),
    path("<int:pk>/spam/", MarkSpam.as_view(), name="spam"),
    path("<int:pk>/not-spam/", UnmarkSpam.as_view(), name="unspam"),
]
