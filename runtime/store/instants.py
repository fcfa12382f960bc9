"""Moments as text that sorts: UTC, microseconds, the same width on every database."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """The moment as `2026-11-23T13:05:00.000000Z`.

    Raises:
        ValueError: it has no time zone, so it could be any of 24 moments.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def from_text(text: str) -> datetime:
    """The moment that `to_text` wrote."""
    return datetime.fromisoformat(text)


def maybe(text: str | None) -> datetime | None:
    """The moment, where there is one."""
    return from_text(text) if text else None
