"""The books of an outside system: entries by kind and id, and every call with what it came to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.sandbox.database import Database
from plugins.sandbox.signed import Refusal

SCHEMA = """
create table entry (kind text, id text, data text not null, primary key (kind, id));
create table serial (kind text primary key, number integer not null);
create table call (
    key text primary key, operation text not null, input text not null, answer text not null,
    item text not null, case_number text not null, at text not null, times integer not null,
    handle text not null unique, ready_at real not null, undone_by text not null
);
create table reading (
    id integer primary key, operation text not null, key text not null, item text not null,
    case_number text not null, at text not null
);
create table told (
    id text not null, at text not null, handle text not null, data text not null,
    status text not null
);
"""


@dataclass(frozen=True, slots=True)
class Done:
    """A call that changed something: what was asked, what came of it, and what undid it."""

    key: str
    operation: str
    input: Mapping[str, Any]
    answer: Mapping[str, Any]
    handle: str
    ready_at: float
    undone_by: str


class Page:
    """The books while one call is at them: all that it writes is kept together, or nothing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """An entry, or None."""
        query = "select data from entry where kind = ? and id = ?"
        row = self._db.execute(query, (kind, id)).fetchone()
        found: dict[str, Any] | None = json.loads(row["data"]) if row else None
        return found

    def put(self, kind: str, id: str, data: Mapping[str, Any]) -> None:
        """Write an entry, over what stood there."""
        text = json.dumps(data, ensure_ascii=False)
        self._db.execute("insert or replace into entry values (?, ?, ?)", (kind, id, text))

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """The entries of a kind by id, in the order that they were first written."""
        query = "select id, data from entry where kind = ? order by rowid"
        return {row["id"]: json.loads(row["data"]) for row in self._db.execute(query, (kind,))}

    def serial(self, kind: str) -> int:
        """The next number of a kind, from 1."""
        query = (
            "insert into serial values (?, 1)"
            " on conflict (kind) do update set number = number + 1 returning number"
        )
        return int(self._db.execute(query, (kind,)).fetchone()["number"])

    def call(self, key: str) -> Done | None:
        """The call that a key was used for."""
        return _done(self._db.execute("select * from call where key = ?", (key,)).fetchone())

    def by_handle(self, handle: str) -> Done | None:
        """The call that a handle stands for."""
        return _done(self._db.execute("select * from call where handle = ?", (handle,)).fetchone())

    def keep(self, done: Done, item: str, case: str, at: str) -> None:
        """Write down a call that was done."""
        self._db.execute(
            "insert into call values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, '')",
            (
                done.key,
                done.operation,
                json.dumps(done.input, ensure_ascii=False, sort_keys=True),
                json.dumps(done.answer, ensure_ascii=False),
                item,
                case,
                at,
                done.handle,
                done.ready_at,
            ),
        )

    def repeat(self, key: str) -> None:
        """Write down that a key came once more."""
        self._db.execute("update call set times = times + 1 where key = ?", (key,))

    def read(self, operation: str, key: str, item: str, case: str, at: str) -> None:
        """Write down that somebody asked something, and what for."""
        query = "insert into reading (operation, key, item, case_number, at) values (?, ?, ?, ?, ?)"
        self._db.execute(query, (operation, key, item, case, at))

    def undo(self, given: Mapping[str, Any], operation: str, by: str) -> Done:
        """The call of an operation that is to be undone by the key `by`.

        Raises `Refusal` if there is none, or if it is undone already.
        """
        done = self.call(given["key"])
        if done is None or done.operation != operation:
            raise Refusal(404, "没有办理过")
        if done.undone_by:
            raise Refusal(422, "已经撤销过", "undone")
        self._db.execute("update call set undone_by = ? where key = ?", (by, done.key))
        return done


class Book(Database):
    """The file that the books are in."""

    def create(self, entries: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        """Begin anew with these entries, by kind and id."""
        self.create_tables(SCHEMA)
        with self.page() as page:
            for kind, by_id in entries.items():
                for id, one in by_id.items():
                    page.put(kind, id, one)

    @contextmanager
    def page(self) -> Iterator[Page]:
        """The books for one call, which waits until nobody else is at them."""
        with self._open() as db:
            db.execute("begin immediate")
            yield Page(db)

    @property
    def folder(self) -> Path:
        """Where the file is."""
        return self._path.parent

    def told(self, id: str, at: str, handle: str, data: Mapping[str, Any], status: str) -> None:
        """Write down a callback and what was said to it."""
        text = json.dumps(data, ensure_ascii=False)
        with self._open() as db:
            db.execute("insert into told values (?, ?, ?, ?, ?)", (id, at, handle, text, status))

    def shown(self) -> dict[str, Any]:
        """All that stands in the books."""
        with self._open() as db:
            entries: dict[str, dict[str, Any]] = {}
            for row in db.execute("select * from entry order by rowid"):
                entries.setdefault(row["kind"], {})[row["id"]] = json.loads(row["data"])
            calls = [_parsed(row) for row in db.execute("select * from call order by rowid")]
            readings = [dict(row) for row in db.execute("select * from reading order by id")]
            callbacks = [_parsed(row) for row in db.execute("select * from told order by rowid")]
        return {"entries": entries, "calls": calls, "readings": readings, "callbacks": callbacks}


def _done(row: sqlite3.Row | None) -> Done | None:
    if row is None:
        return None
    values = _parsed(row)
    return Done(**{name: values[name] for name in Done.__slots__})


def _parsed(row: sqlite3.Row) -> dict[str, Any]:
    values = dict(row)
    texts = {"input", "answer", "data"} & values.keys()
    return values | {name: json.loads(values[name]) for name in texts}
