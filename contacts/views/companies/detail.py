"""The page of one company."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from companies.advice import domain_warnings
from companies.models import Company
from companies.paging import count_capped
from contacts.seendomains import facts, missing

SHOWN = 10


class CompanyDetail(PermissionRequiredMixin, View):
    """Details, domains with what to warn of and whom they would map, and the first of its contacts."""

    permission_required = "companies.view_company"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        company = get_object_or_404(Company, pk=pk)
        contacts = company.contacts.filter(deleted_at=None)
        domains = [one.domain for one in company.domains.all()]
        warnings = domain_warnings(company, domains)
        context: dict[str, Any] = {
            "company": company,
            "domains": [(seen, warnings[seen.domain]) for seen in facts(domains)],
            "missing": missing(company),
            "contacts": contacts.order_by(Lower("name"), "id").prefetch_related("addresses")[:SHOWN],
            "count": count_capped(contacts),
        }
        return render(request, "companies/detail.html", context)
