"""Keeps uploaded files: the content encrypted on disk, what is known of it in a table."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from definitions.problems import Problem
from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.application import Application
from runtime.store.database import first
from runtime.store.errors import NotFound, Refused, Unreadable
from runtime.store.files import sealed
from runtime.store.files.content import KINDS, Facts, judge
from runtime.store.files.limits import Limits
from runtime.store.ground import Ground
from runtime.store.ids import new_id
from runtime.store.instants import from_text, to_text
from runtime.store.prepared import Parameter

FOLDER = "files"
STEP = 256 * 1024
NAME_LENGTH = 120
EXTENSION_LENGTH = 10
UNFINISHED_FOR = timedelta(hours=1)
"""A file on disk without a row may still be on its way in for this long."""

UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in. `purpose` is the material it is handed in for."""

    stream: BinaryIO
    filename: str
    purpose: str
    declared: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is kept. `size` in bytes, `sha256` of the plain content."""

    id: str
    application: str
    purpose: str
    name: str
    type: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Draft:
    """A file that is on disk and in no table yet."""

    id: str
    key: bytes
    size: int
    sha256: str


class Files:
    """The files of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.file
        self._folder = ground.data / FOLDER

    def accept(
        self, actor: Actor, held: Application, upload: Upload, limits: Limits, now: datetime
    ) -> StoredFile | Problem:
        """The stored file, or why it can't be taken, in a problem with code `file.*`.

        Needs memory for a few chunks, whatever the size. What is refused leaves nothing behind.

        Raises:
            NotFound: the application isn't the actor's.
            Refused: it isn't a draft any more (`application.not_a_draft`).
        """
        access.demand_over(actor, "file.add", held)
        if held.status != "draft":
            raise Refused(Problem("application.not_a_draft", params={"number": held.number or ""}))
        draft = self._receive(new_id(now), upload.stream, limits)
        if isinstance(draft, Problem):
            return draft
        kept = self._decide(held, upload, draft, limits, now)
        if isinstance(kept, Problem):
            self._path(draft.id).unlink()
        return kept

    def of(self, actor: Actor, held: Application) -> list[StoredFile]:
        """The files of an application, the oldest first.

        Raises:
            NotFound: it isn't the actor's.
        """
        access.demand_over(actor, "file.read", held)
        rows = self._ground.prepared("files of", self._of).all(application=held.id)
        return [self._read(row) for row in rows]

    def open(self, actor: Actor, held: Application, record: str) -> tuple[StoredFile, BinaryIO]:
        """A file of this application and its plain content, to be read in pieces and closed.

        Raises:
            NotFound: the application isn't the actor's, or has no such file.
            Unreadable: while reading, where the content was changed.
        """
        access.demand_over(actor, "file.read", held)
        row = self._row(held, record)
        source = self._source(record)
        return self._read(row), sealed.opened(source, self._key(row), record, row["size"])

    def remove(self, actor: Actor, held: Application, record: str) -> None:
        """Remove a file of a draft.

        Raises:
            NotFound: the application isn't the actor's, or has no such file.
            Refused: it was submitted with the application.
        """
        access.demand_over(actor, "file.remove", held)
        if held.status != "draft":
            raise Refused(Problem("application.not_a_draft", params={"number": held.number or ""}))
        row = self._row(held, record)
        application = self._ground.tables.application
        with self._ground.deciding():
            if self._table.delete().where(self._table.c.id == record).execute():
                left = {application.c.file_bytes: application.c.file_bytes - row["size"]}
                application.update(left).where(application.c.id == held.id).execute()
        self._path(record).unlink(missing_ok=True)

    def sweep(self, actor: Actor, now: datetime) -> int:
        """Delete what no row speaks of any more; returns how many files that were."""
        access.demand(actor, "file.sweep")
        before = (now - UNFINISHED_FOR).timestamp()
        old = [path for path in self._on_disk() if path.stat().st_mtime < before]
        known = {row["id"] for row in self._table.select(self._table.c.id).dicts()}
        orphans = [path for path in old if path.name not in known]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

    def _receive(self, record: str, stream: BinaryIO, limits: Limits) -> _Draft | Problem:
        path, key = self._path(record), sealed.new_key()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as target:
            writer = sealed.SealedWriter(target, key, record)
            size, digest = _copy(stream, writer, limits.max_bytes)
            writer.close()
            target.flush()
            os.fsync(target.fileno())
        problem = _size_problem(size, limits)
        if problem:
            path.unlink()
        return problem or _Draft(record, key, size, digest)

    def _decide(
        self, held: Application, upload: Upload, draft: _Draft, limits: Limits, now: datetime
    ) -> StoredFile | Problem:
        name = clean_name(upload.filename)
        source = self._source(draft.id)
        with sealed.opened(source, draft.key, draft.id, draft.size) as content:
            facts = judge(content, name, upload.declared, limits)
        if isinstance(facts, Problem):
            return facts
        with self._ground.deciding():
            if not self._reserve(held, draft.size, limits):
                return Problem(
                    "file.quota", params={"max": _megabytes(limits.max_application_bytes)}
                )
            row = self._row_of(held, upload.purpose, name, facts, draft, now)
            self._ground.insert("file", row)
        return self._read(row)

    def _reserve(self, held: Application, size: int, limits: Limits) -> bool:
        table = self._ground.tables.application
        room = (
            (table.c.id == held.id)
            & (table.c.status == "draft")
            & (table.c.file_bytes <= limits.max_application_bytes - size)
        )
        changed = {table.c.file_bytes: table.c.file_bytes + size}
        return bool(table.update(changed).where(room).execute())

    def _row_of(
        self,
        held: Application,
        purpose: str,
        name: str,
        facts: Facts,
        draft: _Draft,
        now: datetime,
    ) -> dict[str, Any]:
        details = {"name": name, "sha256": draft.sha256}
        key = base64.b64encode(draft.key).decode()
        return {
            "id": draft.id,
            "application_id": held.id,
            "purpose": purpose,
            "type": facts.type,
            "size": draft.size,
            "created_at": to_text(now),
            **self._ground.seal("file", draft.id, details=details, key=key),
        }

    def _of(self) -> Any:
        table = self._table
        same = table.c.application_id == Parameter("application")
        return table.select().where(same).order_by(table.c.id)

    def _row(self, held: Application, record: str) -> dict[str, Any]:
        same = (self._table.c.id == record) & (self._table.c.application_id == held.id)
        row = first(self._table.select().where(same))
        if row is None:
            raise NotFound
        return row

    def _read(self, row: Mapping[str, Any]) -> StoredFile:
        details = self._ground.vault.open("file", row["id"], "details", row["details"])
        return StoredFile(
            id=row["id"],
            application=row["application_id"],
            purpose=row["purpose"],
            type=row["type"],
            media_type=KINDS[row["type"]].media_type,
            size=row["size"],
            created_at=from_text(row["created_at"]),
            **details,
        )

    def _key(self, row: Mapping[str, Any]) -> bytes:
        return base64.b64decode(self._ground.vault.open("file", row["id"], "key", row["key"]))

    def _path(self, record: str) -> Path:
        """Spread over folders by the end of the id, which is random."""
        return self._folder / record[-2:] / record

    def _source(self, record: str) -> BinaryIO:
        try:
            return self._path(record).open("rb")
        except FileNotFoundError:
            raise Unreadable(f"file {record} is missing from disk") from None

    def _on_disk(self) -> Iterator[Path]:
        with suppress(FileNotFoundError):
            for folder in sorted(self._folder.iterdir()):
                yield from folder.iterdir()


def clean_name(filename: str) -> str:
    """A file name without folders, control characters and direction overrides, not too long.

    Chinese stays as it is; what is left of nothing is `file`.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    name = "".join(one for one in name if unicodedata.category(one) not in UNPRINTABLE)
    stem, dot, extension = name.strip(" .").rpartition(".")
    if not dot:
        return extension[:NAME_LENGTH] or "file"
    extension = extension[:EXTENSION_LENGTH]
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}"


def _copy(stream: BinaryIO, writer: sealed.SealedWriter, limit: int) -> tuple[int, str]:
    """Size and SHA-256 of what was copied; stops one byte past the limit."""
    size, digest = 0, hashlib.sha256()
    while size <= limit and (piece := stream.read(min(STEP, limit + 1 - size))):
        writer.write(piece)
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _size_problem(size: int, limits: Limits) -> Problem | None:
    if size == 0:
        return Problem("file.empty")
    if size > limits.max_bytes:
        return Problem("file.too_large", params={"max": _megabytes(limits.max_bytes)})
    return None


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.0f} MB"
