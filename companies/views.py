"""Accounts > Companies in the portal."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.vary import vary_on_headers

from .advice import domain_warnings
from .forms import CompanyForm
from .models import Company
from .services import CompanyNameTaken

PER_PAGE = 30
COLUMNS = {"name": "name_key", "domains": "domain_count", "contacts": "contact_count"}
FORM = "companies/form.html"


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class CompanyList(PermissionRequiredMixin, View):
    """Every company; ?q= searches, ?sort= names a column, with a minus for the other way round."""

    permission_required = "companies.view_company"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; for htmx, which asks while somebody types, the list alone."""
        is_partial = request.headers.get("HX-Request") == "true"
        search = request.GET.get("q", "").replace("\0", "").strip()
        sort = _sort(request.GET)
        companies = Company.objects.search(search).with_counts().order_by(_column(sort), "name_key")
        page = Paginator(companies, PER_PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "search": search, "sort": sort, "is_partial": is_partial}
        return render(request, "companies/_list.html" if is_partial else "companies/list.html", context)


def _sort(query: QueryDict) -> str:
    asked = query.get("sort", "")
    return asked if asked.removeprefix("-") in COLUMNS else "name"


def _column(sort: str) -> str:
    minus = "-" if sort.startswith("-") else ""
    return minus + COLUMNS[sort.removeprefix("-")]


class CompanyDetail(PermissionRequiredMixin, View):
    """One company: details, domains with what to warn of, and its contacts that are not deleted."""

    permission_required = "companies.view_company"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        company = get_object_or_404(Company, pk=pk)
        contacts = company.contacts.filter(deleted_at=None).order_by(Lower("name"), "id")
        page = Paginator(contacts.prefetch_related("addresses"), PER_PAGE)
        context: dict[str, Any] = {
            "company": company,
            "domains": domain_warnings(company, [one.domain for one in company.domains.all()]),
            "page": page.get_page(request.GET.get("page")),
        }
        return render(request, "companies/detail.html", context)


class CompanyCreate(PermissionRequiredMixin, View):
    """A new company."""

    permission_required = "companies.add_company"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return render(request, FORM, {"form": CompanyForm()})

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
    messages.success(request, f"{company.name} is saved.")
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
