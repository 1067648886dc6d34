"""The part that gives the project its name: Entra ID pushes contacts here."""

from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    """Connections, tokens, the provisioning log and the SCIM plug-in."""

    name = "deskscim.provisioning"
    label = "provisioning"
