"""Questions to the companies table, by name."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q

from .paging import CappedCount

if TYPE_CHECKING:
    from .models import Company
else:
    Company = Any


class CompanyQuerySet(models.QuerySet["Company"]):
    """What the list of companies asks."""

    def with_counts(self) -> "CompanyQuerySet":
        """Each company with its `contact_count` (deleted ones left out) and `domain_count`, both capped."""
        domains = self._related("domains").filter(company=OuterRef("pk"))
        contacts = self._related("contacts").filter(company=OuterRef("pk"), deleted_at=None)
        return self.annotate(contact_count=CappedCount(contacts), domain_count=CappedCount(domains))

    def search(self, text: str) -> "CompanyQuerySet":
        """Every word must be found in the name, the city, the country or a domain."""
        found = self
        for word in text.split():
            domains = self._related("domains").filter(company=OuterRef("pk"), domain__icontains=word)
            columns = Q(name__icontains=word) | Q(city__icontains=word) | Q(country__icontains=word)
            found = found.filter(columns | Q(models.Exists(domains)))
        return found

    def _related(self, name: str) -> models.QuerySet[Any]:
        # By its reverse name: this app imports no other.
        related: Any = self.model._meta.get_field(name).related_model
        rows: models.QuerySet[Any] = related._default_manager.all()
        return rows
