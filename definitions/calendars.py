"""Working days: which days offices work, and counting them as the law does.

Administrative Licensing Law, art. 82: a period in days means working days, not holidays. Counting
begins on the day after. Which weekends are worked and which weekdays are free is announced year
by year; a year without data counts weekends only and is provisional, never an error.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from definitions.model import Calendar

Pause = tuple[date, date]
"""A stretch of days in which a clock stands still: first and last, both included."""

_DAY = timedelta(days=1)
_SATURDAY = 5


class WorkCalendar:
    """What is known about working days, from calendars of any years."""

    def __init__(self, calendars: Iterable[Calendar]) -> None:
        known = list(calendars)
        self._announced = {one.year for one in known if one.status == "announced"}
        self._free = _weekdays(day for one in known for day in one.holidays)
        self._worked = _weekends(day for one in known for day in one.workdays)
        self._free_ordinals = sorted(day.toordinal() for day in self._free)
        self._worked_ordinals = sorted(day.toordinal() for day in self._worked)

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day.weekday() >= _SATURDAY:
            return day in self._worked
        return day not in self._free

    def provisional(self, year: int) -> bool:
        """Whether the days off of a year aren't announced yet."""
        return year not in self._announced

    def add(self, start: date, count: float, paused: Sequence[Pause] = ()) -> date:
        """The day on which so many working days are over, counting from the day after `start`.

        Days within a pause don't count; half a day takes the whole day. No days: `start` itself.
        Raises OverflowError beyond the year 9999.
        """
        day, left = start, math.ceil(count)
        while left > 0:
            day += _DAY
            if self.is_working(day) and not _within(day, paused):
                left -= 1
        return day

    def between(self, start: date, end: date) -> int:
        """The working days after `start` up to and with `end`; negative when it is earlier."""
        return self._until(end) - self._until(start)

    def _until(self, day: date) -> int:
        """All working days up to and with a day; day 1 of the calendar was a Monday."""
        ordinal = day.toordinal()
        weeks, rest = divmod(ordinal, 7)
        free = bisect_right(self._free_ordinals, ordinal)
        worked = bisect_right(self._worked_ordinals, ordinal)
        return weeks * 5 + min(rest, 5) - free + worked


def _weekdays(days: Iterable[str]) -> frozenset[date]:
    return frozenset(day for day in map(date.fromisoformat, days) if day.weekday() < _SATURDAY)


def _weekends(days: Iterable[str]) -> frozenset[date]:
    return frozenset(day for day in map(date.fromisoformat, days) if day.weekday() >= _SATURDAY)


def _within(day: date, paused: Sequence[Pause]) -> bool:
    return any(first <= day <= last for first, last in paused)
