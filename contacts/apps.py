"""Contacts, their addresses, fields, timeline and tickets."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from . import words


class ContactsConfig(AppConfig):
    """May import companies; never provisioning."""

    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        """Have the index of words on SQLite dropped before migrations and made after them."""
        pre_migrate.connect(words.drop, sender=self)
        post_migrate.connect(words.make, sender=self)
        register(words.check, Tags.database)
