"""The part that gives the project its name: Entra ID pushes contacts here."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _

from .remembered import remembered


class ProvisioningConfig(AppConfig):
    """Connections, tokens, the provisioning log and the SCIM plug-in."""

    name = "deskscim.provisioning"
    verbose_name = _("Provisioning")
    label = "provisioning"

    def ready(self) -> None:
        """Have this process forget at once what it changes itself; the others are notified."""
        for model in ("provisioning.Connection", "provisioning.Token", "contacts.ContactField"):
            post_save.connect(remembered.forget, model)
            post_delete.connect(remembered.forget, model)
