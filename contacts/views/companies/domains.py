"""The domains of a company: add one, remove one, have one for itself alone (R36, R38, R40)."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from companies import services
from companies.advice import domain_warnings
from companies.domains import InvalidDomain, normalise_domain
from companies.models import Company
from contacts.companyforms import AdoptForm
from contacts.seendomains import facts
from contacts.views.common import next_url, undoable
from deskscim.web import as_number


class DomainAdd(PermissionRequiredMixin, View):
    """One more domain; then, when it would map somebody, to the preview of that."""

    permission_required = "companies.change_company"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add what the field `domain` says, or tell what is wrong with it."""
        return _add(request, pk)


class DomainAdopt(PermissionRequiredMixin, View):
    """A domain that contacts have is given to a company that one chooses."""

    permission_required = "companies.change_company"

    def get(self, request: HttpRequest, domain: str) -> HttpResponse:
        """Ask to which."""
        return self._ask(domain, AdoptForm())

    def post(self, request: HttpRequest, domain: str) -> HttpResponse:
        """Add it there, as that company's page would."""
        form = AdoptForm(request.POST)
        if not form.is_valid():
            return self._ask(domain, form)
        return _add(request, form.cleaned_data["company"].pk)

    def _ask(self, domain: str, form: AdoptForm) -> HttpResponse:
        context = {
            "form": form,
            "domain": domain,
            "next": next_url(self.request, reverse("companies:mapping")),
        }
        return render(self.request, "companies/adopt.html", context)


class DomainRemove(PermissionRequiredMixin, View):
    """One domain less. Its contacts keep their company."""

    permission_required = "companies.change_company"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove it, and offer to undo that."""
        domain = request.POST.get("domain", "")
        company = get_object_or_404(Company, pk=pk)
        with suppress(Company.DoesNotExist):  # gone since, and its domains with it
            services.remove_domain(company_id=pk, domain=domain)
        said = {"domain": domain, "company": company.name}
        text = _("%(domain)s is no longer a domain of %(company)s. Its contacts stay there.") % said
        messages.success(request, undoable(text, _url(pk, "add-domain"), [domain], name="domain"))
        return redirect(next_url(request, _url(pk)))


class DomainKeep(PermissionRequiredMixin, View):
    """R36: of the companies that share a domain, this one keeps it."""

    permission_required = "companies.change_company"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it from the others, and offer to undo that."""
        domain = request.POST.get("domain", "")
        company = get_object_or_404(Company, pk=pk, domains__domain=domain)
        try:
            others = services.keep_domain(company_id=pk, domain=domain)
        except Company.DoesNotExist:
            raise Http404 from None
        text = ngettext(
            "%(domain)s is the domain of %(company)s alone now; %(count)d other company lost it.",
            "%(domain)s is the domain of %(company)s alone now; %(count)d other companies lost it.",
            len(others),
        ) % {"domain": domain, "company": company.name, "count": len(others)}
        back = [domain, *(other.pk for other in others)]
        messages.success(request, undoable(text, _url(pk, "share-domain"), back, name="shared"))
        return _after_change(request, company, domain)


class DomainShare(PermissionRequiredMixin, View):
    """What undoes DomainKeep: the field `shared` has the domain, and the companies that get it back."""

    permission_required = "companies.change_company"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give it back."""
        text, *companies = request.POST.get("shared", "").split() or [""]
        try:
            domain = normalise_domain(text)
        except InvalidDomain:
            raise Http404 from None
        ids = [pk for pk in map(as_number, companies) if pk]
        services.share_domain(company_ids=ids, domain=domain)
        messages.success(request, _("%(domain)s is shared again.") % {"domain": domain})
        return redirect(next_url(request, _url(pk)))


def _add(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        domain = normalise_domain(request.POST.get("domain", ""))
        company = services.add_domain(company_id=pk, domain=domain)
    except InvalidDomain as error:
        messages.error(request, str(error))
        return redirect(next_url(request, _url(pk)))
    except Company.DoesNotExist:
        raise Http404 from None
    text = _("%(domain)s is a domain of %(company)s now.") % {"domain": domain, "company": company.name}
    messages.success(request, undoable(text, _url(pk, "remove-domain"), [domain], name="domain"))
    for warning in domain_warnings(company, [domain])[domain]:
        messages.warning(request, f"{domain}: {warning}")
    return _after_change(request, company, domain)


def _after_change(request: HttpRequest, company: Company, domain: str) -> HttpResponse:
    """To the preview of whom the domain would map now (R40), or back when it would map nobody."""
    (seen,) = facts([domain])
    if seen.blank and seen.owner == company:
        return redirect("companies:map", pk=company.pk, domain=domain)
    return redirect(next_url(request, _url(company.pk)))


def _url(pk: int, name: str = "detail") -> str:
    return reverse(f"companies:{name}", args=[pk])
