"""Contacts, their addresses, fields, timeline and tickets."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate

from . import searchwords


class ContactsConfig(AppConfig):
    """May import companies; never provisioning."""

    name = "contacts"

    def ready(self) -> None:
        """SQLite's index of the search is made after migrations."""
        checks.register(searchwords.check, checks.Tags.database)
        pre_migrate.connect(searchwords.remove, sender=self)
        post_migrate.connect(searchwords.make, sender=self)
