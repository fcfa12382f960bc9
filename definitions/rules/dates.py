"""Dates and days: today, date_add, days_between, year_of, age_on, start_of, end_of, working days.

A date is ISO text. Today and the calendar come with the view: a rule never asks a clock.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from definitions.normalise import day_of
from definitions.rules.checker import Judgement
from definitions.rules.compiler import CALENDAR, TODAY, Call, Code, Fn
from definitions.rules.registry import Example, Operator, register, words
from definitions.rules.strict import judge_strict, strict
from definitions.rules.types import DATE, INTEGER, Type

_DATE = frozenset({"date"})
_INTEGER = frozenset({"integer"})
_UNIT = frozenset({'"days"', '"months"', '"years"'})
_RANGE = frozenset({"date_range"})
_FURTHEST_DAYS = 400_000
_FURTHEST_WORKING_DAYS = 10_000


def parsed(value: Any) -> date | None:
    """The date of a text like 2026-11-23; None for anything else."""
    return day_of(value) if value.__class__ is str else None


def _from_view(call: Call, name: str) -> Fn:
    if call.scope.nesting == 0:
        return lambda view: view.get(name)
    return lambda frame: frame.root.get(name)


def _compile_today(call: Call) -> Code:
    return Code(_from_view(call, TODAY))


def _judge_today(call: Judgement) -> Type:
    return DATE


register(
    Operator(
        "today",
        "dates",
        words("今天", "today"),
        words("今天", "today"),
        0,
        0,
        _compile_today,
        _judge_today,
        Example({"today": []}, {TODAY: "2026-11-23"}, "2026-11-23"),
    )
)


@strict(
    "date_add",
    "dates",
    takes=[_DATE, _INTEGER, _UNIT],
    gives=DATE,
    title=words("日期加", "date plus"),
    phrase=words("{0} 之后 {1} {2}", "{1} {2} after {0}"),
    example=Example(
        {"date_add": [{"var": "from"}, 1, "months"]}, {"from": "2026-01-31"}, "2026-02-28"
    ),
)
def date_add(start: Any, count: Any, unit: Any) -> str | None:
    """The date so many days, months or years later; a day that a month hasn't is its last."""
    day = parsed(start)
    if day is None or count.__class__ is not int or abs(count) > _FURTHEST_DAYS:
        return None
    try:
        if unit == "days":
            return (day + timedelta(days=count)).isoformat()
        months = {"months": count, "years": 12 * count}.get(unit)
        return None if months is None else _months_later(day, months).isoformat()
    except (ValueError, OverflowError):  # beyond the years 1 to 9999
        return None


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= years <= 9999:
        raise ValueError("year out of range")
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


@strict(
    "days_between",
    "dates",
    takes=[_DATE, _DATE],
    gives=INTEGER,
    title=words("相差天数", "days between"),
    phrase=words("{0} 到 {1} 的天数", "the days from {0} to {1}"),
    example=Example({"days_between": ["2026-11-23", {"var": "end"}]}, {"end": "2026-12-01"}, 8),
)
def days_between(first: Any, second: Any) -> int | None:
    """Calendar days from the first date to the second; negative when it is earlier."""
    start, end = parsed(first), parsed(second)
    return None if start is None or end is None else (end - start).days


@strict(
    "year_of",
    "dates",
    takes=[_DATE],
    gives=INTEGER,
    title=words("年份", "year of"),
    phrase=words("{0} 的年份", "the year of {0}"),
    example=Example({"year_of": [{"var": "issued"}]}, {"issued": "2024-02-08"}, 2024),
)
def year_of(value: Any) -> int | None:
    """The year of a date."""
    day = parsed(value)
    return None if day is None else day.year


@strict(
    "age_on",
    "dates",
    takes=[_DATE, _DATE],
    gives=INTEGER,
    title=words("周岁", "age on"),
    phrase=words("{0} 出生的人在 {1} 的周岁", "the age on {1} of a person born on {0}"),
    example=Example(
        {"age_on": [{"var": "born"}, {"today": []}]},
        {"born": "2008-11-24", TODAY: "2026-11-23"},
        17,
    ),
)
def age_on(born: Any, on: Any) -> int | None:
    """Full years; one born on 29 February is a year older on 1 March of a common year."""
    birth, day = parsed(born), parsed(on)
    if birth is None or day is None or day < birth:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


@strict(
    "start_of",
    "dates",
    takes=[_RANGE],
    gives=DATE,
    title=words("开始日期", "start of"),
    phrase=words("{0} 的开始日期", "the start of {0}"),
    example=Example(
        {"start_of": [{"var": "lease"}]}, {"lease": {"start": "2026-01-01"}}, "2026-01-01"
    ),
)
def start_of(value: Any) -> Any:
    """The first day of a date range."""
    return value.get("start") if isinstance(value, dict) else None


@strict(
    "end_of",
    "dates",
    takes=[_RANGE],
    gives=DATE,
    title=words("结束日期", "end of"),
    phrase=words("{0} 的结束日期", "the end of {0}"),
    example=Example({"end_of": [{"var": "lease"}]}, {"lease": {"end": "2028-12-31"}}, "2028-12-31"),
)
def end_of(value: Any) -> Any:
    """The last day of a date range."""
    return value.get("end") if isinstance(value, dict) else None


def _with_calendar(function: Callable[[Any, Any, Any], Any]) -> Callable[[Call], Code]:
    """An operator of two arguments that also needs the calendar of working days."""

    def compile_working(call: Call) -> Code:
        """The call, null without a calendar; never worked out ahead, for calendars change."""
        first, second = call.codes()
        days, left, right = _from_view(call, CALENDAR), first.run, second.run

        def run(view: Any) -> Any:
            known, one, two = days(view), left(view), right(view)
            if known is None or one is None or two is None:
                return None
            return function(known, one, two)

        return Code(run, 1 + first.cost + second.cost)

    return compile_working


def _add_working_days(days: Any, start: Any, count: Any) -> str | None:
    day = parsed(start)
    if day is None or count.__class__ is not int or not 0 <= count <= _FURTHEST_WORKING_DAYS:
        return None
    try:
        return str(days.add(day, count).isoformat())
    except OverflowError:  # beyond the year 9999
        return None


def _working_days_between(days: Any, first: Any, second: Any) -> int | None:
    start, end = parsed(first), parsed(second)
    if start is None or end is None or abs((end - start).days) > _FURTHEST_DAYS:
        return None
    return int(days.between(start, end))


class _EveryDay:
    """A calendar for the examples: no weekends, no holidays."""

    def add(self, start: date, count: int) -> date:
        return start + timedelta(days=count)

    def between(self, start: date, end: date) -> int:
        return (end - start).days


register(
    Operator(
        "add_working_days",
        "dates",
        words("加工作日", "working days after"),
        words("{0} 之后 {1} 个工作日", "{1} working days after {0}"),
        2,
        2,
        _with_calendar(_add_working_days),
        lambda call: judge_strict(call, (_DATE, _INTEGER), DATE),
        Example(
            {"add_working_days": [{"var": "from"}, 2]},
            {"from": "2026-11-23", CALENDAR: _EveryDay()},
            "2026-11-25",
        ),
    )
)
register(
    Operator(
        "working_days_between",
        "dates",
        words("相差工作日", "working days between"),
        words("{0} 到 {1} 的工作日数", "the working days from {0} to {1}"),
        2,
        2,
        _with_calendar(_working_days_between),
        lambda call: judge_strict(call, (_DATE, _DATE), INTEGER),
        Example(
            {"working_days_between": [{"var": "from"}, {"var": "to"}]},
            {"from": "2026-11-23", "to": "2026-11-25", CALENDAR: _EveryDay()},
            2,
        ),
    )
)
