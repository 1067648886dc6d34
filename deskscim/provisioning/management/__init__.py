"""Django management of the provisioning app."""
