"""Which e-mail addresses of a file have come by: on disk, so that a million need no more memory than ten."""

import sqlite3
from collections.abc import Collection

_PAGES = -4096  # kB that SQLite holds of it in memory


class Seen:
    """Keeps a hash of each address, in a file of its own that goes with it."""

    def __init__(self) -> None:
        # Whichever thread collects it as garbage closes it.
        self._database = sqlite3.connect("", check_same_thread=False)
        for setting in (f"cache_size = {_PAGES}", "journal_mode = OFF", "synchronous = OFF"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute("CREATE TABLE seen (mark INTEGER PRIMARY KEY)")

    def __del__(self) -> None:
        self._database.close()

    def is_first(self, addresses: Collection[str]) -> bool:
        """Whether none of them has come by; then they have from now on."""
        marks = [(hash(one),) for one in addresses]
        if any(self._has(mark) for mark in marks):
            return False
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?)", marks)
        return True

    def _has(self, mark: tuple[int]) -> bool:
        return self._database.execute("SELECT 1 FROM seen WHERE mark = ?", mark).fetchone() is not None
