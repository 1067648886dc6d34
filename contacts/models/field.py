"""Custom fields of contacts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ContactField(models.Model):
    """A custom field of contacts (R12). Its API name is what SCIM clients write to and never changes."""

    class Type(models.TextChoices):
        """R10."""

        TEXT = "text", _("Text")
        PARAGRAPH = "paragraph", _("Paragraph")
        CHECKBOX = "checkbox", _("Checkbox")
        DATE = "date", _("Date")
        NUMBER = "number", _("Number")
        DECIMAL = "decimal", _("Decimal")
        DROPDOWN = "dropdown", _("Dropdown")
        URL = "url", _("URL")

    label = models.CharField(_("label"), max_length=100)
    api_name = models.CharField(_("API name"), max_length=100, editable=False)
    type = models.CharField(_("type"), max_length=10, choices=Type.choices)
    options = models.JSONField(_("options"), default=list, blank=True)
    required = models.BooleanField(_("required"), default=False)
    active = models.BooleanField(_("active"), default=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("contact field")
        verbose_name_plural = _("contact fields")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["api_name"], name="contact_field_api_name_once"),
            models.CheckConstraint(
                name="contact_field_api_name_prefixed", condition=Q(api_name__startswith="cf_")
            ),
        ]

    def __str__(self) -> str:
        return self.label
