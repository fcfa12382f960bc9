"""Connections and transactions, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from peewee import Database, SqliteDatabase
from playhouse.pool import PooledDatabase, PooledPostgresqlDatabase, PooledSqliteDatabase

BUSY_MILLISECONDS = 15_000
CONNECTIONS = 64
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "normal",
    "foreign_keys": 1,
    "busy_timeout": BUSY_MILLISECONDS,
    "cache_size": -16_000,
    "secure_delete": "fast",
}


def connect(url: str) -> Database:
    """The database behind a URL: `sqlite:///path` or `postgresql://user@host/name`.

    Nothing is opened yet. Each thread gets a connection of its own from the pool.

    Raises:
        ValueError: the URL names no kind of database that we know, or no database.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return _sqlite(Path(unquote(rest[1:])))
    if scheme in {"postgres", "postgresql"}:
        return _postgres(url)
    raise ValueError("the database is sqlite:///path or postgresql://user:password@host/name")


def _sqlite(path: Path) -> Database:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return PooledSqliteDatabase(
        str(path),
        pragmas=PRAGMAS,
        max_connections=CONNECTIONS,
        timeout=BUSY_MILLISECONDS // 1000,
        check_same_thread=False,
    )


def _postgres(url: str) -> Database:
    if not urlsplit(url).path.strip("/"):
        raise ValueError("the URL of a PostgreSQL database ends in its name")
    return PooledPostgresqlDatabase(
        url.replace("postgres://", "postgresql://", 1),
        prefer_psycopg3=True,
        max_connections=CONNECTIONS,
        timeout=BUSY_MILLISECONDS // 1000,
        stale_timeout=300,
    )


def is_sqlite(database: Database) -> bool:
    """Whether a database is embedded in this process."""
    return isinstance(database, SqliteDatabase)


@contextmanager
def connected(database: Database) -> Iterator[None]:
    """A connection of this thread, given back to the pool at the end; may be nested."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()


@contextmanager
def deciding(database: Database) -> Iterator[None]:
    """One transaction that has survived a power cut when this returns.

    SQLite syncs its log at each commit only while told to; an autosave can do without, a
    submission can't. PostgreSQL does so always. Inside another one it is part of that.
    """
    if database.in_transaction():
        yield
    elif is_sqlite(database):
        with connected(database):
            database.execute_sql("PRAGMA synchronous = FULL")
            try:
                with database.atomic("IMMEDIATE"):
                    yield
            finally:
                database.execute_sql("PRAGMA synchronous = NORMAL")
    else:
        with connected(database), database.atomic():
            yield


@dataclass(frozen=True, slots=True)
class Queries:
    """The statements that ran, without those that only begin, end or tune."""

    statements: list[str]

    def __len__(self) -> int:
        return len(self.statements)


HOUSEKEEPING = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA|SAVEPOINT|RELEASE)\b", re.IGNORECASE)


@contextmanager
def counted(database: Database) -> Iterator[Queries]:
    """The statements that run on this database, in any thread, while the block lasts."""
    queries = Queries([])

    def note(event: Any) -> None:
        if not HOUSEKEEPING.match(event.sql):
            queries.statements.append(event.sql)

    database.query_hooks.append(note)
    try:
        yield queries
    finally:
        database.query_hooks.remove(note)


def close(database: Database) -> None:
    """Close every connection, also those that other threads have borrowed."""
    if isinstance(database, PooledDatabase):
        database.close_all()


def first(query: Any) -> dict[str, Any] | None:
    """The first row of a query as a dictionary, or None."""
    row: dict[str, Any] | None = query.dicts().first()
    return row
