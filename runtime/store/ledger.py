"""The ledger of what must go out: written with the decision, worked off until it is done.

Whoever works takes an entry for a while (a lease). A worker that dies loses its lease, and the
entry is taken again: it goes out at least once, with a key that stays the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Literal

from peewee import Expression

from runtime.engine.approvals import Delivery
from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.application import Application
from runtime.store.database import first
from runtime.store.errors import NotFound
from runtime.store.ground import Ground
from runtime.store.ids import new_id
from runtime.store.instants import from_text, maybe, to_text

Standing = Literal["ready", "done", "dead"]
LEASE = timedelta(minutes=2)
"""Longer than any call may take."""
SOUGHT = 10
"""So many entries are tried to be taken, while others take them too."""
REMEMBERED = timedelta(days=1)
"""Much longer than a message may be old."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery: how often it was tried, with what error last, and when it is next.

    `exchange` is what was `sent` and the `answer`; `handle` what to ask after, of one that takes
    its time; `lease` tells whose it is at the moment. `tries` are failures in a row.
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
    lease: str = ""


Sort = tuple[str, str]
"""The kind and the operation of a delivery."""


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
    """Whether the same was sent before: then that entry goes out again, as if for the first time.

    What is sent may be something else now: what was refused with this key has had no effect.
    """
    table = ground.tables.delivery
    same = (table.c.application_id == held.id) & (table.c.key == one.key)
    again = {**_READY, "due_at": to_text(now), "handle": "", "done_at": None, "exchange": None}
    return bool(table.update(**again).where(same).execute())


_READY: Mapping[str, Any] = {"standing": "ready", "tries": 0, "lease": "", "error": ""}


class Ledger:
    """The deliveries of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.delivery

    def due(self, actor: Actor, now: datetime) -> list[Sort]:
        """Of which kinds and operations something is due."""
        access.demand(actor, "delivery.work")
        table = self._table
        query = table.select(table.c.kind, table.c.operation).where(self._is_due(now)).distinct()
        return [(row["kind"], row["operation"]) for row in query.dicts()]

    def next_due(self, actor: Actor) -> datetime | None:
        """When the next entry is due; None where none is waiting."""
        access.demand(actor, "delivery.work")
        table = self._table
        query = table.select(table.c.due_at).where(table.c.standing == "ready")
        row = first(query.order_by(table.c.due_at).limit(1))
        return from_text(row["due_at"]) if row else None

    def lease(self, actor: Actor, sorts: Collection[Sort], now: datetime) -> Entry | None:
        """Take the oldest entry of these sorts that is due; nobody else gets it for a while."""
        access.demand(actor, "delivery.work")
        table = self._table
        wanted = [(table.c.kind == kind) & (table.c.operation == name) for kind, name in sorts]
        ready = self._is_due(now) & reduce(or_, wanted)
        query = table.select(table.c.id, table.c.lease).where(ready)
        for row in list(query.order_by(table.c.due_at, table.c.id).limit(SOUGHT).dicts()):
            lease, until = new_id(now), to_text(now + LEASE)
            same = (table.c.id == row["id"]) & (table.c.lease == row["lease"]) & ready
            if table.update(lease=lease, due_at=until).where(same).execute():
                return self.get(actor, row["id"])
        return None

    def _is_due(self, now: datetime) -> Expression:
        table = self._table
        return (table.c.standing == "ready") & (table.c.due_at <= to_text(now))

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
        said = {"standing": "done", "done_at": to_text(now), "error": ""}
        self._set(actor, entry, **said, **sealed)

    def keep(self, actor: Actor, entry: Entry, exchange: Mapping[str, Any]) -> None:
        """Keep what was said so far with an entry that isn't done yet."""
        self._set(actor, entry, **self._ground.seal("delivery", entry.id, exchange=dict(exchange)))

    def later(
        self, actor: Actor, entry: Entry, due_at: datetime, *, error: str = "", handle: str = ""
    ) -> None:
        """No answer yet: it is asked after, by its handle, at a moment; or, after an `error`,
        tried again.
        """
        self._set(
            actor, entry, tries=entry.tries + 1 if error else 0, error=error,
            due_at=to_text(due_at), handle=handle or entry.handle, lease="",
        )  # fmt: skip

    def rest(self, actor: Actor, entry: Entry, due_at: datetime) -> None:
        """Leave it alone until a moment: it was not tried."""
        self._set(actor, entry, due_at=to_text(due_at), lease="")

    def dead(self, actor: Actor, entry: Entry, error: str) -> None:
        """It can't be delivered: a person has to look."""
        self._set(actor, entry, standing="dead", tries=entry.tries + 1, error=error)

    def revive(self, actor: Actor, entry: Entry, now: datetime) -> None:
        """Send a dead one again, with the same key and the same content."""
        self._set(actor, entry, **{**_READY, "error": entry.error}, due_at=to_text(now))

    def hasten(self, actor: Actor, entry: Entry, now: datetime) -> None:
        """Ask after it now: the other side has something to say."""
        if entry.standing == "ready" and not entry.lease:
            self._set(actor, entry, due_at=to_text(now))

    def is_new(self, actor: Actor, connector: str, message: str, now: datetime) -> bool:
        """Whether a message that a connector was sent comes for the first time."""
        access.demand(actor, "delivery.work")
        row = {"connector": connector, "message": message, "at": to_text(now)}
        table = self._ground.tables.callback
        return bool(table.insert(**row).on_conflict_ignore().as_rowcount().execute())

    def sweep(self, actor: Actor, now: datetime) -> int:
        """Forget messages that are too old to be believed again; how many there were."""
        access.demand(actor, "delivery.work")
        table = self._ground.tables.callback
        count: int = table.delete().where(table.c.at < to_text(now - REMEMBERED)).execute()
        return count

    def stuck(self, actor: Actor) -> list[Entry]:
        """What can't be delivered, and what has failed and is tried again; the oldest first."""
        access.demand(actor, "delivery.work")
        table = self._table
        wrong = (table.c.standing == "dead") | (
            (table.c.standing == "ready") & (table.c.error != "")
        )
        return [self._read(row) for row in table.select().where(wrong).order_by(table.c.id).dicts()]

    def by_handle(self, actor: Actor, handle: str) -> list[Entry]:
        """What is asked after by this handle."""
        access.demand(actor, "delivery.work")
        query = self._table.select().where(self._table.c.handle == handle)
        return [self._read(row) for row in query.order_by(self._table.c.id).dicts()]

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
        """Change it, unless somebody else has it by now: whose lease ran out says nothing."""
        access.demand(actor, "delivery.work")
        mine = (self._table.c.id == entry.id) & (self._table.c.lease == entry.lease)
        self._table.update(**columns).where(mine).execute()

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
            done_at=maybe(row["done_at"]),
            lease=row["lease"],
        )

    def _open(self, row: Mapping[str, Any], column: str) -> Any:
        return self._ground.vault.open("delivery", row["id"], column, row[column])
