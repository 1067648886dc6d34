"""Connections to the database that ended between two requests: it restarted, or a firewall forgot them."""

from django.db import connection


def drop_if_broken() -> bool:
    """Whether the connection was of no use any more; the next statement opens another one.

    In a transaction it stays, since Django would close a sound one there.
    """
    if connection.in_atomic_block:
        return False
    connection.close_if_unusable_or_obsolete()
    return connection.connection is None
