"""Companies and the e-mail domains that lead to them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    """Imports no other app of the project."""

    name = "companies"
    verbose_name = _("Companies")
