"""Who works where: the positions that people hold in units, as whoever keeps them says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.ground import Ground
from runtime.store.instants import to_text

Position = tuple[str, str]
"""A unit and a role in it."""


class Staff:
    """The positions of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.position

    def appoint(
        self, actor: Actor, person: str, positions: Iterable[Position], source: str, now: datetime
    ) -> None:
        """Let a person hold exactly these positions, of those that this source keeps."""
        access.demand(actor, "position.appoint")
        wanted, table = set(positions), self._table
        of_source = (table.c.person_id == person) & (table.c.source == source)
        query = table.select(table.c.unit, table.c.role).where(of_source)
        held = {(row["unit"], row["role"]) for row in query.dicts()}
        if held == wanted:
            return
        with self._ground.deciding():
            for unit, role in held - wanted:
                gone = (table.c.unit == unit) & (table.c.role == role)
                table.delete().where(of_source & gone).execute()
            for unit, role in sorted(wanted - held):
                row = {"person_id": person, "unit": unit, "role": role, "source": source}
                table.insert(**row, since=to_text(now)).on_conflict_ignore().execute()

    def positions(self, actor: Actor, person: str) -> tuple[Position, ...]:
        """The positions that a person holds, in the order of their names.

        Raises:
            NotFound: it is somebody else.
        """
        access.demand(actor, "position.read", access.over_person(actor, person))
        table = self._table
        query = table.select(table.c.unit, table.c.role).where(table.c.person_id == person)
        rows = query.order_by(table.c.unit, table.c.role).dicts()
        return tuple((row["unit"], row["role"]) for row in rows)

    def holders(self, actor: Actor, unit: str, role: str) -> Sequence[str]:
        """Who holds a role in a unit, by their ids."""
        access.demand(actor, "position.list")
        table = self._table
        same = (table.c.unit == unit) & (table.c.role == role)
        query = table.select(table.c.person_id).where(same).order_by(table.c.person_id)
        return [row["person_id"] for row in query.dicts()]

    def of_unit(self, actor: Actor, unit: str) -> Mapping[str, tuple[str, ...]]:
        """Who works in a unit: their ids, in the order of these, each with their roles."""
        access.demand(actor, "position.list")
        table = self._table
        query = table.select(table.c.person_id, table.c.role).where(table.c.unit == unit)
        found: dict[str, tuple[str, ...]] = {}
        for row in query.order_by(table.c.person_id, table.c.role).dicts():
            found[row["person_id"]] = (*found.get(row["person_id"], ()), row["role"])
        return found
