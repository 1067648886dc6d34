"""`manage.py demo`: data for a first look, and its secrets as one JSON object on standard output."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from deskscim.provisioning import demo


class Command(BaseCommand):
    """Makes the demo's data once, and new demo secrets at every call."""

    help = "Make demo data (once) and print new demo secrets as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what the person at the terminal needs to sign in and to connect."""
        self.stdout.write(json.dumps(demo.prepare().as_dict()))
