"""Accounts > Companies."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.vary import vary_on_headers

from companies.models import Company
from companies.paging import count_with, page_of

# What the list sorts by: each has an index. Numbers of contacts have none, so they are shown, not sorted by.
COLUMNS = {"name": "name_key", "city": "city", "country": "country", "created": "pk"}


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class CompanyList(PermissionRequiredMixin, View):
    """Every company; ?q= searches, ?sort= names a column, with a minus for the other way round."""

    permission_required = "companies.view_company"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; for htmx, which asks while somebody types, the list alone."""
        is_partial = request.headers.get("HX-Request") == "true"
        search = request.GET.get("q", "").replace("\0", "").strip()
        sort = _sort(request.GET.get("sort", ""))
        found = Company.objects.search(search)
        page = page_of(found.with_counts(), _column(sort), request.GET.get("page", ""))
        context = {
            "page": page,
            "count": count_with(page, found),
            "search": search,
            "sort": sort,
            "is_partial": is_partial,
        }
        return render(request, "companies/_list.html" if is_partial else "companies/list.html", context)


def _sort(asked: str) -> str:
    return asked if asked.removeprefix("-") in COLUMNS else "name"


def _column(sort: str) -> str:
    minus = "-" if sort.startswith("-") else ""
    return minus + COLUMNS[sort.removeprefix("-")]
