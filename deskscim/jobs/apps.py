"""Work in the background."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs: django-q2 carries them to a worker, this app keeps what became of them."""

    name = "deskscim.jobs"
    label = "jobs"
