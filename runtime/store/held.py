"""Posts of people whose session had ended: kept sealed for a while, handed out once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.database import first
from runtime.store.ground import Ground
from runtime.store.instants import to_text

KEPT = timedelta(hours=2)


class Held:
    """What strangers were sending. Whoever has the key has the post: it is in their cookie."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.held

    def keep(self, actor: Actor, post: Mapping[str, Any], now: datetime) -> str:
        """The key of a post that is kept for two hours: 256 random bits, stored as a hash."""
        access.demand(actor, "held.keep")
        key = secrets.token_urlsafe(32)
        record = _hash(key)
        sealed = self._ground.seal("held", record, post=dict(post))
        self._table.insert(id=record, expires_at=to_text(now + KEPT), **sealed).execute()
        return key

    def take(self, actor: Actor, key: str, now: datetime) -> Any:
        """The post with this key, handed out once; None when there is none any more."""
        access.demand(actor, "held.keep")
        record = _hash(key)
        row = first(self._table.select().where(self._table.c.id == record))
        if row is None or not self._table.delete().where(self._table.c.id == record).execute():
            return None
        if row["expires_at"] <= to_text(now):
            return None
        return self._ground.vault.open("held", record, "post", row["post"])

    def sweep(self, actor: Actor, now: datetime) -> int:
        """Forget what nobody came back for; returns how many there were."""
        access.demand(actor, "held.sweep")
        count: int = self._table.delete().where(self._table.c.expires_at <= to_text(now)).execute()
        return count


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
