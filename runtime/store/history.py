"""The compare-and-set that every command on an application goes through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from runtime.store import events
from runtime.store.actor import Actor
from runtime.store.application import COLUMNS, Application, from_row
from runtime.store.errors import NotFound
from runtime.store.ground import Ground
from runtime.store.instants import to_text
from runtime.store.prepared import Parameter, Prepared

COMPARED = ("id", "version", "head", "status")
"""What must still be as it was when the application was loaded."""


def find(ground: Ground, record: str) -> Application:
    """The application with this id, whoever asks: who may see it is for the caller to say.

    Raises:
        NotFound: there is none.
    """
    row = ground.prepared("application", lambda: _with_live_release(ground)).one(id=record)
    if row is None:
        raise NotFound
    return from_row(ground.vault, row)


def _with_live_release(ground: Ground) -> Any:
    """An application, and the release that a new one would be on: one read tells both."""
    table, live = ground.tables.application, ground.tables.live
    same_place = (live.c.service == table.c.service) & (live.c.district == table.c.district)
    columns = [getattr(table.c, name) for name in COLUMNS]
    return (
        table.select(*columns, live.c.release_id.alias("live_release"))
        .left_outer_join(live, on=same_place)
        .where(table.c.id == Parameter("id"))
    )


def advance(
    ground: Ground,
    actor: Actor,
    held: Application,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
    **columns: Any,
) -> bool:
    """Whether the command came first: the application moved on, with the event that says so.

    Belongs inside a transaction. Compares status, version and head; the loser writes nothing.
    """
    event = events.following(held.id, held.head, held.events, actor, kind, dict(data), now)
    changed = {
        "updated_at": to_text(now),
        **columns,
        "version": held.version + 1,
        "head": event.hash,
        "events": event.seq,
    }
    seen = {f"seen_{name}": getattr(held, name) for name in COMPARED}
    if not _moving(ground, tuple(changed)).count(**changed, **seen):
        return False
    events.store(ground, event)
    return True


def _moving(ground: Ground, columns: tuple[str, ...]) -> Prepared:
    table = ground.tables.application

    def build() -> Any:
        seen = [getattr(table.c, name) == Parameter(f"seen_{name}") for name in COMPARED]
        places = {name: Parameter(name) for name in columns}
        return table.update(**places).where(reduce(and_, seen))

    return ground.prepared(("advance", columns), build)
