"""Sending an application in: one transaction, once, whatever happens in the middle of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions.canonical import digest
from definitions.problems import Problem
from runtime.store import access, cases
from runtime.store.actor import Actor
from runtime.store.application import Application
from runtime.store.cases import Move
from runtime.store.database import first
from runtime.store.errors import Conflict, NotFound, Refused
from runtime.store.ground import Ground
from runtime.store.history import advance, find
from runtime.store.ids import application_number, new_id, number_prefix
from runtime.store.instants import from_text, to_text
from runtime.store.prepared import Parameter

LISTED = 200


@dataclass(frozen=True, slots=True)
class Slice:
    """What one department gets: the item, the unit that handles it, and its view of the answers."""

    use: str
    item: str
    unit: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """A slice as it was sent, frozen. `digest` is the SHA-256 of its canonical JSON."""

    id: str
    application: str
    use: str
    item: str
    unit: str
    district: str
    data: Mapping[str, Any]
    digest: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sent application; `repeated` says that it had been sent before."""

    application: Application
    repeated: bool


class Submissions:
    """What was sent, by whom, to whom."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.submission

    def submit(
        self,
        actor: Actor,
        held: Application,
        slices: tuple[Slice, ...],
        signature: Mapping[str, Any],
        now: datetime,
        move: Move | None = None,
    ) -> Receipt:
        """The receipt; sending the same application again returns the first one, marked.

        `held` is the application that the person has checked: when an answer or the word of a
        party has changed since, nothing is sent. Number, status, event, frozen slices and what
        sending sets going (`move`) are written together or not at all.

        Raises:
            NotFound: it isn't the actor's.
            Conflict: it has changed since it was checked.
            Refused: it was withdrawn (`application.withdrawn`).
        """
        access.demand_over(actor, "application.write", held)
        with self._ground.deciding():
            sent = held.status == "draft" and self._send(actor, held, slices, signature, now, move)
            fresh = find(self._ground, held.id)
            if sent and move is not None:
                cases.write(self._ground, fresh, move, now)
        if sent:
            return Receipt(fresh, repeated=False)
        if fresh.status == "draft":
            raise Conflict(fresh)
        if fresh.status == "withdrawn":
            raise Refused(_withdrawn(fresh))
        return Receipt(fresh, repeated=True)

    def withdraw(self, actor: Actor, held: Application, reason: str, now: datetime) -> Application:
        """A sent application, withdrawn as a whole; withdrawing it twice changes nothing.

        Raises:
            NotFound: it isn't the actor's.
            Conflict: something has happened to it since it was loaded.
            Refused: it is still a draft (`application.not_submitted`).
        """
        access.demand_over(actor, "application.write", held)
        if held.status == "draft":
            raise Refused(Problem("application.not_submitted"))
        if held.status == "withdrawn":
            return held
        with self._ground.deciding():
            data = {"reason": reason}
            if not advance(self._ground, actor, held, "withdrawn", data, now, status="withdrawn"):
                raise Conflict(find(self._ground, held.id))
            return find(self._ground, held.id)

    def of(self, actor: Actor, held: Application) -> list[Submission]:
        """Every slice of an application, as its applicant may see it.

        Raises:
            NotFound: it isn't the actor's.
        """
        access.demand_over(actor, "submission.read", held)
        table = self._table
        query = table.select().where(table.c.application_id == held.id).order_by(table.c.id)
        return [self._read(row) for row in query.dicts()]

    def get(self, actor: Actor, record: str) -> Submission:
        """One slice, as an officer of its department and district may see it.

        Raises:
            NotFound: there is none, or it is another department's or district's.
        """
        row = first(self._table.select().where(self._table.c.id == record))
        if row is None:
            raise NotFound
        standings = access.over_submission(actor, row["unit"], row["district"])
        access.demand(actor, "submission.read", standings)
        return self._read(row)

    def arrived(self, actor: Actor) -> list[str]:
        """The ids of the slices that came to the actor's department, the latest first.

        Raises:
            NotFound: the actor is no officer of a department and district.
        """
        standings = access.over_submission(actor, actor.unit or "", actor.district)
        access.demand(actor, "submission.list", standings)
        table = self._table
        query = (
            table.select(table.c.id)
            .where(table.c.unit == actor.unit)
            .where(table.c.district.startswith(access.beginning_of(actor.district)))
            .order_by(table.c.submitted_at.desc())
            .limit(LISTED)
        )
        return [row["id"] for row in query.dicts()]

    def _send(
        self,
        actor: Actor,
        held: Application,
        slices: tuple[Slice, ...],
        signature: Mapping[str, Any],
        now: datetime,
        move: Move | None,
    ) -> bool:
        digests = {one.use: digest(one.data) for one in slices}
        units = {one.use: one.unit for one in slices}
        data = {"version": held.version, "slices": digests, "units": units}
        data["signature"] = dict(signature)
        if move is not None:
            data["events"] = cases.plain(move.events)
        sealed = self._ground.seal("application", held.id, signature=dict(signature))
        moved = advance(
            self._ground, actor, held, "submitted", data, now,
            status="submitted", submitted_at=to_text(now), expires_at=None, **sealed,
        )  # fmt: skip
        if moved:
            self._number(held, now)
            for one in slices:
                self._freeze(held, one, digests[one.use], now)
        return moved

    def _number(self, held: Application, now: datetime) -> None:
        """Give the next number of the city and day; a number that is not used is not skipped."""
        prefix = number_prefix(held.district, now)
        counted = self._ground.prepared("next number", self._next).all(prefix=prefix)
        number = application_number(prefix, counted[0]["value"])
        self._ground.prepared("number", self._numbered).count(number=number, id=held.id)

    def _next(self) -> Any:
        counter = self._ground.tables.counter
        return (
            counter.insert(name=Parameter("prefix"), value=1)
            .on_conflict(conflict_target=("name",), update={counter.c.value: counter.c.value + 1})
            .returning(counter.c.value)
        )

    def _numbered(self) -> Any:
        application = self._ground.tables.application
        same = application.c.id == Parameter("id")
        return application.update(number=Parameter("number")).where(same)

    def _freeze(self, held: Application, one: Slice, digest: str, now: datetime) -> None:
        record = new_id(now)
        row = {
            "id": record,
            "application_id": held.id,
            "use": one.use,
            "item": one.item,
            "unit": one.unit,
            "district": held.district,
            "digest": digest,
            "submitted_at": to_text(now),
            **self._ground.seal("submission", record, slice=dict(one.data)),
        }
        self._ground.insert("submission", row)

    def _read(self, row: Mapping[str, Any]) -> Submission:
        return Submission(
            id=row["id"],
            application=row["application_id"],
            use=row["use"],
            item=row["item"],
            unit=row["unit"],
            district=row["district"],
            data=self._ground.vault.open("submission", row["id"], "slice", row["slice"]),
            digest=row["digest"],
            submitted_at=from_text(row["submitted_at"]),
        )


def _withdrawn(held: Application) -> Problem:
    return Problem("application.withdrawn", params={"number": held.number or ""})
