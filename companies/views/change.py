"""Making a company, and editing one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from companies.forms import CompanyForm
from companies.models import Company
from companies.services import CompanyNameTaken

FORM = "companies/form.html"


class CompanyCreate(PermissionRequiredMixin, View):
    """A new company; ?domain= and ?name= are written in beforehand."""

    permission_required = "companies.add_company"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, empty but for what the address says."""
        initial = {"name": request.GET.get("name", ""), "domains": request.GET.get("domain", "")}
        return render(request, FORM, {"form": CompanyForm(initial=initial)})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make it, or show what is wrong."""
        return _save(request, CompanyForm(request.POST), {})


class CompanyEdit(PermissionRequiredMixin, View):
    """Details and domains of a company."""

    permission_required = "companies.change_company"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form as the company is."""
        company = get_object_or_404(Company, pk=pk)
        return render(request, FORM, {"form": CompanyForm(instance=company), "company": company})

    @method_decorator(transaction.atomic)
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it, or show what is wrong; locked, so that the version that is checked is the one kept."""
        company = get_object_or_404(Company.objects.select_for_update(), pk=pk)
        return _save(request, CompanyForm(request.POST, instance=company), {"company": company})


def _save(request: HttpRequest, form: CompanyForm, context: dict[str, Any]) -> HttpResponse:
    company = saved(form)
    if company is None:
        form.focus_first_error()
        return render(request, FORM, {"form": form, **context})
    messages.success(request, _("%(company)s is saved.") % {"company": company.name})
    return redirect("companies:detail", pk=company.pk)


def saved(form: CompanyForm) -> Company | None:
    """The company, or None when the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return form.save()
    except CompanyNameTaken as error:
        form.add_error("name", str(error))
        return None
