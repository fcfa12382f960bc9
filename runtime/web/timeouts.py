"""How long a page may lie open before its session ends, as its script has to know."""

from __future__ import annotations

from runtime.store.sessions import IDLE


def session_seconds() -> int:
    """Seconds without a request after which a sign-in ends."""
    return int(IDLE.total_seconds())
