"""`manage.py forget_jobs`: what ended long ago goes, with its report and its file. Run it once a day."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from deskscim.jobs.models import Job


class Command(BaseCommand):
    """Deletes old jobs; exported files hold personal values and should not lie about."""

    help = "Delete jobs that ended more than so many days ago, with their reports and files."

    def add_arguments(self, parser: CommandParser) -> None:
        """How long a job is kept."""
        parser.add_argument("--days", type=int, default=7, help="how long jobs are kept (7)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete each with its file: first the file, so that none is left without a job that names it."""
        ended = Job.objects.filter(finished_at__lt=timezone.now() - timedelta(days=options["days"]))
        for job in ended.order_by("id").iterator():
            job.file.delete(save=False)
            job.delete()
