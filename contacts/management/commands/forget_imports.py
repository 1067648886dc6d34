"""`manage.py forget_imports`: uploaded files that nobody imported in time go. Run it once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from contacts.models import ContactImport


class Command(BaseCommand):
    """Deletes old uploads; they hold personal values and should not lie about (R30)."""

    help = "Delete files of contacts that were uploaded more than a week ago and not imported."

    def handle(self, *args: Any, **options: Any) -> None:
        """What their columns meant is kept for the next file of that kind."""
        ContactImport.forget_old_files()
