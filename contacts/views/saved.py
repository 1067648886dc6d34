"""What agents keep of the list of contacts: columns and views; and the dialog of its filters."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from contacts.listing import Listing
from contacts.models import ListPreference, SavedView
from contacts.models.saved_view import LONGEST
from deskscim.web import ask, is_partial

from .common import agent_id
from .list_forms import TOO_LONG, ColumnsForm, FilterForm, SavedViewForm

SHARE = "contacts.share_savedview"
SAVE, CHANGE = gettext_lazy("Save this view"), gettext_lazy("Change this view")


class Filters(PermissionRequiredMixin, View):
    """Every filter of the list whose address the query is."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The dialog; without script a page."""
        form = FilterForm(Listing.from_query(request.GET))
        return dialog(request, "contacts/_filters.html", {"form": form, "title": _("Filter contacts")})


class Columns(PermissionRequiredMixin, View):
    """Which columns the list has: from now on in its address, and whenever the agent opens it."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The dialog; without script a page."""
        listing = Listing.from_query(request.GET)
        context = {"form": ColumnsForm(listing), "query": listing.query, "title": _("Columns of the list")}
        return dialog(request, "contacts/_columns.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep them, and show the list with them."""
        query = QueryDict(request.POST.get("query", "").removeprefix("?"), mutable=True)
        query.setlist("columns", request.POST.getlist("columns"))
        listing = Listing.from_query(query)
        _prefer(request, columns=",".join(listing.shown))
        return redirect(reverse("contacts:list") + listing.query)


class ViewCreate(PermissionRequiredMixin, View):
    """Keep the list as it is now under a name."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The dialog; without script a page."""
        return _ask(request, _form(request, SavedView(owner_id=agent_id(request))), SAVE)

    @method_decorator(transaction.atomic)
    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it, or show what is wrong."""
        form = _form(request, SavedView(owner_id=agent_id(request), query=_state(request)))
        return _saved(request, form) or _ask(request, form, SAVE)


class ViewEdit(PermissionRequiredMixin, View):
    """Name and audience of a view."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The dialog; without script a page."""
        return _ask(request, _form(request, _own(request, pk)), CHANGE)

    @method_decorator(transaction.atomic)
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it, or show what is wrong."""
        form = _form(request, _own(request, pk))
        return _saved(request, form) or _ask(request, form, CHANGE)


class ViewUpdate(PermissionRequiredMixin, View):
    """The view becomes what the list shows now."""

    permission_required = "contacts.view_contact"
    http_method_names = ["post"]

    @method_decorator(transaction.atomic)
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or say that the list is too long to keep."""
        view, state = _own(request, pk), _state(request)
        if len(state) > LONGEST:
            messages.error(request, TOO_LONG)
            return redirect(reverse("contacts:list") + _listing(request).query)
        view.query = state
        view.save(update_fields=["query"])
        messages.success(request, _("The view “%(view)s” is updated.") % {"view": view.name})
        return redirect(_address(view))


class ViewDelete(PermissionRequiredMixin, View):
    """A view that nobody needs any more."""

    permission_required = "contacts.view_contact"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        context = {"view": _own(request, pk), "action": request.path, **_here(request)}
        return ask(request, "contacts/_view_delete.html", context)

    @method_decorator(transaction.atomic)
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it; the list stays as it is."""
        view = _own(request, pk)
        view.delete()
        messages.success(request, _("The view “%(view)s” is deleted.") % {"view": view.name})
        return redirect(reverse("contacts:list") + _state(request))


def dialog(request: HttpRequest, partial: str, context: dict[str, Any]) -> HttpResponse:
    """Something to fill in: in the dialog, or as a page of that title."""
    if is_partial(request):
        return render(request, partial, context)
    return render(request, "components/dialog_page.html", context | {"partial": partial})


def _ask(request: HttpRequest, form: SavedViewForm, title: Promise) -> HttpResponse:
    context = {"form": form, "title": title, "action": request.path, **_here(request)}
    return dialog(request, "contacts/_view_form.html", context)


def _listing(request: HttpRequest) -> Listing:
    """The list that the agent sees: the address of a question has its query, a form sends it in its body.

    No address inside an address: Django takes none for ours that is longer than 2,048 characters.
    """
    if request.method == "POST":
        return Listing.from_query(QueryDict(request.POST.get("query", "").removeprefix("?")))
    return Listing.from_query(request.GET)


def _state(request: HttpRequest) -> str:
    """What a view keeps of it."""
    return _listing(request).unnamed().query


def _here(request: HttpRequest) -> dict[str, str]:
    """The list for the forms: its query, and where Cancel leads."""
    query = _listing(request).query
    return {"query": query, "next": reverse("contacts:list") + query}


def _own(request: HttpRequest, pk: int) -> SavedView:
    """The agent's view; a shared one for who may share. Raises Http404 or PermissionDenied."""
    views = SavedView.objects.visible_to(agent_id(request)).filter(pk=pk)
    view = (views.select_for_update(of=("self",)) if request.method == "POST" else views).first()
    if view is None:
        raise Http404
    if not view.may_be_changed_by(agent_id(request), may_share=request.user.has_perm(SHARE)):
        raise PermissionDenied(SHARE)
    return view


def _form(request: HttpRequest, view: SavedView) -> SavedViewForm:
    preference = ListPreference.objects.filter(agent=agent_id(request), view=view.pk) if view.pk else None
    return SavedViewForm(
        request.POST if request.method == "POST" else None,
        instance=view,
        initial={"is_default": preference is not None and preference.exists()},
        may_share=request.user.has_perm(SHARE),
    )


def _saved(request: HttpRequest, form: SavedViewForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    view = form.save()
    if "is_default" in form.changed_data:
        _prefer(request, view=view if form.cleaned_data["is_default"] else None)
    messages.success(request, _("The view “%(view)s” is saved.") % {"view": view.name})
    return redirect(_address(view))


def _prefer(request: HttpRequest, **what: Any) -> None:
    ListPreference.objects.update_or_create(agent_id=agent_id(request), defaults=what)


def _address(view: SavedView) -> str:
    return f"{reverse('contacts:list')}{view.address}"
