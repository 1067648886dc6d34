"""The Django admin of connections, tokens and the provisioning log."""

from . import connections, log, tokens

__all__ = ["connections", "log", "tokens"]
