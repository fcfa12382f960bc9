"""The ledger of what must go out: written with the decision, worked off until it is done.

Whoever works takes an entry for a while (a lease). A worker that dies loses its lease, and the
entry is taken again: it goes out at least once, with a key that stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from runtime.engine.approvals import Delivery
from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.application import Application
from runtime.store.database import first
from runtime.store.errors import NotFound
from runtime.store.ground import Ground
from runtime.store.ids import new_id
from runtime.store.instants import from_text, to_text

Standing = Literal["ready", "done", "dead"]
LEASE = timedelta(minutes=2)
"""Longer than any call may take."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery: how often it was tried, with what error last, and when it is next.

    `exchange` is what was `sent` and the `answer`; `handle` what to ask after, of one that takes
    its time.
    """

    id: str
    application: str
    key: str
    kind: str
    operation: str
    step: str
    run: int
    district: str
    data: Mapping[str, Any]
    exchange: Mapping[str, Any]
    handle: str
    standing: Standing
    tries: int
    due_at: datetime
    error: str
    created_at: datetime
    done_at: datetime | None


def add(ground: Ground, held: Application, deliveries: Iterable[Delivery], now: datetime) -> None:
    """Write deliveries, inside the transaction of the decision that they belong to."""
    for one in deliveries:
        if not _call_again(ground, held, one, now):
            _add(ground, held, one, now)


def _add(ground: Ground, held: Application, one: Delivery, now: datetime) -> None:
    record = new_id(now)
    row = {
        "id": record,
        "application_id": held.id,
        "key": one.key,
        "kind": one.kind,
        "operation": one.operation,
        "step": one.step,
        "run": one.run,
        "district": held.district,
        "handle": "",
        "standing": "ready",
        "tries": 0,
        "due_at": to_text(now),
        "lease": "",
        "error": "",
        "created_at": to_text(now),
        **ground.seal("delivery", record, payload=dict(one.data)),
    }
    ground.insert("delivery", row)


def _call_again(ground: Ground, held: Application, one: Delivery, now: datetime) -> bool:
    """Whether the same was sent before: then that entry goes out again."""
    table = ground.tables.delivery
    same = (table.c.application_id == held.id) & (table.c.key == one.key)
    again = {"standing": "ready", "due_at": to_text(now), "tries": 0, "lease": "", "done_at": None}
    return bool(table.update(**again).where(same).execute())


class Ledger:
    """The deliveries of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.delivery

    def lease(self, actor: Actor, now: datetime, most: int = 20) -> list[Entry]:
        """Take entries that are due, the oldest first; nobody else gets them for a while."""
        access.demand(actor, "delivery.work")
        table, taken = self._table, []
        ready = (table.c.standing == "ready") & (table.c.due_at <= to_text(now))
        query = table.select(table.c.id, table.c.lease).where(ready)
        for row in list(query.order_by(table.c.due_at, table.c.id).limit(most).dicts()):
            lease = new_id(now)
            same = (table.c.id == row["id"]) & (table.c.lease == row["lease"]) & ready
            until = to_text(now + LEASE)
            if table.update(lease=lease, due_at=until).where(same).execute():
                taken.append(row["id"])
        return [self.get(actor, record) for record in taken]

    def get(self, actor: Actor, record: str) -> Entry:
        """One entry.

        Raises:
            NotFound: there is none.
        """
        access.demand(actor, "delivery.work")
        row = first(self._table.select().where(self._table.c.id == record))
        if row is None:
            raise NotFound
        return self._read(row)

    def done(self, actor: Actor, entry: Entry, exchange: Mapping[str, Any], now: datetime) -> None:
        """It has gone out and was answered: what was said is kept with it."""
        sealed = self._ground.seal("delivery", entry.id, exchange=dict(exchange))
        self._set(actor, entry, standing="done", done_at=to_text(now), error="", **sealed)

    def keep(self, actor: Actor, entry: Entry, exchange: Mapping[str, Any]) -> None:
        """Keep what was said so far with an entry that isn't done yet."""
        self._set(actor, entry, **self._ground.seal("delivery", entry.id, exchange=dict(exchange)))

    def later(
        self, actor: Actor, entry: Entry, error: str, due_at: datetime, handle: str = ""
    ) -> None:
        """No answer yet: it is tried, or asked after by its handle, again at a moment."""
        self._set(
            actor, entry, tries=entry.tries + (not handle), error=error,
            due_at=to_text(due_at), handle=handle or entry.handle, lease="",
        )  # fmt: skip

    def dead(self, actor: Actor, entry: Entry, error: str) -> None:
        """It can't be delivered: a person has to look."""
        self._set(actor, entry, standing="dead", tries=entry.tries + 1, error=error)

    def revive(self, actor: Actor, entry: Entry, now: datetime) -> None:
        """Send a dead one again, with the same key."""
        self._set(actor, entry, standing="ready", tries=0, due_at=to_text(now), lease="")

    def of(self, actor: Actor, application: str) -> list[Entry]:
        """Every delivery of an application, the oldest first."""
        access.demand(actor, "delivery.work")
        table = self._table
        query = table.select().where(table.c.application_id == application)
        return [self._read(row) for row in query.order_by(table.c.id).dicts()]

    def by_key(self, actor: Actor, application: str, key: str) -> Entry | None:
        """The delivery of an application with this key; None if there is none."""
        access.demand(actor, "delivery.work")
        table = self._table
        same = (table.c.application_id == application) & (table.c.key == key)
        row = first(table.select().where(same))
        return self._read(row) if row else None

    def _set(self, actor: Actor, entry: Entry, **columns: Any) -> None:
        access.demand(actor, "delivery.work")
        self._table.update(**columns).where(self._table.c.id == entry.id).execute()

    def _read(self, row: Mapping[str, Any]) -> Entry:
        return Entry(
            id=row["id"],
            application=row["application_id"],
            key=row["key"],
            kind=row["kind"],
            operation=row["operation"],
            step=row["step"],
            run=row["run"],
            district=row["district"],
            data=self._open(row, "payload"),
            exchange=self._open(row, "exchange") if row["exchange"] else {},
            handle=row["handle"],
            standing=row["standing"],
            tries=row["tries"],
            due_at=from_text(row["due_at"]),
            error=row["error"],
            created_at=from_text(row["created_at"]),
            done_at=from_text(row["done_at"]) if row["done_at"] else None,
        )

    def _open(self, row: Mapping[str, Any], column: str) -> Any:
        return self._ground.vault.open("delivery", row["id"], column, row[column])
