"""Keeps uploaded files: the content encrypted on disk, what is known of it in a table."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from definitions.problems import Problem
from runtime.store import access, events
from runtime.store.actor import Actor
from runtime.store.application import Application, demand_draft, draft_times
from runtime.store.database import first
from runtime.store.errors import Conflict, NotFound, Refused, Unreadable
from runtime.store.files import sealed
from runtime.store.files.content import KINDS, Facts, judge
from runtime.store.files.limits import Limits
from runtime.store.files.receiving import Received, clean_name, megabytes, receive
from runtime.store.ground import Ground
from runtime.store.history import advance, find
from runtime.store.ids import new_id
from runtime.store.instants import from_text, to_text
from runtime.store.items import uses_of
from runtime.store.prepared import Parameter

FOLDER = "files"
UNFINISHED_FOR = timedelta(hours=1)
"""A file on disk without a row may still be on its way in for this long."""

ATTEMPTS = 20
"""How often something added to a sent application waits for what others do to it."""


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
class NewFile:
    """A file that is received and judged, in no table yet; `told` is what the history says."""

    row: Mapping[str, Any]
    told: Mapping[str, Any]


Keep = Callable[[Mapping[str, Any]], StoredFile | Problem]
"""Takes the row of a file that is fit to be kept; says what was kept, or why it wasn't."""


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
        The draft is another version with it, and kept for another 28 days.

        Raises:
            NotFound: the application isn't the actor's.
            Refused: it isn't a draft any more (`application.not_a_draft`).
        """
        access.demand_over(actor, "file.add", held)
        demand_draft(held)
        return self._take(held, upload, limits, now, lambda row: self._keep(held, row, limits, now))

    def add(
        self, actor: Actor, held: Application, upload: Upload, limits: Limits, now: datetime
    ) -> StoredFile | Problem:
        """A file that comes after sending, told in the history (`handed_in`); or why it can't be.

        What was sent stays as it was signed: this has a digest and a moment of its own. The same
        content for the same purpose is taken once: sent again, it is the file that is there.

        Raises:
            NotFound: the application isn't the actor's.
            Refused: it is a draft (`application.not_submitted`) or withdrawn.
            Conflict: others were first, again and again.
        """
        access.demand_over(actor, "file.add", held)
        _demand_sent(held)

        def keep(row: Mapping[str, Any]) -> StoredFile | Problem:
            return self._add(actor, held, row, limits, now)

        return self._take(held, upload, limits, now, keep)

    def receive(
        self, actor: Actor, held: Application, upload: Upload, limits: Limits, now: datetime
    ) -> NewFile | Problem:
        """A file on its way in, to be stored with a command; or why it can't be taken.

        One that no command stores goes with a later sweep.

        Raises:
            NotFound: the application isn't the actor's.
            Refused: it is a draft (`application.not_submitted`) or withdrawn.
        """
        access.demand_over(actor, "file.add", held)
        _demand_sent(held)
        kept: list[NewFile] = []

        def keep(row: Mapping[str, Any]) -> StoredFile | Problem:
            file = self._read(row)
            if problem := _full(held, self._there(held, file.purpose), file, limits):
                return problem
            kept.append(NewFile(row, _told(file)))
            return file

        taken = self._take(held, upload, limits, now, keep)
        return taken if isinstance(taken, Problem) else kept[0]

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
        return self._read(row), self._content(row)

    def of_item(
        self, actor: Actor, held: Application, use: str, papers: Collection[str]
    ) -> list[StoredFile]:
        """The files that were handed in for these papers, which an item gets; the oldest first.

        Raises:
            NotFound: the actor is no officer who has to do with the item.
        """
        self._demand_item(actor, held, use)
        rows = self._ground.prepared("files of", self._of).all(application=held.id)
        return [self._read(row) for row in rows if row["purpose"] in papers]

    def open_of_item(
        self, actor: Actor, held: Application, use: str, papers: Collection[str], record: str
    ) -> tuple[StoredFile, BinaryIO]:
        """A file of these papers, which an item gets, and its plain content, to be closed.

        Raises:
            NotFound: the actor has nothing to do with the item, or it gets no such file.
            Unreadable: while reading, where the content was changed.
        """
        self._demand_item(actor, held, use)
        row = self._row(held, record)
        if row["purpose"] not in papers:
            raise NotFound
        return self._read(row), self._content(row)

    def remove(self, actor: Actor, held: Application, record: str) -> None:
        """Remove a file of a draft.

        Raises:
            NotFound: the application isn't the actor's, or has no such file.
            Refused: it was submitted with the application.
        """
        access.demand_over(actor, "file.remove", held)
        demand_draft(held)
        row = self._row(held, record)
        with self._ground.deciding():
            self._alter(held)
            if self._table.delete().where(self._table.c.id == record).execute():
                self._resize(held, -row["size"])
        self._path(record).unlink(missing_ok=True)

    def take_back(self, actor: Actor, held: Application, record: str, now: datetime) -> None:
        """Remove a file that came after sending; the history says so (`taken_back`).

        Its name, digest and moments stay there.

        Raises:
            NotFound: the application isn't the actor's, or no such file came after sending.
            Refused: it is a draft (`application.not_submitted`) or withdrawn.
            Conflict: others were first, again and again.
        """
        access.demand_over(actor, "file.remove", held)
        for _ in range(ATTEMPTS):
            with self._ground.deciding():
                fresh = find(self._ground, held.id)
                _demand_sent(fresh)
                file = self._read(self._added(fresh, record))
                left = fresh.file_bytes - file.size
                data = _told(file)
                if advance(self._ground, actor, fresh, "taken_back", data, now, file_bytes=left):
                    self._table.delete().where(self._table.c.id == record).execute()
                    break
        else:
            raise Conflict(find(self._ground, held.id))
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

    def _take(
        self, held: Application, upload: Upload, limits: Limits, now: datetime, keep: Keep
    ) -> StoredFile | Problem:
        """What `keep` makes of the upload if it is fit; what was not kept is not left on disk."""
        record = new_id(now)
        received = receive(self._path(record), record, upload.stream, limits)
        if isinstance(received, Problem):
            return received
        kept: StoredFile | Problem | None = None
        try:
            row = self._judged(held, upload, received, limits, now)
            kept = row if isinstance(row, Problem) else keep(row)
        finally:
            if not isinstance(kept, StoredFile) or kept.id != record:
                self._path(record).unlink()
        return kept

    def _judged(
        self,
        held: Application,
        upload: Upload,
        received: Received,
        limits: Limits,
        now: datetime,
    ) -> dict[str, Any] | Problem:
        """The row of a file that is what it should be; or why it can't be taken."""
        name = clean_name(upload.filename)
        source = self._source(received.id)
        with sealed.opened(source, received.key, received.id, received.size) as content:
            facts = judge(content, name, upload.declared, limits)
        if isinstance(facts, Problem):
            return facts
        return self._row_of(held, upload.purpose, name, facts, received, now)

    def _keep(
        self, held: Application, row: Mapping[str, Any], limits: Limits, now: datetime
    ) -> StoredFile | Problem:
        """The file as part of a draft."""
        file = self._read(row)
        with self._ground.deciding():
            fresh = self._alter(held, **draft_times(now))
            if problem := _full(fresh, self._there(fresh, file.purpose), file, limits):
                return problem
            self._resize(held, file.size)
            self._ground.insert("file", row)
        return file

    def _add(
        self,
        actor: Actor,
        held: Application,
        row: Mapping[str, Any],
        limits: Limits,
        now: datetime,
    ) -> StoredFile | Problem:
        """The file as an addition to what was sent."""
        file = self._read(row)
        for _ in range(ATTEMPTS):
            with self._ground.deciding():
                fresh = find(self._ground, held.id)
                _demand_sent(fresh)
                there = self._there(fresh, file.purpose)
                same = next((one for one in there if one.sha256 == file.sha256), None)
                if same:
                    return same
                if problem := _full(fresh, there, file, limits):
                    return problem
                total = fresh.file_bytes + file.size
                data = _told(file)
                if advance(self._ground, actor, fresh, "handed_in", data, now, file_bytes=total):
                    self._ground.insert("file", row)
                    return file
        raise Conflict(find(self._ground, held.id))

    def _demand_item(self, actor: Actor, held: Application, use: str) -> None:
        mine = use in uses_of(self._ground, actor, held.id)
        access.demand(actor, "file.read", ("officer",) if mine else ())

    def _content(self, row: Mapping[str, Any]) -> BinaryIO:
        source = self._source(row["id"])
        return sealed.opened(source, self._key(row), row["id"], row["size"])

    def _there(self, held: Application, purpose: str) -> list[StoredFile]:
        """The files of one purpose, the oldest first."""
        rows = self._ground.prepared("files of", self._of).all(application=held.id)
        return [self._read(row) for row in rows if row["purpose"] == purpose]

    def _added(self, held: Application, record: str) -> dict[str, Any]:
        """The row of a file that came after sending."""
        told = events.told(self._ground, held.id, "handed_in")
        if not any(one.data["file"]["id"] == record for one in told):
            raise NotFound
        return self._row(held, record)

    def _alter(self, held: Application, **columns: str) -> Application:
        """The draft, locked and on its next version: it is not sent as it was checked before.

        Raises:
            NotFound: it is gone.
            Refused: it isn't a draft any more.
        """
        table = self._ground.tables.application
        draft = (table.c.id == held.id) & (table.c.status == "draft")
        table.update({table.c.version: table.c.version + 1}, **columns).where(draft).execute()
        fresh = find(self._ground, held.id)
        demand_draft(fresh)
        return fresh

    def _resize(self, held: Application, size: int) -> None:
        table = self._ground.tables.application
        changed = {table.c.file_bytes: table.c.file_bytes + size}
        table.update(changed).where(table.c.id == held.id).execute()

    def _row_of(
        self,
        held: Application,
        purpose: str,
        name: str,
        facts: Facts,
        received: Received,
        now: datetime,
    ) -> dict[str, Any]:
        details = {"name": name, "sha256": received.sha256}
        key = base64.b64encode(received.key).decode()
        return {
            "id": received.id,
            "application_id": held.id,
            "purpose": purpose,
            "type": facts.type,
            "size": received.size,
            "created_at": to_text(now),
            **self._ground.seal("file", received.id, details=details, key=key),
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


def _demand_sent(held: Application) -> None:
    if held.status == "draft":
        raise Refused(Problem("application.not_submitted"))
    if held.status == "withdrawn":
        raise Refused(Problem("application.withdrawn", params={"number": held.number or ""}))


def _told(file: StoredFile) -> dict[str, Any]:
    """What the history says of a file that came or went after sending."""
    known = {"id": file.id, "name": file.name, "size": file.size, "sha256": file.sha256}
    return {"paper": file.purpose, "file": known}


def _full(
    held: Application, there: list[StoredFile], file: StoredFile, limits: Limits
) -> Problem | None:
    if len(there) >= limits.max_files:
        return Problem("file.too_many", params={"most": limits.max_files})
    if held.file_bytes + file.size > limits.max_application_bytes:
        return Problem("file.quota", params={"max": megabytes(limits.max_application_bytes)})
    return None
