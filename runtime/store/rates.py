"""How often something may be tried: a counter for each name and stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.ground import Ground

KEPT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Rate:
    """So many tries in so many seconds."""

    tries: int
    seconds: int


SIGN_IN = Rate(300, 300)
"""Of one address: a whole service hall may stand behind it."""
UPLOAD = Rate(240, 3600)
"""Of one person."""


class Rates:
    """The counters of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.attempt

    def allow(self, actor: Actor, name: str, rate: Rate, now: datetime) -> bool:
        """Whether one more try is within the rate; it counts either way.

        `name` says what and who, e.g. `sign-in/203.0.113.7`; it is stored as a blind index.
        """
        access.demand(actor, "rate.count")
        table = self._table
        since = int(now.timestamp()) // rate.seconds * rate.seconds
        index = self._ground.vault.index("rate", name)
        cursor = (
            table.insert(name=index, since=since, tries=1)
            .on_conflict(
                conflict_target=("name", "since"), update={table.c.tries: table.c.tries + 1}
            )
            .returning(table.c.tries)
            .execute()
        )
        tries: int = next(iter(cursor))["tries"]
        return tries <= rate.tries

    def sweep(self, actor: Actor, now: datetime) -> int:
        """Forget counters of more than a day ago; returns how many there were."""
        access.demand(actor, "rate.sweep")
        old = self._table.c.since < int(now.timestamp()) - KEPT_SECONDS
        count: int = self._table.delete().where(old).execute()
        return count
