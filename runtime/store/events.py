"""The history of an application: append only, each event sealed to the one before.

The hash of an event is the SHA-256 of the hash before it and of the event's canonical JSON (RFC
8785). Each event holds a random salt, so that the hash tells nothing about a short secret. The
head is kept on the application as well: cutting off the end is found out too.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions.canonical import canonical, digest
from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.application import Application
from runtime.store.database import first
from runtime.store.errors import Unreadable
from runtime.store.ground import Ground
from runtime.store.ids import new_id
from runtime.store.instants import from_text, to_text
from runtime.store.owned import own_of

GENESIS = "0" * 64
"""What the first event of an application follows."""

ATTEMPTS = 20
"""How often a history that grows while it is read is read again."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: what, when, who, and the data that belongs to it."""

    id: str
    application: str
    seq: int
    kind: str
    at: datetime
    actor: Mapping[str, Any]
    data: Mapping[str, Any]
    salt: str
    previous: str

    @property
    def hash(self) -> str:
        """The hash that the next event follows."""
        record = {
            "application": self.application,
            "seq": self.seq,
            "kind": self.kind,
            "at": to_text(self.at),
            "actor": self.actor,
            "data": self.data,
            "salt": self.salt,
        }
        return hashlib.sha256(bytes.fromhex(self.previous) + canonical(record)).hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """A chain that doesn't hold, and the number of the event where it breaks."""

    application: str
    seq: int
    reason: str


def following(
    application: str, head: str, events: int, actor: Actor, kind: str, data: Any, now: datetime
) -> Event:
    """The event that comes after `head`, not stored yet."""
    return Event(
        id=new_id(now),
        application=application,
        seq=events + 1,
        kind=kind,
        at=now,
        actor={"kind": actor.kind, "person": actor.person, "name": actor.name},
        data=data,
        salt=secrets.token_hex(16),
        previous=head,
    )


def store(ground: Ground, event: Event) -> None:
    """Write an event, inside the transaction that moves the application's head to it."""
    body = {"actor": event.actor, "data": event.data, "salt": event.salt}
    row = {
        "id": event.id,
        "application_id": event.application,
        "seq": event.seq,
        "kind": event.kind,
        "at": to_text(event.at),
        "previous": event.previous,
        "hash": event.hash,
    }
    ground.insert("event", row | ground.seal("event", event.id, body=body))


def told(ground: Ground, application: str, *kinds: str) -> list[Event]:
    """The events of these kinds of an application, the oldest first, whoever asks.

    Raises:
        Unreadable: an event was changed or moved.
    """
    table = ground.tables.event
    same = (table.c.application_id == application) & table.c.kind.in_(kinds)
    return [_read(ground, row) for row in table.select().where(same).order_by(table.c.seq).dicts()]


class Events:
    """Reads and verifies histories."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.event

    def of(self, actor: Actor, application: Application) -> list[Event]:
        """Everything that happened to an application, the oldest first.

        Raises:
            NotFound: it isn't the actor's.
            Unreadable: an event was changed or moved.
        """
        access.demand_over(actor, "event.read", application)
        return [_read(self._ground, row) for row in self._rows(application.id)]

    def of_own(
        self, actor: Actor, applications: Collection[str], *kinds: str
    ) -> dict[str, list[Event]]:
        """Events of these kinds by application, the oldest first; one query however many.

        Of the applications only those are there that are the actor's own.

        Raises:
            NotFound: the actor is no applicant.
        """
        access.demand(actor, "event.list")
        table, application = self._table, self._ground.tables.application
        own = application.select(application.c.id).where(
            application.c.id.in_(list(applications)) & own_of(self._ground, actor)
        )
        query = (
            table.select()
            .where(table.c.application_id.in_(own) & table.c.kind.in_(kinds))
            .order_by(table.c.application_id, table.c.seq)
        )
        found: dict[str, list[Event]] = {}
        for row in query.dicts():
            found.setdefault(row["application_id"], []).append(_read(self._ground, row))
        return found

    def verify_chain(self, actor: Actor, application: Application) -> Broken | None:
        """Where the history of an application breaks, or None when it holds.

        Raises:
            NotFound: it isn't the actor's.
        """
        access.demand_over(actor, "event.verify", application)
        return self._verify(application.id)

    def sweep(self, actor: Actor) -> Iterator[Broken]:
        """Every history that doesn't hold, found one application at a time."""
        access.demand(actor, "event.sweep")
        table = self._ground.tables.application
        for row in list(table.select(table.c.id).order_by(table.c.id).dicts()):
            broken = self._verify(row["id"])
            if broken:
                yield broken

    def _rows(self, application: str) -> Any:
        table = self._table
        return table.select().where(table.c.application_id == application).order_by(table.c.seq)

    def _verify(self, application: str) -> Broken | None:
        """Where it breaks; looked at again when something happened while it was read."""
        for _ in range(ATTEMPTS):
            kept = self._head(application)
            broken = self._walk(application, kept)
            if broken is None or self._head(application) == kept:
                break
        return broken

    def _walk(self, application: str, kept: tuple[str, int] | None) -> Broken | None:
        head, count = GENESIS, 0
        for row in self._rows(application).dicts():
            count += 1
            reason = self._fault(row, head, count)
            if reason:
                return Broken(application, count, reason)
            head = row["hash"]
        if kept and kept != (head, count):
            return Broken(application, count, "the end is not the head")
        return self._sent(application)

    def _sent(self, application: str) -> Broken | None:
        """Whether what departments have is what the history says: as sent, then as supplied."""
        history = told(self._ground, application, "submitted", "approval")
        sent = next((event for event in history if event.kind == "submitted"), None)
        if sent is None:
            return None
        said = dict(sent.data["slices"])
        for event in history:
            if event.kind == "approval":
                changed = event.data.get("slices", {})
                said |= {use: one["to"] for use, one in changed.items()}
        slices = self._slices(application)
        units = {use: unit for use, (unit, _) in slices.items()}
        same = said == {use: one for use, (_, one) in slices.items()}
        if same and sent.data.get("units", units) == units:
            return None
        return Broken(application, sent.seq, "a slice is not what was sent")

    def _slices(self, application: str) -> dict[str, tuple[str, str]]:
        """By item the department that gets a slice, and its digest, worked out anew."""
        table = self._ground.tables.submission
        rows = table.select().where(table.c.application_id == application).dicts()
        return {row["use"]: (row["unit"], self._digest(row)) for row in rows}

    def _digest(self, row: Mapping[str, Any]) -> str:
        try:
            return digest(self._ground.vault.open("submission", row["id"], "slice", row["slice"]))
        except Unreadable:
            return ""

    def _head(self, application: str) -> tuple[str, int] | None:
        """The last hash and the number of events; None when the application is gone."""
        table = self._ground.tables.application
        row = first(table.select(table.c.head, table.c.events).where(table.c.id == application))
        return (row["head"], row["events"]) if row else None

    def _fault(self, row: Mapping[str, Any], head: str, seq: int) -> str:
        if row["seq"] != seq or row["previous"] != head:
            return "an event is missing or out of place"
        try:
            event = _read(self._ground, row)
        except Unreadable:
            return "an event can't be opened"
        return "" if event.hash == row["hash"] else "an event was changed"


def _read(ground: Ground, row: Mapping[str, Any]) -> Event:
    body = ground.vault.open("event", row["id"], "body", row["body"])
    return Event(
        id=row["id"],
        application=row["application_id"],
        seq=row["seq"],
        kind=row["kind"],
        at=from_text(row["at"]),
        previous=row["previous"],
        **body,
    )
