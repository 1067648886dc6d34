"""Companies in the Django admin, written through the services."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .advice import domain_warnings
from .forms import CompanyForm
from .models import Company
from .querysets import CompanyQuerySet
from .services import CompanyNameTaken

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Company]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(Company)
class CompanyAdmin(ModelAdmin):
    """A company with its domains."""

    form = CompanyForm
    list_display = ("name", "city", "country", "domain_count", "contact_count")
    search_fields = ("name",)
    readonly_fields = ("created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> CompanyQuerySet:
        """With the two numbers that the list shows."""
        return Company.objects.with_counts()

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Company | None:
        """Locked before it is changed, so that the version that is checked is the one kept."""
        company = super().get_object(request, object_id, from_field)
        if company and request.method == "POST":
            return Company.objects.select_for_update().filter(pk=company.pk).first()
        return company

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """As the portal searches."""
        return queryset.filter(pk__in=Company.objects.search(search_term).values("pk")), False

    @admin.display(description=_("domains"), ordering="domain_count")
    def domain_count(self, company: Company) -> int:
        """How many domains it has."""
        return company.domain_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("contacts"), ordering="contact_count")
    def contact_count(self, company: Company) -> int:
        """How many contacts it has, without the deleted ones."""
        return company.contact_count  # type: ignore[attr-defined, no-any-return]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form again when somebody took the name a moment ago."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except CompanyNameTaken as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        """Write through the services, and warn of domains that map nobody or strangers."""
        company = form.save()
        obj.pk = company.pk
        for domain, warnings in domain_warnings(company, form.cleaned_data["domains"]).items():
            for warning in warnings:
                self.message_user(request, f"{domain}: {warning}", messages.WARNING)

    def get_deleted_objects(
        self, objs: QuerySet[Any] | Sequence[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        """A company that has contacts is not deleted: that would change contacts behind their timelines."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        held = Company.objects.filter(pk__in=[one.pk for one in objs]).annotate(number=Count("contacts"))
        in_use = [
            ngettext(
                "%(name)s: %(number)s contact belongs to it",
                "%(name)s: %(number)s contacts belong to it",
                number,
            )
            % {"name": name, "number": number}
            for name, number in held.filter(number__gt=0).values_list("name", "number")
        ]
        return deleted, counts, lacking, [*protected, *in_use]
