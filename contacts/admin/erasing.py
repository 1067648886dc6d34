"""Delete Forever in the Django admin: a question that names what goes, then the lifecycle (R30)."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts.models import Contact, ContactAddress, Ticket, TimelineEntry

AT_MOST = 500  # rows that one confirmation names


def ask(model_admin: "ModelAdmin[Any]", request: HttpRequest, contacts: QuerySet[Contact]) -> HttpResponse:
    """The page that names every contact and counts what goes with them."""
    rows = [(contact.pk, contact.name) for contact in contacts]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Delete forever"),
        "opts": model_admin.opts,
        "question": _("Delete these contacts forever? This cannot be undone."),
        "goes": _goes_with([key for key, _ in rows]),
        "rows": rows,
        "action": "erase",
        "button": _("Delete %(number)s forever") % {"number": len(rows)},
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)


def _goes_with(keys: list[Any]) -> list[str]:
    addresses = ContactAddress.objects.filter(contact__in=keys).count()
    tickets = Ticket.objects.filter(contact__in=keys).count()
    lines = TimelineEntry.objects.filter(contact__in=keys).count()
    return [
        ngettext("%(n)s e-mail address", "%(n)s e-mail addresses", addresses) % {"n": addresses},
        ngettext("%(n)s ticket", "%(n)s tickets", tickets) % {"n": tickets},
        ngettext("%(n)s line of their timelines", "%(n)s lines of their timelines", lines) % {"n": lines},
        str(_("the values of their custom fields")),
    ]
