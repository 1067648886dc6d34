"""The addresses of one contact: add one, make one primary, remove one (R17, R23)."""

import uuid
from collections.abc import Callable, Mapping, Sequence

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from contacts import lifecycle
from contacts.errors import ContactError
from contacts.formfields import AddressesField
from contacts.forms import held_by
from contacts.models import Contact, ContactAddress
from contacts.normal import key
from contacts.values import Email

from .change import restore_first
from .common import acting, contact_url, locked_or_404, undoable

Addresses = Sequence[str]  # the primary first


def _added(held: Addresses, address: str) -> Addresses:
    return [*held, address]


def _first(held: Addresses, address: str) -> Addresses:
    return [address, *_removed(held, address)]


def _removed(held: Addresses, address: str) -> Addresses:
    return [one for one in held if key(one) != key(address)]


DEEDS: Mapping[str, Callable[[Addresses, str], Addresses]] = {
    "add": _added,
    "primary": _first,
    "remove": _removed,
}


class AddressChange(PermissionRequiredMixin, View):
    """One deed on the address in the field `address`; the other addresses stay as they are by then."""

    permission_required = "contacts.change_contact"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID, deed: str) -> HttpResponse:
        """Do it, or say why not."""
        if deed not in DEEDS:
            raise Http404
        try:
            with transaction.atomic():
                contact = locked_or_404(pk)
                if contact.is_deleted:
                    return restore_first(request, contact)
                before = [row.address for row in contact.addresses.all()]
                address = _checked(request.POST.get("address", ""), contact, before)
                wanted = DEEDS[deed](before, address)
                emails = [Email(one, primary=n == 0) for n, one in enumerate(dict.fromkeys(wanted))]
                lifecycle.update(contact=contact, values={"emails": emails}, actor=acting(request))
        except ValidationError as wrong:
            for sentence in wrong.messages:
                messages.warning(request, sentence)
        except ContactError as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _done(pk, deed, address, before))
        return redirect(contact_url(pk))


def _checked(text: str, contact: Contact, held: Addresses) -> str:
    """The address as the contact has it, or one that nobody has. Raises ValidationError."""
    try:
        (address,) = AddressesField(known=held).clean(text.replace("\0", ""))
    except ValueError:
        raise ValidationError(_("Enter one e-mail address.")) from None
    own = {key(one): one for one in held}
    taken = ContactAddress.objects.filter(address_key=key(address)).exclude(contact=contact)
    for row in taken.select_related("contact"):
        raise ValidationError(held_by(row))
    return own.get(key(address), address)


def _done(pk: uuid.UUID, deed: str, address: str, before: Addresses) -> str:
    if deed == "add" and address in before:
        return _("%(address)s is there already.") % {"address": address}
    said = {
        "add": _("%(address)s is added."),
        "primary": _("%(address)s is primary now."),
        "remove": _("%(address)s is removed."),
    }[deed] % {"address": address}
    if deed != "remove":
        return said
    back = "primary" if before[:1] == [address] else "add"
    return undoable(said, reverse("contacts:address", args=[pk, back]), [address], name="address")
