"""What a license office remembers: its licences, each use of them, and the requests it has seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from plugins.sandbox.database import Database
from plugins.sandbox.seeds import Record

SCHEMA = """
create table license (
    type text not null, number text not null, holder text not null, holder_name text not null,
    data text not null, issuer text not null, identifier text not null unique, issued_on text,
    valid_from text, valid_to text, status text not null, revoked_reason text not null,
    primary key (type, number, holder)
);
create index license_holder on license (holder, type);
create table usage (
    id integer primary key, at text not null, client text not null, action text not null,
    holder text not null, types text not null, items text not null, case_number text not null,
    reason text not null, found integer not null
);
"""
INSERT_LICENSE = """
insert or replace into license values (
    :type, :number, :holder, :holder_name, :data, :issuer, :identifier, :issued_on,
    :valid_from, :valid_to, :status, :revoked_reason
)
"""
INSERT_USE = """
insert into usage (at, client, action, holder, types, items, case_number, reason, found)
values (:at, :client, :action, :holder, :types, :items, :case_number, :reason, :found)
"""


class OfficeStore(Database):
    """The office's SQLite file."""

    def create(self, records: Iterable[Record]) -> None:
        """Begin anew with these licences."""
        self.create_tables(SCHEMA)
        self.add(records)

    def add(self, records: Iterable[Record]) -> None:
        """Take in licences; one of the same type, number and holder is replaced."""
        with self._open() as db:
            db.executemany(INSERT_LICENSE, map(_row, records))

    def find(self, holder: str, types: Iterable[str], today: date) -> list[Record]:
        """The licences of a holder, of these types, as they stand today."""
        wanted = set(types)
        with self._open() as db:
            rows = db.execute("select * from license where holder = ? order by rowid", (holder,))
            return [_record(row, today) for row in rows if row["type"] in wanted]

    def named(self, type_: str, number: str, holder: str, today: date) -> Record | None:
        """One licence as it stands today."""
        query = "select * from license where type = ? and number = ? and holder = ?"
        with self._open() as db:
            row = db.execute(query, (type_, number, holder)).fetchone()
        return _record(row, today) if row else None

    def all(self, today: date) -> list[Record]:
        """Every licence, in the order of the seeds."""
        with self._open() as db:
            return [_record(row, today) for row in db.execute("select * from license")]

    def change(self, type_: str, number: str, changes: Mapping[str, Any]) -> int:
        """Revoke, suspend, restore or let expire; how many licences it was."""
        query = (
            "update license set status = coalesce(?, status),"
            " revoked_reason = coalesce(?, revoked_reason), valid_to = coalesce(?, valid_to)"
            " where type = ? and number = ?"
        )
        values = [changes.get(key) for key in ("status", "revoked_reason", "valid_to")]
        with self._open() as db:
            return db.execute(query, (*values, type_, number)).rowcount

    def note_use(self, **use: Any) -> int:
        """Keep one use of licences (用证); its number is the request id."""
        with self._open() as db:
            return int(db.execute(INSERT_USE, use).lastrowid or 0)

    def usage(self) -> list[dict[str, Any]]:
        """All uses, the newest first."""
        with self._open() as db:
            return [dict(row) for row in db.execute("select * from usage order by id desc")]


def _row(record: Record) -> dict[str, Any]:
    return asdict(record) | {"data": json.dumps(dict(record.data), ensure_ascii=False)}


def _record(row: sqlite3.Row, today: date) -> Record:
    values = {**dict(row), "data": json.loads(row["data"])}
    if values["status"] == "valid" and (values["valid_to"] or "9999") < today.isoformat():
        values["status"] = "expired"
    return Record(**values)
