"""What an applicant supplies after sending: answers and slices replaced, files added, all told.

The one way in which what was sent changes. It happens inside the transaction of the command that
answers a supplement; the history keeps the digests of before and after.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.canonical import digest
from runtime.store.application import Application, to_plain
from runtime.store.files.repository import NewFile
from runtime.store.ground import Ground


@dataclass(frozen=True, slots=True)
class Supplied:
    """What an applicant's answer to a supplement changes of what was sent.

    `parts` are the application's as they are now (its answers and where they are from), `slices`
    by use what its office gets instead, and `files` those that came with it, in no table yet.
    """

    parts: Mapping[str, Any]
    slices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Collection[NewFile] = ()


def supply(
    ground: Ground, held: Application, given: Supplied
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write slices and files; what the event tells of it, and the application's own columns."""
    told: dict[str, Any] = {"slices": {}, "files": []}
    for use, data in given.slices.items():
        told["slices"][use] = _refreeze(ground, held, use, data)
    size = held.file_bytes
    for file in given.files:
        ground.insert("file", file.row)
        told["files"].append(file.told)
        size += int(file.row["size"])
    plain = {name: to_plain(name, value) for name, value in given.parts.items()}
    columns = ground.seal("application", held.id, **plain)
    return told, {**columns, "file_bytes": size}


def _refreeze(
    ground: Ground, held: Application, use: str, data: Mapping[str, Any]
) -> dict[str, str]:
    """Replace what an item's office got; its digests before and after."""
    table = ground.tables.submission
    same = (table.c.application_id == held.id) & (table.c.use == use)
    row = next(iter(table.select(table.c.id, table.c.digest).where(same).dicts()))
    fresh = digest(data)
    sealed = ground.seal("submission", row["id"], slice=dict(data))
    table.update(digest=fresh, **sealed).where(same).execute()
    return {"from": row["digest"], "to": fresh}
