"""Moves everything to the newest key, row by row; what is being used meanwhile stays usable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runtime.store.database import first
from runtime.store.ground import Ground
from runtime.store.parties import key_index
from runtime.store.people import read_person
from runtime.store.tables import SEALED

BATCH = 200
PERSON = ("details", "enterprises", "preferences")
"""What `read_person` reads."""


Progress = Callable[[str, int], None]
"""Is told the name of a table, again and again, and how many of its rows have been looked at."""


def rotate(ground: Ground, progress: Progress) -> int:
    """Seal again what an older key has sealed, and renew the blind indexes.

    Returns how many rows were changed. A row that somebody changes at the same moment is sealed
    with the newest key by that change. Event hashes are over plain content and stay.
    """
    changed = sum(
        _rotate_table(ground, name, columns, progress) for name, columns in SEALED.items()
    )
    _renew_indexes(ground)
    return changed


def demand_keys(ground: Ground) -> None:
    """See that the keys are those of this database, by what was written last in each table.

    Raises:
        Unreadable: they are not.
    """
    for name, columns in SEALED.items():
        table = ground.tables.named(name)
        row = first(table.select().order_by(table.c.id.desc()).limit(1)) or {}
        for column in columns:
            if row.get(column) is not None:
                ground.vault.open_bytes(name, row["id"], column, bytes(row[column]))


def _rotate_table(ground: Ground, name: str, columns: tuple[str, ...], progress: Progress) -> int:
    table = ground.tables.named(name)
    changed, seen, last = 0, 0, ""
    query = table.select(table.c.id).order_by(table.c.id).limit(BATCH)
    while batch := [row["id"] for row in query.where(table.c.id > last).dicts()]:
        changed += sum(_rotate_row(ground, name, columns, record) for record in batch)
        seen, last = seen + len(batch), batch[-1]
        progress(name, seen)
    return changed


def _rotate_row(ground: Ground, name: str, columns: tuple[str, ...], record: str) -> bool:
    """Whether a row had to be sealed again; one that changes under our hands is left alone."""
    table, vault = ground.tables.named(name), ground.vault
    row = first(table.select().where(table.c.id == record)) or {}
    old = {column: bytes(row[column]) for column in columns if row.get(column) is not None}
    renewed = {
        column: vault.seal_bytes(name, record, column, vault.open_bytes(name, record, column, kept))
        for column, kept in old.items()
        if not vault.is_current(kept)
    }
    if not renewed:
        return False
    same: Any = table.c.id == record
    for column in renewed:
        same &= getattr(table.c, column) == old[column]
    return bool(table.update(**renewed).where(same).execute())


def _renew_indexes(ground: Ground) -> None:
    _renew_index(ground, "person", "number_index", PERSON, _of_person)
    _renew_index(ground, "application", "enterprise_index", ("enterprise",), _of_enterprise)
    _renew_index(ground, "party", "key_index", ("details",), _of_party)


Index = Callable[[Ground, Mapping[str, Any]], str | None]
"""The blind index of a row under the newest key; None where what it is of isn't kept."""


def _of_person(ground: Ground, row: Mapping[str, Any]) -> str:
    return ground.vault.index("person", read_person(ground, row).number)


def _of_enterprise(ground: Ground, row: Mapping[str, Any]) -> str:
    code = ground.vault.open("application", row["id"], "enterprise", row["enterprise"])
    return ground.vault.index("enterprise", code)


def _of_party(ground: Ground, row: Mapping[str, Any]) -> str | None:
    return key_index(ground, ground.vault.open("party", row["id"], "details", row["details"]))


def _renew_index(
    ground: Ground, name: str, column: str, read: tuple[str, ...], index_of: Index
) -> None:
    """The index of every row that has one, a batch at a time."""
    table = ground.tables.named(name)
    for row in _indexed(table, column, read):
        index = index_of(ground, row)
        if index is not None and index != row[column]:
            table.update(**{column: index}).where(table.c.id == row["id"]).execute()


def _indexed(table: Any, column: str, read: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    columns = [getattr(table.c, one) for one in ("id", column, *read)]
    there = getattr(table.c, column).is_null(False)
    query, last = table.select(*columns).where(there).order_by(table.c.id).limit(BATCH), ""
    while batch := list(query.where(table.c.id > last).dicts()):
        yield from batch
        last = batch[-1]["id"]
