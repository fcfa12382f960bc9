"""What staff have to do with an application: not with all of it, but with items of it."""

from __future__ import annotations

from typing import Any

from runtime.store.actor import Actor
from runtime.store.ground import Ground


def uses_of(ground: Ground, actor: Actor, record: str) -> frozenset[str]:
    """The uses of an application that came to a unit of the actor's, or that they have a part in.

    A part in it: something waits for them or for an office that they hold, or they have done
    something in it, or it was shown to them.
    """
    if actor.kind != "officer" or not actor.person:
        return frozenset()
    tables, units = ground.tables, {unit for unit, _ in actor.positions}
    sent = {
        row["use"]
        for row in _rows(tables.submission, record, "use", "unit")
        if row["unit"] in units
    }
    waits = {
        row["use"]
        for row in _rows(tables.task, record, "use", "who")
        if row["who"] == actor.person or row["who"].partition("/")[0] in units
    }
    done = {
        row["step"].partition(".")[0]
        for row in _rows(tables.deed, record, "step", "person_id")
        if row["person_id"] == actor.person
    }
    return frozenset(sent | waits | done)


def _rows(table: Any, record: str, *columns: str) -> list[dict[str, Any]]:
    query = table.select(*(getattr(table.c, name) for name in columns))
    return list(query.where(table.c.application_id == record).dicts())
