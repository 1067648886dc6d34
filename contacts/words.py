"""The words of contacts on SQLite: an FTS5 index of trigrams, kept by triggers, as PostgreSQL has SearchText.

Triggers go with their table, and Django makes a table anew to change it on SQLite. So `migrate` drops all of
words.sql before it changes anything, and makes it when it is done. It needs SQLite 3.34.
"""

import sqlite3
import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL

TRIGRAM = 3
OLDEST = (3, 34)
# From here on FTS5 can remove what is deleted at once; before, only a merge of the whole index does.
DELETES_SECURELY = (3, 42)

_SQL = Path(__file__).with_suffix(".sql")
_MATCH = (
    "SELECT contact_id FROM contacts_words WHERE id IN"
    " (SELECT rowid FROM contacts_words_index WHERE contacts_words_index MATCH %s LIMIT %s)"
)
_ALL = -1
_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'contacts_words%'"
_DELETE_SECURELY = "INSERT INTO contacts_words_index (contacts_words_index, rank) VALUES ('secure-delete', 1)"
_SECURE = "SELECT 1 FROM contacts_words_index_config WHERE k = 'secure-delete' AND v = 1"
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
_TABLES = {"contacts_contact", "contacts_contactaddress", "companies_company"}
_MERGE = "INSERT INTO contacts_words_index (contacts_words_index) VALUES ('optimize')"


def has(text: str, most: int = _ALL, *, of: str = "") -> Q:
    """Contacts with every word of a text, at most so many; one or two characters begin a word.

    Asked of contacts, or of what leads to them by `of`.
    """
    phrases = " AND ".join(f"({_either(word)})" for word in text.split())
    return Q(**{f"{of}pk__in": RawSQL(_MATCH, [phrases, most])})  # noqa: S611  # nosec B611  (the statement is always the same)


def _either(word: str) -> str:
    forms = {unicodedata.normalize(form, word) for form in ("NFC", "NFD")}
    return " OR ".join(map(_quoted, sorted(forms)))


def _quoted(word: str) -> str:
    """As FTS5 takes all characters for themselves."""
    return '"' + word.rjust(TRIGRAM).replace('"', '""') + '"'


def make(using: str, **_signal: Any) -> None:
    """Make and fill the index, unless it is there, or what it is made of is not."""
    if not _is_sqlite(using) or not _has_tables(using) or _triggers(using):
        return
    with transaction.atomic(using):
        _clear(using)
        _run(using, _SQL.read_text(encoding="utf-8").split("\n\n"))
        if sqlite3.sqlite_version_info >= DELETES_SECURELY:
            _run(using, [_DELETE_SECURELY])


def drop(using: str, plan: Sequence[Any] = (), **_signal: Any) -> None:
    """Out of the way of what is about to be migrated, if anything is."""
    if _is_sqlite(using) and plan:
        with transaction.atomic(using):
            _clear(using)


def forget(using: str = "default") -> None:
    """R30: nothing remains of a contact that was just deleted: neither its words nor its old pages."""
    if not _is_sqlite(using):
        return
    if not _deletes_securely(using):
        _run(using, [_MERGE])
    transaction.on_commit(partial(_run, using, [_EMPTY_LOG]), using)


def check(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Whether this SQLite can search."""
    if sqlite3.sqlite_version_info >= OLDEST or not any(map(_is_sqlite, databases or ())):
        return []
    hint = "Use PostgreSQL, or a Python that brings a newer SQLite."
    return [
        Error(f"The search needs SQLite 3.34; this is {sqlite3.sqlite_version}.", hint, id="contacts.E001")
    ]


def _is_sqlite(using: str) -> bool:
    return connections[using].vendor == "sqlite"


def _clear(using: str) -> None:
    _run(using, [f"DROP TRIGGER {name}" for name in _triggers(using)])
    _run(using, ["DROP VIEW IF EXISTS contacts_words_now"])
    _run(using, [f"DROP TABLE IF EXISTS {name}" for name in ("contacts_words_index", "contacts_words")])


def _has_tables(using: str) -> bool:
    """Not when another app alone is migrated, or this one back to nothing."""
    return _TABLES.issubset(connections[using].introspection.table_names())


def _deletes_securely(using: str) -> bool:
    """As the index was made: Python may have had an older SQLite then."""
    with connections[using].cursor() as cursor:
        cursor.execute(_SECURE)
        return cursor.fetchone() is not None


def _triggers(using: str) -> list[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(_TRIGGERS)
        return [name for (name,) in cursor.fetchall()]


def _run(using: str, statements: Sequence[str]) -> None:
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
