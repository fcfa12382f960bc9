"""What systems outside tell by themselves: believed when it is genuine, worked on later.

A callback only says when to ask: what is true is what the connector answers then. One that comes
before we know its handle, twice or never does no harm.
"""

from __future__ import annotations

from datetime import datetime

from plugins.contract import Request
from runtime.installation import Installation
from runtime.journey.errands import connector_of
from runtime.store import SYSTEM


class NoConnector(LookupError):
    """There is no connector of this name."""


def hear(installation: Installation, connector: str, request: Request, now: datetime) -> bool:
    """Take a callback of a connector; whether it is new and about something that we wait for.

    Raises:
        NoConnector: there is none of this name.
        BadReply: it isn't genuine, or not of now.
        Misconfigured: this connector expects none.
    """
    plugin = installation.instances.connectors.get(connector)
    if plugin is None:
        raise NoConnector(connector)
    told = plugin.on_callback(request)
    ledger = installation.store.ledger
    if not ledger.is_new(SYSTEM, connector, told.id, now):
        return False
    waiting = [
        one
        for one in ledger.by_handle(SYSTEM, told.handle)
        if connector_of(one.kind, one.operation) == connector
    ]
    for one in waiting:
        ledger.hasten(SYSTEM, one, now)
    if waiting:
        installation.wake()
    return bool(waiting)
