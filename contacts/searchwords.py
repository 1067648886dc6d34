"""The index of the search on SQLite: all words of each contact in an FTS5 table of trigrams.

It is made from the contacts after every migration, since Django cannot remake a table that a trigger reads.
In between, triggers keep it, whoever writes; they call nothing that SQLite itself does not have.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connection, connections, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.utils import OperationalError

TRIGRAM = 3

# The text says where words begin: two blanks stand before each, so one character with them is a trigram too.
_VIEW = """
CREATE VIEW contacts_searchsource AS SELECT id AS contact_id, replace(
    ' ' || name || ' ' || user_name || ' ' || title || ' ' || phone || ' ' || mobile
    || ' ' || coalesce((SELECT name FROM companies_company WHERE id = contacts_contact.company_id), '')
    || ' ' || coalesce((SELECT group_concat(address, ' ') FROM contacts_contactaddress
                        WHERE contact_id = contacts_contact.id), '')
    || ' ' || coalesce((SELECT group_concat(substr(value, 1, 255), ' ')
                        FROM json_each(contacts_contact.custom_fields) WHERE type = 'text'), ''),
    ' ', '  ') AS text
FROM contacts_contact
"""
# The number of a row must outlive VACUUM, so it has a column.
_TABLES = [
    _VIEW,
    "CREATE TABLE contacts_searchwords"
    " (id INTEGER PRIMARY KEY, contact_id char(32) NOT NULL UNIQUE, text text NOT NULL)",
    "CREATE VIRTUAL TABLE contacts_searchtrigrams USING fts5("
    "text, content='contacts_searchwords', content_rowid='id', tokenize='trigram', columnsize=0)",
    "INSERT INTO contacts_searchwords (contact_id, text) SELECT contact_id, text FROM contacts_searchsource",
    "INSERT INTO contacts_searchtrigrams (contacts_searchtrigrams) VALUES ('rebuild')",
]
_ADD = "INSERT INTO contacts_searchtrigrams (rowid, text) VALUES (NEW.id, NEW.text);"
_TAKE = (
    "INSERT INTO contacts_searchtrigrams (contacts_searchtrigrams, rowid, text)"
    " VALUES ('delete', OLD.id, OLD.text);"
)
_AGAIN = """
    UPDATE contacts_searchwords SET text = fresh.text FROM contacts_searchsource AS fresh
    WHERE fresh.contact_id = contacts_searchwords.contact_id AND fresh.text IS NOT contacts_searchwords.text
        AND contacts_searchwords.contact_id IN ({});
"""
_TRIGGERS = {
    "words_inserted AFTER INSERT ON contacts_searchwords": _ADD,
    "words_changed AFTER UPDATE OF text ON contacts_searchwords": _TAKE + _ADD,
    "words_deleted AFTER DELETE ON contacts_searchwords": _TAKE,
    "contact_inserted AFTER INSERT ON contacts_contact": (
        "INSERT INTO contacts_searchwords (contact_id, text)"
        " SELECT contact_id, text FROM contacts_searchsource WHERE contact_id = NEW.id;"
    ),
    "contact_changed AFTER UPDATE OF name, user_name, title, phone, mobile, company_id, custom_fields"
    " ON contacts_contact": _AGAIN.format("NEW.id"),
    "contact_deleted AFTER DELETE ON contacts_contact": (
        "DELETE FROM contacts_searchwords WHERE contact_id = OLD.id;"
    ),
    "address_inserted AFTER INSERT ON contacts_contactaddress": _AGAIN.format("NEW.contact_id"),
    "address_changed AFTER UPDATE OF contact_id, address ON contacts_contactaddress": _AGAIN.format(
        "OLD.contact_id, NEW.contact_id"
    ),
    "address_deleted AFTER DELETE ON contacts_contactaddress": _AGAIN.format("OLD.contact_id"),
    "company_renamed AFTER UPDATE OF name ON companies_company": _AGAIN.format(
        "SELECT id FROM contacts_contact WHERE company_id = NEW.id"
    ),
}
_PREFIX = "contacts_search_"
_LACKING = Error(
    "This Python's SQLite has no FTS5 with the trigram tokenizer, which the search needs.",
    hint="Use a Python with SQLite 3.34 or later, or PostgreSQL (DATABASE_URL).",
    id="contacts.E001",
)


def has_word(word: str) -> Q:
    """Contacts with the word as typed, composed or decomposed; a short one begins a word."""
    found = (
        "SELECT contact_id FROM contacts_searchwords WHERE id IN (SELECT rowid FROM contacts_searchtrigrams"
    )
    where = "WHERE contacts_searchtrigrams MATCH %s)"
    return Q(pk__in=RawSQL(f"{found} {where}", [_question(word)]))  # noqa: S611 constant, with a parameter


def _question(word: str) -> str:
    """A quoted text for each form, so that FTS5 takes no character of it for syntax."""
    forms = sorted({word, *(unicodedata.normalize(form, word) for form in ("NFC", "NFD"))})
    texts = [form.replace(" ", "  ").rjust(TRIGRAM).replace('"', '""') for form in forms]
    return " OR ".join(f'"{text}"' for text in texts)


def forget() -> None:
    """R30: write the index anew, since FTS5 keeps the trigrams of deleted rows until then.

    In the transaction that erases; FTS5's `secure-delete` would need SQLite 3.42.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO contacts_searchtrigrams (contacts_searchtrigrams) VALUES ('optimize')"
            )


def remove(using: str, plan: Any = None, **signal: Any) -> None:
    """Before migrations, if there are any: the tables that they change must not be read by a trigger."""
    if connections[using].vendor == "sqlite" and plan:
        with transaction.atomic(using), connections[using].cursor() as cursor:
            for trigger in _TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {_PREFIX}{trigger.split()[0]}")
            cursor.execute("DROP TABLE IF EXISTS contacts_searchtrigrams")
            cursor.execute("DROP TABLE IF EXISTS contacts_searchwords")
            cursor.execute("DROP VIEW IF EXISTS contacts_searchsource")


def make(using: str, **signal: Any) -> None:
    """After migrations: the index of all contacts, and what keeps it."""
    database = connections[using]
    tables = database.introspection.table_names() if database.vendor == "sqlite" else []
    if "contacts_searchtext" in tables and "contacts_searchwords" not in tables:
        with transaction.atomic(using), database.cursor() as cursor:
            for statement in _TABLES:
                cursor.execute(statement)
            for trigger, statements in _TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {_PREFIX}{trigger} BEGIN {statements} END")


def check(databases: Sequence[str] | None = None, **asked: Any) -> list[CheckMessage]:
    """Before migrations: whether Python's SQLite can make the index."""
    return [
        _LACKING for using in databases or () if connections[using].vendor == "sqlite" and not _can(using)
    ]


def _can(using: str) -> bool:
    try:
        with connections[using].cursor() as cursor:
            cursor.execute("CREATE VIRTUAL TABLE temp.deskscim_trial USING fts5(text, tokenize='trigram')")
            cursor.execute("DROP TABLE temp.deskscim_trial")
    except OperationalError:
        return False
    return True
