"""Rows that one transition writes, in one statement where the database can.

A statement of its own for each row costs a round trip each, and a transaction two more. PostgreSQL takes the
contact and all rows that depend on it together (data-modifying WITH); SQLite, which has no way to travel, one
after the other in the caller's transaction. Every name in the SQL is one of Django's models.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

from .errors import Overtaken
from .models import Contact
from .statements import cursor

_TEXT = "text"  # a cast to varchar(n) would cut what is too long instead of refusing it


def insert(contact: Contact, rows: Sequence[Model]) -> None:
    """A new contact and the rows that go with it."""
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        columns = _stored(Contact)
        sql = _sql(f"INSERT INTO {_table(Contact)} ({_names(columns)}) VALUES ({_blanks(columns)})", rows)  # noqa: S608  # nosec B608
        _send(sql, _values(contact, columns), rows)
    else:
        contact.save(force_insert=True)
        _save(rows)
    contact._state.adding, contact._state.db = False, DEFAULT_DB_ALIAS


def insert_many(contacts: Sequence[Contact], rows: Iterable[Model]) -> None:
    """New contacts and the rows that go with them: a statement for each table."""
    write = _copy if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else _save
    write(contacts)
    ordered = sorted(rows, key=lambda row: row._meta.db_table)
    for _, alike in groupby(ordered, type):
        write(list(alike))


def update(contact: Contact, names: Collection[str], rows: Sequence[Model], *, version: int) -> None:
    """These columns of a contact, and the rows that go with them.

    The contact must still have the `version` from which the change was worked out: the UPDATE locks the row,
    and where another was quicker it writes nothing. Raises Overtaken.
    """
    columns = [
        field for field in Contact._meta.concrete_fields if not {field.name, field.attname}.isdisjoint(names)
    ]
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        assigned = ", ".join(f'"{field.column}" = %s' for field in columns)
        where = "WHERE id = %s AND version = %s"
        sql = _sql(f"UPDATE {_table(Contact)} SET {assigned} {where}", rows)  # noqa: S608  # nosec B608
        _send(sql, [*_values(contact, columns), contact.pk, version], rows)
        return
    found = Contact.objects.filter(pk=contact.pk, version=version)
    if not found.update(**{field.attname: getattr(contact, field.attname) for field in columns}):
        raise Overtaken
    _save(rows)


def _save(rows: Sequence[Model]) -> None:
    for model, alike in groupby(rows, lambda row: row._meta.model):
        model._default_manager.bulk_create(alike)


def _copy(rows: Sequence[Model]) -> None:
    """COPY, which takes a third of what an INSERT of as many rows does."""
    if not rows:
        return
    database, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
    columns = _stored(model)
    sql = f"COPY {_table(model)} ({_names(columns)}) FROM STDIN"
    with database.wrap_database_errors, database.cursor() as found, found.copy(sql) as copy:
        for row in rows:
            copy.write_row(_values(row, columns))


def _send(sql: str, values: list[Any], rows: Sequence[Model]) -> None:
    for row in rows:
        values += _values(row, _stored(type(row)))
    with cursor(connections[DEFAULT_DB_ALIAS]) as found:
        found.execute(sql, values)
        if not found.fetchone()[0]:
            raise Overtaken


def _sql(contact: str, rows: Sequence[Model]) -> str:
    """The statement: the rows are written if the contact is."""
    groups = enumerate((model, len(list(alike))) for model, alike in groupby(rows, type))
    depending = "".join(_depending(number, model, count) for number, (model, count) in groups)
    return f"WITH contact AS ({contact} RETURNING 1){depending} SELECT count(*) FROM contact"  # noqa: S608  # nosec B608


@lru_cache
def _depending(number: int, model: type[Model], count: int) -> str:
    """Rows of one table in one INSERT: of several, PostgreSQL may carry out the last one first."""
    columns = _stored(model)
    blanks = ", ".join(f"%s::{_type(field)}" for field in columns)
    values = " UNION ALL ".join([f"SELECT {blanks} FROM contact"] * count)  # noqa: S608  # nosec B608
    return f", rows{number} AS (INSERT INTO {_table(model)} ({_names(columns)}) {values})"


def _type(field: "Field[Any, Any]") -> str:
    named = str(field.rel_db_type(connections[DEFAULT_DB_ALIAS]))
    return _TEXT if named.startswith("varchar") else named


@lru_cache
def _stored(model: type[Model]) -> "list[Field[Any, Any]]":
    """All columns but a key that the database makes."""
    key = model._meta.pk
    return [field for field in model._meta.concrete_fields if field is not key or model is Contact]


def _values(row: Model, columns: "Sequence[Field[Any, Any]]") -> list[Any]:
    database, adding = connections[DEFAULT_DB_ALIAS], row._state.adding
    return [field.get_db_prep_save(field.pre_save(row, adding), database) for field in columns]


def _names(columns: "Sequence[Field[Any, Any]]") -> str:
    return ", ".join(f'"{field.column}"' for field in columns)


def _blanks(columns: "Sequence[Field[Any, Any]]") -> str:
    return ", ".join(["%s"] * len(columns))


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'
