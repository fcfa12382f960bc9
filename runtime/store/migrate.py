"""Brings a database to the newest migration, once, whoever else tries at the same moment."""

from __future__ import annotations

import hashlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from peewee import Database, Table

from runtime.store import migrations
from runtime.store.database import connected, deciding, is_sqlite
from runtime.store.errors import StoreNotReady
from runtime.store.instants import to_text

LOCK = 0x5949_4249
"""PostgreSQL's name for the lock that keeps two migrating processes apart."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its name, what it says, and the checksum of its source."""

    name: str
    checksum: str
    statements: Callable[[str], list[str]]


def known() -> list[Migration]:
    """Every migration that this version of the product has, in order."""
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    return [_read(name) for name in names]


def _read(name: str) -> Migration:
    module = import_module(f"{migrations.__name__}.{name}")
    source = inspect.getsource(module).replace("\r\n", "\n")
    return Migration(name, hashlib.sha256(source.encode()).hexdigest(), module.statements)


def migrate(database: Database, now: datetime) -> list[str]:
    """The names of the migrations that were applied now; all of them or none.

    Raises:
        StoreNotReady: the database has a migration that this version doesn't know, or one whose
            text has changed since it was applied.
    """
    with connected(database), _alone(database):
        applied = _applied(database)
        _check(applied)
        missing = [migration for migration in known() if migration.name not in applied]
        for migration in missing:
            _apply(database, migration, now)
    return [migration.name for migration in missing]


def pending(database: Database) -> list[str]:
    """The names of the migrations that are not applied yet.

    Raises:
        StoreNotReady: the database is newer than this version, or a migration was changed.
    """
    with connected(database):
        applied = _applied(database) if database.table_exists("migration") else {}
    _check(applied)
    return [migration.name for migration in known() if migration.name not in applied]


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """A transaction that no other migrating process shares; the second one waits."""
    with deciding(database):
        if not is_sqlite(database):
            database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        database.execute_sql(
            "CREATE TABLE IF NOT EXISTS migration "
            "(name TEXT PRIMARY KEY, checksum TEXT NOT NULL, at TEXT NOT NULL)"
        )
        yield


def _table(database: Database) -> Table:
    return Table("migration", _database=database)


def _applied(database: Database) -> dict[str, str]:
    table = _table(database)
    return dict(table.select(table.c.name, table.c.checksum).tuples())


def _check(applied: dict[str, str]) -> None:
    ours = {migration.name: migration.checksum for migration in known()}
    for name, checksum in applied.items():
        if name not in ours:
            raise StoreNotReady(
                f"the database is newer than this version: it has {name}. Update the code, "
                "or restore a backup of before the update"
            )
        if ours[name] != checksum:
            raise StoreNotReady(f"migration {name} was changed after it had been applied")


def _apply(database: Database, migration: Migration, now: datetime) -> None:
    blob = "BLOB" if is_sqlite(database) else "BYTEA"
    for statement in migration.statements(blob):
        database.execute_sql(statement)
    row = {"name": migration.name, "checksum": migration.checksum, "at": to_text(now)}
    _table(database).insert(**row).execute()
