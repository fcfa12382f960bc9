"""One SQLite file of a sandbox server. A connection a call: requests come from many threads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NONCES = "create table nonce (nonce text primary key, at integer not null);"


class Database:
    """A file that is made new whenever its server starts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create_tables(self, schema: str) -> None:
        """Begin anew, with these tables and that of the requests that were seen."""
        self._path.unlink(missing_ok=True)
        with self._open() as db:
            db.executescript("pragma synchronous = off;" + schema + NONCES)

    def first_time(self, nonce: str, now: int, window: int) -> bool:
        """Whether a request is no replay; nonces older than the window are forgotten."""
        with self._open() as db:
            db.execute("delete from nonce where at < ?", (now - 2 * window,))
            query = "insert into nonce values (?, ?) on conflict do nothing"
            return db.execute(query, (nonce, now)).rowcount == 1

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=5)
        db.row_factory = sqlite3.Row
        db.execute("pragma synchronous = off")  # made up, and made anew at each start
        try:
            with db:
                yield db
        finally:
            db.close()
