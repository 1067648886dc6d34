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


class CompanyEnding(PermissionRequiredMixin, View):
    """Asks with `form_class` on the page `template`, and ends the company as the form says."""

    permission_required = "companies.delete_company"
    template: str
    form_class: type[DeleteForm | MergeForm]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        company = get_object_or_404(Company, pk=pk)
        return self._ask(company, self.form_class(company=company))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or show what is wrong."""
        company = get_object_or_404(Company, pk=pk)
        form = self.form_class(request.POST, company=company)
        return self.end(company, form.cleaned_data) if form.is_valid() else self._ask(company, form)

    def end(self, company: Company, said: dict[str, Any]) -> HttpResponse:
        """Begin the job, and lead to what there is then."""
        raise NotImplementedError

    def _ask(self, company: Company, form: DeleteForm | MergeForm) -> HttpResponse:
        context = {
            "company": company,
            "form": form,
            "count": count_capped(regrouping.members(company.pk)),
            "domains": company.domains.all(),
            "connections": company.connections.all(),
        }
        return render(self.request, self.template, context)


class CompanyDelete(CompanyEnding):
    """Gone, and its contacts where the form says."""

    template = "companies/delete.html"
    form_class = DeleteForm

    def end(self, company: Company, said: dict[str, Any]) -> HttpResponse:
        """To the list of companies."""
        names, target = {"company": company.name}, said["company"]
        job = ask_for(
            self.request,
            regrouping.delete,
            _("Delete %(company)s") % names,
            regrouping.members(company.pk),
            company=company.pk,
            goal=said["goal"],
            target=target and target.pk,
        )
        return show(self.request, job, _("%(company)s is deleted.") % names, reverse("companies:list"))


class CompanyMerge(CompanyEnding):
    """Part of another company: contacts, domains and details go there."""

    template = "companies/merge.html"
    form_class = MergeForm

    def end(self, company: Company, said: dict[str, Any]) -> HttpResponse:
        """To the other company."""
        survivor = said["company"]
        names = {"company": company.name, "survivor": survivor.name}
        job = ask_for(
            self.request,
            regrouping.merge,
            _("Merge %(company)s into %(survivor)s") % names,
            regrouping.members(company.pk),
            survivor=survivor.pk,
            absorbed=company.pk,
        )
        done = _("%(company)s is part of %(survivor)s now.") % names
        return show(self.request, job, done, reverse("companies:detail", args=[survivor.pk]))
