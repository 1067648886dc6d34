"""What hardly ever changes and every request asks for, kept in this process until it changes.

PostgreSQL notifies every node of each change of a token, a connection, a company or a contact field (triggers
of migration notify_changes), so a revoked token ends everywhere within milliseconds. Nothing is kept that no
notification would reach: on SQLite, while the listener is away, or inside a transaction, whose view of things
may be undone. And nothing is kept for longer than REMEMBER_SECONDS.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

CHANNEL = "deskscim_changed"
RETRY = 5  # seconds until a lost listener is replaced

Found = TypeVar("Found")


class Remembered:
    """Values by key for one process, emptied at every notification."""

    def __init__(self) -> None:
        self._values: dict[Hashable, tuple[float, Any]] = {}
        self._process = 0
        self._lock = threading.Lock()
        self.is_listening = False

    def get(self, key: Hashable, read: Callable[[], Found]) -> Found:
        """The value of `read`, unless it is known. None is asked for again each time."""
        if not self._may_keep():
            return read()
        entry = self._values.get(key)
        if entry is not None and entry[0] > time.monotonic():
            found: Found = entry[1]
            return found
        values = self._values  # the one in use before reading: a notification meanwhile replaces it
        found = read()
        if found is not None:  # or strangers could fill the memory with tokens that do not exist
            values[key] = (time.monotonic() + settings.REMEMBER_SECONDS, found)
        return found

    def forget(self, **signal: object) -> None:
        """Read everything anew; also a receiver of Django's signals."""
        self._values = {}

    def _may_keep(self) -> bool:
        if not settings.REMEMBER_SECONDS or connection.vendor != "postgresql" or connection.in_atomic_block:
            return False
        if self._process != os.getpid():
            self._listen()
        return self.is_listening

    def _listen(self) -> None:
        """Start this process's listener; a server's processes are forks, which inherit no thread."""
        with self._lock:
            if self._process != os.getpid():
                self._process, self.is_listening = os.getpid(), False
                parameters = connection.get_connection_params()
                threading.Thread(target=self._follow, args=[parameters], daemon=True).start()

    def _follow(self, parameters: dict[str, Any]) -> None:
        while True:
            try:
                self._until_lost(parameters)
            except psycopg.Error as error:
                logger.warning("No notifications from PostgreSQL: %s", type(error).__name__)
            self.is_listening = False
            time.sleep(RETRY)

    def _until_lost(self, parameters: dict[str, Any]) -> None:
        needed = {
            name: value for name, value in parameters.items() if name not in ("cursor_factory", "context")
        }
        with psycopg.connect(**needed, autocommit=True) as listener:
            listener.execute(f"LISTEN {CHANNEL}")
            self.forget()
            self.is_listening = True
            for _ in listener.notifies():
                self.forget()


remembered = Remembered()
