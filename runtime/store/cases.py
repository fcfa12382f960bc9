"""Sent applications at work: their history, what is to be done in them, and by whom.

Each command is one transaction: the application moves on, with one event that holds all that the
command brought about; the open tasks are written anew; what has to go out is in the ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runtime.engine.approvals import Delivery, Event, State, fold
from runtime.store import access, events, ledger
from runtime.store.actor import Actor
from runtime.store.application import Application
from runtime.store.database import first
from runtime.store.errors import Conflict, NotFound
from runtime.store.ground import Ground
from runtime.store.history import advance, find
from runtime.store.ids import new_id
from runtime.store.instants import to_text
from runtime.store.items import uses_of
from runtime.store.owned import signs_as
from runtime.store.supplied import Supplied, supply

SUBMITTED, MOVED = "submitted", "approval"
"""The kinds of event that hold what happened in approvals."""


@dataclass(frozen=True, slots=True)
class Task:
    """One way in which an open step waits for somebody: `who` is a person, or `<unit>/<role>`."""

    step: str
    run: int
    use: str
    kind: str
    who: str
    joint: str = ""
    opened_at: datetime | None = None
    due: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """What a command comes to: all of it is stored, or nothing.

    `tasks` are all that are open afterwards; `deeds` tell who has done or is shown what: person,
    step, run, and `done` or `copied`. `withdrawn` says that every item was taken back.
    """

    command: str
    events: Sequence[Event]
    tasks: Collection[Task]
    deliveries: Sequence[Delivery] = ()
    deeds: Collection[tuple[str, str, int, str]] = ()
    closed: bool = False
    withdrawn: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict)
    supplied: Supplied | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A sent application with where it stands, as its history says."""

    application: Application
    state: State
    history: tuple[events.Event, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """An application as lists name it: by whoever applies, in words of its release."""

    release: str
    version: int
    owner: str
    enterprise: str


class Cases:
    """The sent applications of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def open(self, actor: Actor, record: str) -> Stored:
        """A sent application, for whoever has to do with it.

        Raises:
            NotFound: there is none that the actor may know of.
            Unreadable: its history was changed or moved.
        """
        found = find(self._ground, record)
        access.demand(actor, "case.read", self._standings(actor, found))
        history = tuple(events.told(self._ground, record, SUBMITTED, MOVED))
        happened = _happened(history)
        if not happened:
            raise NotFound
        return Stored(found, fold(happened), history)

    def uses(self, actor: Actor, record: str) -> frozenset[str]:
        """The items of a sent application that an officer has to do with; none for others."""
        return uses_of(self._ground, actor, record)

    def heads(self, actor: Actor, records: Collection[str]) -> dict[str, Head]:
        """What lists say of applications, by id; those of the actor's own work list are asked for.

        Raises:
            NotFound: the actor is no officer.
        """
        access.demand(actor, "task.list")
        table = self._ground.tables.application
        names = ("id", "release_id", "version", "owner_id", "enterprise")
        query = table.select(*(getattr(table.c, name) for name in names))
        rows = query.where(table.c.id.in_(list(records))).dicts() if records else ()
        return {row["id"]: self._head(row) for row in rows}

    def _head(self, row: Mapping[str, Any]) -> Head:
        sealed = row["enterprise"]
        vault = self._ground.vault
        code = vault.open("application", row["id"], "enterprise", sealed) if sealed else ""
        return Head(row["release_id"], row["version"], row["owner_id"], code)

    def move(self, actor: Actor, held: Application, move: Move, now: datetime) -> Application:
        """The application after a command.

        Raises:
            NotFound: the actor has nothing to do with it.
            Conflict: something else has happened to it since it was loaded.
        """
        access.demand(actor, "case.act", self._standings(actor, held))
        columns = dict(move.columns)
        if move.closed:
            columns["status"] = "withdrawn" if move.withdrawn else "closed"
        with self._ground.deciding():
            data = {"command": move.command, "events": plain(move.events)}
            if move.supplied is not None:
                access.demand_over(actor, "application.write", held)
                told, changed = supply(self._ground, held, move.supplied)
                data |= told
                columns |= changed
            if not advance(self._ground, actor, held, MOVED, data, now, **columns):
                raise Conflict(find(self._ground, held.id))
            fresh = find(self._ground, held.id)
            write(self._ground, fresh, move, now)
        return fresh

    def running(self, actor: Actor) -> dict[str, int]:
        """All that are sent and not closed, the oldest first: by id the version they are at."""
        access.demand(actor, "case.sweep")
        table = self._ground.tables.application
        query = table.select(table.c.id, table.c.version).where(table.c.status == "submitted")
        return {row["id"]: row["version"] for row in query.order_by(table.c.id).dicts()}

    def _standings(self, actor: Actor, held: Application) -> tuple[str, ...]:
        own = access.over_application(actor, held.owner, held.enterprise)
        return (*own, *self._as_staff(actor, held), *self._as_party(actor, held))

    def _as_staff(self, actor: Actor, held: Application) -> tuple[str, ...]:
        """Whether it came to one of the actor's units, or waits for or was shown to them."""
        if actor.kind != "officer":
            return ()
        units = {unit for unit, _ in actor.positions}
        waits = self._waits_for(held.id)
        offices = {who.partition("/")[0] for who in waits if "/" in who}
        if units & (offices | self._units(held.id)):
            return ("officer",)
        return ("officer",) if actor.person in waits | self._has_acted(held.id) else ()

    def _as_party(self, actor: Actor, held: Application) -> tuple[str, ...]:
        """Whether the actor was invited to it, and came; or signs a step of it, or has signed."""
        if actor.kind != "applicant" or not actor.person:
            return ()
        table = self._ground.tables.party
        same = (table.c.application_id == held.id) & (table.c.person_id == actor.person)
        if first(table.select(table.c.id).where(same)):
            return ("party",)
        known = self._waits_for(held.id) | self._has_acted(held.id)
        return () if known.isdisjoint(signs_as(self._ground, actor)) else ("party",)

    def _units(self, record: str) -> set[str]:
        table = self._ground.tables.submission
        query = table.select(table.c.unit).where(table.c.application_id == record)
        return {row["unit"] for row in query.dicts()}

    def _waits_for(self, record: str) -> set[str]:
        table = self._ground.tables.task
        query = table.select(table.c.who).where(table.c.application_id == record)
        return {row["who"] for row in query.dicts()}

    def _has_acted(self, record: str) -> set[str]:
        table = self._ground.tables.deed
        query = table.select(table.c.person_id).where(table.c.application_id == record)
        return {row["person_id"] for row in query.dicts()}


def write(ground: Ground, held: Application, move: Move, now: datetime) -> None:
    """Write the tasks, deeds and deliveries of a move, inside the transaction that made it."""
    table = ground.tables.task
    table.delete().where(table.c.application_id == held.id).execute()
    for one in move.tasks:
        ground.insert("task", _task_row(held, one, now))
    for person, step, run, kind in move.deeds:
        row = {"application_id": held.id, "step": step, "run": run, "person_id": person}
        deed = ground.tables.deed
        deed.insert(**row, kind=kind, at=to_text(now)).on_conflict_ignore().execute()
    ledger.add(ground, held, move.deliveries, now)


def plain(happened: Iterable[Event]) -> list[dict[str, Any]]:
    """Events as JSON; their moment is that of the event that holds them."""
    return [{"kind": one.kind, "data": dict(one.data)} for one in happened]


def _happened(history: Iterable[events.Event]) -> list[Event]:
    return [
        Event(one["kind"], one["data"], told.at)
        for told in history
        for one in told.data.get("events", ())
    ]


def _task_row(held: Application, one: Task, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "application_id": held.id,
        "step": one.step,
        "run": one.run,
        "use": one.use,
        "kind": one.kind,
        "service": held.service,
        "district": held.district,
        "number": held.number or "",
        "who": one.who,
        "joint": one.joint,
        "opened_at": to_text(one.opened_at or now),
        "due": one.due,
    }
