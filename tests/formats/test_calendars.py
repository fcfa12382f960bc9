"""Working days, by vectors worked out by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.calendars import WorkCalendar
from definitions.model import Calendar

VECTORS = json.loads(
    (Path(__file__).parent.parent / "data" / "workday_vectors.json").read_text("utf-8")
)


def announced(year: int) -> Calendar:
    """A year's days off and make-up days, as an independent library knows them."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    free = [day for day in days if day.weekday() < 5 and not chinese_calendar.is_workday(day)]
    worked = [day for day in days if day.weekday() > 4 and chinese_calendar.is_workday(day)]
    title = {"zh-CN": str(year)}
    holidays, workdays = ({day.isoformat(): "" for day in some} for some in (free, worked))
    return Calendar(f"cn_{year}", title, year, "announced", holidays, workdays)


CALENDAR = WorkCalendar(announced(year) for year in (2024, 2025, 2026))
DAYS = st.dates(date(2023, 6, 1), date(2027, 12, 31))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["accepted"])
def test_due_dates(vector: dict[str, Any]) -> None:
    paused = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in vector["paused"]]
    accepted = date.fromisoformat(vector["accepted"])
    due = CALENDAR.add(accepted, vector["promise"], paused)
    assert due.isoformat() == vector["due"]


@given(DAYS)
def test_a_day_is_worked_when_the_library_says_so(day: date) -> None:
    if day.year in (2024, 2025, 2026):
        assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day)
    else:
        assert CALENDAR.is_working(day) == (day.weekday() < 5)


@given(DAYS, st.integers(0, 60))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    end = CALENDAR.add(start, count)
    assert CALENDAR.between(start, end) == count
    assert CALENDAR.between(end, start) == -count
    assert count == 0 or CALENDAR.is_working(end)


@given(DAYS, DAYS)
def test_counting_counts_each_day(start: date, end: date) -> None:
    start, end = min(start, end), max(start, end)
    days = (start + timedelta(days=n + 1) for n in range((end - start).days))
    assert CALENDAR.between(start, end) == sum(map(CALENDAR.is_working, days))


def test_half_a_day_takes_the_whole_day() -> None:
    assert CALENDAR.add(date(2026, 11, 23), 0.5) == date(2026, 11, 24)
    assert CALENDAR.add(date(2026, 11, 23), 0) == date(2026, 11, 23)


def test_a_year_not_announced_is_provisional_and_counts_weekends() -> None:
    assert CALENDAR.provisional(2027)
    assert not CALENDAR.provisional(2026)
    assert not CALENDAR.is_working(date(2027, 10, 2))
    assert CALENDAR.is_working(date(2027, 10, 1))


def test_a_provisional_calendar_is_used_and_said_to_be_so() -> None:
    draft = Calendar("c", {"zh-CN": "c"}, 2027, "provisional", {"2027-10-01": "国庆节"}, {})
    assert WorkCalendar([draft]).provisional(2027)
    assert not WorkCalendar([draft]).is_working(date(2027, 10, 1))


def test_the_end_of_time_raises() -> None:
    with pytest.raises(OverflowError):
        CALENDAR.add(date(9999, 12, 30), 10)
