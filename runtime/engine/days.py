"""Days in China: the platform keeps moments in UTC, the law counts days."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")


def day_of(moment: datetime) -> date:
    """The day in China on which a moment lies."""
    return moment.astimezone(CHINA).date()
