"""The inbox of the site: what people are told about applications that concern them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Expression

from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.application import Application
from runtime.store.ground import Ground
from runtime.store.ids import new_id
from runtime.store.instants import from_text, to_text
from runtime.store.owned import own_of

SHOWN = 100
APPLICANT = "applicant"


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `kind` is the kind of event that it is about."""

    id: str
    application: str
    kind: str
    data: Mapping[str, Any]
    at: datetime
    read_at: datetime | None


class Messages:
    """The inboxes of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.message

    def add(
        self,
        actor: Actor,
        held: Application,
        who: str,
        kind: str,
        data: Mapping[str, Any],
        now: datetime,
        record: str = "",
    ) -> None:
        """A message to a person, an office (`<unit>/<role>`) or the applicant of an application.

        With the same `record` for its id it is there once, however often it is added.
        """
        access.demand(actor, "message.add")
        record = record or new_id(now)
        row = {
            "id": record,
            "application_id": held.id,
            "who": who,
            "kind": kind,
            "at": to_text(now),
            **self._ground.seal("message", record, data=dict(data)),
        }
        self._table.insert(**row).on_conflict_ignore().execute()

    def of(self, actor: Actor, names: Collection[str]) -> list[Message]:
        """What the actor was told under any of these names, or as an applicant; latest first.

        Raises:
            NotFound: the actor is nobody who has signed in.
        """
        access.demand(actor, "message.list")
        table = self._table
        query = table.select().where(self._mine(actor, names)).order_by(table.c.at.desc())
        return [self._read(row) for row in query.limit(SHOWN).dicts()]

    def unread(self, actor: Actor, names: Collection[str]) -> int:
        """How many of them are unread.

        Raises:
            NotFound: the actor is nobody who has signed in.
        """
        access.demand(actor, "message.list")
        unread = self._mine(actor, names) & self._table.c.read_at.is_null()
        return int(self._table.select(self._table.c.id).where(unread).count())

    def read(self, actor: Actor, names: Collection[str], now: datetime) -> None:
        """Mark all of them as read.

        Raises:
            NotFound: the actor is nobody who has signed in.
        """
        access.demand(actor, "message.list")
        unread = self._mine(actor, names) & self._table.c.read_at.is_null()
        self._table.update(read_at=to_text(now)).where(unread).execute()

    def _mine(self, actor: Actor, names: Collection[str]) -> Expression:
        table, application = self._table, self._ground.tables.application
        own = application.select(application.c.id).where(own_of(self._ground, actor))
        named = table.c.who.in_([*names, actor.person])
        return named | ((table.c.who == APPLICANT) & table.c.application_id.in_(own))

    def _read(self, row: Mapping[str, Any]) -> Message:
        return Message(
            id=row["id"],
            application=row["application_id"],
            kind=row["kind"],
            data=self._ground.vault.open("message", row["id"], "data", row["data"]),
            at=from_text(row["at"]),
            read_at=from_text(row["read_at"]) if row["read_at"] else None,
        )
