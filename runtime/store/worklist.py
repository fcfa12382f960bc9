"""The work list: what waits for somebody, what they have done, what was shown to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any, Literal

from peewee import Expression, fn

from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.ground import Ground
from runtime.store.instants import from_text
from runtime.store.owned import signs_as

PAGE = 50
View = Literal["group", "mine", "late", "done", "copied"]
Order = Literal["due", "opened"]


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show of a list; `after` is where the page before ended. Empty means everything."""

    service: str = ""
    number: str = ""
    order: Order = "due"
    after: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a step of an application; `due` is None where it has no span.

    `who` is for whom it waits: a person, or `<unit>/<role>`; empty for what is done.
    """

    application: str
    number: str
    service: str
    district: str
    step: str
    run: int
    use: str
    kind: str
    joint: str
    opened_at: datetime
    due: date | None
    place: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `more` is where the next begins, empty at the end."""

    entries: tuple[Entry, ...]
    more: str = ""


class WorkList:
    """The lists of everybody who works."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.task

    def page(self, actor: Actor, view: View, chosen: Filter, today: date) -> Page:
        """A page of one of the actor's lists. Its cost doesn't grow with the list.

        Raises:
            NotFound: the actor is no officer.
        """
        access.demand(actor, "task.list")
        if view in ("done", "copied"):
            return self._deeds(actor, view, chosen)
        column = "due" if chosen.order == "due" else "opened_at"
        late = today if view == "late" else None
        found = [self._of(who, column, late, chosen) for who in _whose(actor, view)]
        rows = list(islice(merge(*found, key=lambda row: (row[column], row["id"])), PAGE + 1))
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        more = f"{last[column]}|{last['id']}" if last else ""
        return Page(tuple(_entry(row) for row in rows[:PAGE]), more)

    def counts(self, actor: Actor, today: date) -> Mapping[str, int]:
        """How many wait: for the group, for the actor alone, and how many of them are late.

        Raises:
            NotFound: the actor is no officer.
        """
        access.demand(actor, "task.list")
        table = self._table
        late = (table.c.due != "") & (table.c.due < today.isoformat())
        return {
            "group": self._count(table.c.who.in_(_whose(actor, "group"))),
            "mine": self._count(table.c.who.in_(_whose(actor, "mine"))),
            "late": self._count(table.c.who.in_(_whose(actor, "late")) & late),
        }

    def waiting(self, actor: Actor, who: Collection[str], application: str) -> list[Entry]:
        """What waits in one application for any of these names.

        Raises:
            NotFound: the actor is nobody who has signed in.
        """
        access.demand(actor, "task.wait")
        table = self._table
        mine = (table.c.application_id == application) & table.c.who.in_(list(who))
        return [_entry(row) for row in table.select().where(mine).order_by(table.c.id).dicts()]

    def asked(self, actor: Actor) -> list[Entry]:
        """The steps that wait for the actor's own signature, the oldest first.

        Raises:
            NotFound: the actor is nobody who has signed in.
        """
        access.demand(actor, "task.wait")
        table, names = self._table, signs_as(self._ground, actor)
        mine = table.c.who.in_([*names]) & (table.c.kind == "sign")
        return [_entry(row) for row in table.select().where(mine).order_by(table.c.id).dicts()]

    def _of(self, who: str, column: str, late: date | None, chosen: Filter) -> list[Any]:
        """The first of what waits for one name, read along an index."""
        table = self._table
        order = getattr(table.c, column)
        query = table.select().where(table.c.who == who)
        if late is not None:
            query = query.where((table.c.due != "") & (table.c.due < late.isoformat()))
        if chosen.after:
            value, _, id = chosen.after.partition("|")
            query = query.where((order > value) | ((order == value) & (table.c.id > id)))
        query = query.where(*self._matching(table, chosen))
        return list(query.order_by(order, table.c.id).limit(PAGE + 1).dicts())

    def _count(self, which: Expression) -> int:
        query = self._table.select(fn.COUNT(self._table.c.id).alias("many")).where(which)
        found: int = next(iter(query.dicts()))["many"]
        return found

    def _matching(self, table: Any, chosen: Filter) -> list[Expression]:
        found: list[Expression] = [table.c.id != ""]
        if chosen.service:
            found.append(table.c.service == chosen.service)
        if chosen.number:
            found.append(table.c.number.startswith(chosen.number))
        return found

    def _deeds(self, actor: Actor, kind: str, chosen: Filter) -> Page:
        deed, application = self._ground.tables.deed, self._ground.tables.application
        query = (
            deed.select(
                deed.c.step, deed.c.run, deed.c.at, application.c.id, application.c.number,
                application.c.service, application.c.district,
            )
            .join(application, on=(deed.c.application_id == application.c.id))
            .where((deed.c.person_id == actor.person) & (deed.c.kind == kind))
        )  # fmt: skip
        query = query.where(*self._matching(application, chosen))
        if chosen.after:
            query = query.where(deed.c.at < chosen.after)
        rows = list(query.order_by(deed.c.at.desc()).limit(PAGE + 1).dicts())
        more = rows[PAGE - 1]["at"] if len(rows) > PAGE else ""
        return Page(tuple(_deed(row) for row in rows[:PAGE]), more)


def _whose(actor: Actor, view: View) -> list[str]:
    """The names under which something waits for somebody: their offices, themselves."""
    offices = [f"{unit}/{role}" for unit, role in actor.positions]
    if view == "group":
        return offices
    return [actor.person] if view == "mine" else [*offices, actor.person]


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        application=row["application_id"],
        number=row["number"],
        service=row["service"],
        district=row["district"],
        step=row["step"],
        run=row["run"],
        use=row["use"],
        kind=row["kind"],
        joint=row["joint"],
        opened_at=from_text(row["opened_at"]),
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        place=row["id"],
        who=row["who"],
    )


def _deed(row: Mapping[str, Any]) -> Entry:
    return Entry(
        application=row["id"],
        number=row["number"] or "",
        service=row["service"],
        district=row["district"],
        step=row["step"],
        run=row["run"],
        use=row["step"].partition(".")[0],
        kind="",
        joint="",
        opened_at=from_text(row["at"]),
        due=None,
        place=row["at"],
    )
