"""The tables of provisioning: connections, tokens, the log of what they did, the conflicts they met."""

from .conflict import Conflict
from .connections import TOKEN_PREFIX, Connection, LogEntry, Scope, Token
from .held import HeldCount

__all__ = ["TOKEN_PREFIX", "Conflict", "Connection", "HeldCount", "LogEntry", "Scope", "Token"]
