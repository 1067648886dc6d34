"""A company and its domains."""

import unicodedata
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .querysets import CompanyQuerySet


class Company(models.Model):
    """A customer organisation; contacts join it by their domain, by attribute or by an agent's choice."""

    name = models.CharField(_("name"), max_length=255)
    # R39: names compare without regard to case; two companies of one name would make the mapping a guess.
    name_key = models.CharField(max_length=765, unique=True, editable=False)  # casefolding lengthens
    description = models.TextField(_("description"), blank=True)
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    state = models.CharField(pgettext_lazy("part of an address", "state"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name_key"]
        indexes = [
            models.Index(fields=["city", "id"], name="company_by_city"),
            models.Index(fields=["country", "id"], name="company_by_country"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the comparing form beside the name."""
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)


class CompanyDomain(models.Model):
    """One domain of a company. Two companies may share one; then it maps nobody (R36)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        verbose_name = _("company domain")
        verbose_name_plural = _("company domains")
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(fields=["domain", "company"], name="company_domain_once"),
        ]

    def __str__(self) -> str:
        return self.domain


def name_key(name: str) -> str:
    """The form in which company names compare: NFC, casefolded, blanks collapsed."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()
