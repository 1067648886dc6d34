"""Contacts, their addresses, fields, timeline and tickets."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """May import companies; never provisioning."""

    name = "contacts"
