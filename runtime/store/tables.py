"""The tables, bound to one database. Their columns and types are in the migrations.

Plain peewee tables, not models: a model belongs to one database for the whole process, and what
is encrypted has no use for a field's conversions.
"""

from __future__ import annotations

from collections.abc import Mapping

from peewee import Database, Table

SEALED: Mapping[str, tuple[str, ...]] = {
    "person": ("details", "enterprises"),
    "session": ("actor",),
    "held": ("post",),
    "application": (
        "enterprise", "answers", "provenance", "licenses", "papers", "confirmations", "picks",
        "typed", "sources", "touched", "signature",
    ),
    "event": ("body",),
    "submission": ("slice",),
    "party": ("details", "record"),
    "file": ("details", "key"),
    "delivery": ("payload", "exchange"),
    "message": ("data",),
}  # fmt: skip
"""The columns that are encrypted, by table: what a rotation of keys goes through."""


class Tables:
    """Every table of one database."""

    release: Table
    live: Table
    publication: Table
    person: Table
    session: Table
    held: Table
    attempt: Table
    counter: Table
    application: Table
    event: Table
    submission: Table
    party: Table
    file: Table
    position: Table
    task: Table
    deed: Table
    delivery: Table
    message: Table
    callback: Table

    def __init__(self, database: Database) -> None:
        for name in Tables.__annotations__:
            setattr(self, name, Table(name, _database=database))

    def named(self, name: str) -> Table:
        """A table by its name."""
        table: Table = getattr(self, name)
        return table
