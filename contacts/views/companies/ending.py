"""Deleting a company and merging it into another, after saying what becomes of its contacts."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from companies.models import Company
from companies.paging import count_capped
from contacts import regrouping
from contacts.companyforms import DeleteForm, MergeForm

from .common import ask_for, show


class CompanyDelete(PermissionRequiredMixin, View):
    """Gone, and its contacts where the form says."""

    permission_required = "companies.delete_company"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        company = get_object_or_404(Company, pk=pk)
        return render(request, "companies/delete.html", _asked(company, DeleteForm(company=company)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or show what is wrong."""
        company = get_object_or_404(Company, pk=pk)
        form = DeleteForm(request.POST, company=company)
        if not form.is_valid():
            return render(request, "companies/delete.html", _asked(company, form))
        target = form.cleaned_data["company"]
        said = {"company": company.name}
        job = ask_for(
            request,
            regrouping.delete,
            _("Delete %(company)s") % said,
            regrouping.members(pk),
            company=pk,
            goal=form.cleaned_data["goal"],
            target=target and target.pk,
        )
        return show(request, job, _("%(company)s is deleted.") % said, reverse("companies:list"))


class CompanyMerge(PermissionRequiredMixin, View):
    """Part of another company: contacts, domains and details go there."""

    permission_required = "companies.delete_company"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask of which."""
        company = get_object_or_404(Company, pk=pk)
        return render(request, "companies/merge.html", _asked(company, MergeForm(company=company)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or show what is wrong."""
        company = get_object_or_404(Company, pk=pk)
        form = MergeForm(request.POST, company=company)
        if not form.is_valid():
            return render(request, "companies/merge.html", _asked(company, form))
        survivor = form.cleaned_data["company"]
        said = {"company": company.name, "survivor": survivor.name}
        job = ask_for(
            request,
            regrouping.merge,
            _("Merge %(company)s into %(survivor)s") % said,
            regrouping.members(pk),
            survivor=survivor.pk,
            absorbed=pk,
        )
        done = _("%(company)s is part of %(survivor)s now.") % said
        return show(request, job, done, reverse("companies:detail", args=[survivor.pk]))


def _asked(company: Company, form: Any) -> dict[str, Any]:
    return {
        "company": company,
        "form": form,
        "count": count_capped(regrouping.members(company.pk)),
        "domains": company.domains.all(),
        "connections": company.connections.all(),
    }
