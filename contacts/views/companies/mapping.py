"""R40: whom a domain would map, and having it done."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from companies.models import Company
from companies.paging import page_of
from contacts import regrouping
from contacts.seendomains import blank, facts
from contacts.views.common import next_url

from .common import ask_for, show


class MapDomain(PermissionRequiredMixin, View):
    """Who of a domain's contacts has no company and would get this one."""

    permission_required = "companies.change_company"

    def get(self, request: HttpRequest, pk: int, domain: str) -> HttpResponse:
        """The preview."""
        company = get_object_or_404(Company, pk=pk, domains__domain=domain)
        (seen,) = facts([domain])
        rows = blank(domain).prefetch_related("addresses")
        context: dict[str, Any] = {
            "company": company,
            "seen": seen,
            "page": page_of(rows, "pk", request.GET.get("page", "")),
            "count": seen.blank,
            "next": next_url(request, reverse("companies:detail", args=[pk])),
        }
        return render(request, "companies/map.html", context)

    def post(self, request: HttpRequest, pk: int, domain: str) -> HttpResponse:
        """Map them."""
        company = get_object_or_404(Company, pk=pk, domains__domain=domain)
        said = {"company": company.name, "domain": domain}
        title = _("Map %(domain)s to %(company)s") % said
        job = ask_for(request, regrouping.map_domain, title, blank(domain), company=pk, domain=domain)
        done = ngettext(
            "%(count)d contact belongs to %(company)s now.",
            "%(count)d contacts belong to %(company)s now.",
            job.done,
        )
        back = next_url(request, reverse("companies:detail", args=[pk]))
        return show(request, job, done % {"count": job.done, **said}, back)
