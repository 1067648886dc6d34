"""The e-mail addresses of a contact."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .contact import Contact


class ContactAddress(models.Model):
    """An e-mail address. One address belongs to one contact, deleted ones included (R17)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=254)
    address_key = models.CharField(max_length=762, editable=False)
    domain = models.CharField(max_length=253, blank=True, editable=False)
    is_primary = models.BooleanField(default=False)
    # The SCIM `type` when Entra sent the address; "" when only the helpdesk knows it (R23).
    scim_type = models.CharField(max_length=20, blank=True)
    # R20: the SCIM `primary` as Entra sent it, which need not be what the helpdesk makes of it; null: never.
    scim_primary = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("contact address")
        verbose_name_plural = _("contact addresses")
        ordering = ["-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(fields=["address_key"], name="address_one_contact"),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(is_primary=True), name="contact_one_primary_address"
            ),
        ]

    def __str__(self) -> str:
        return self.address
