"""Companies and the e-mail domains that lead to them."""

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    """Imports no other app of the project."""

    name = "companies"
