"""How long an item and a step may take, and how much of that is left.

Administrative Licensing Law: periods in days are working days (art. 82), what hearings, tests and
expert reports take isn't counted and is told in writing (art. 45); an application that isn't
complete is asked to be completed once, within five days (art. 32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from definitions.calendars import Pause as Days
from definitions.calendars import WorkCalendar
from definitions.model import Span
from runtime.engine.approvals.state import ItemState, Pause, State
from runtime.engine.days import day_of

Light = Literal["green", "yellow", "red"]
YELLOW_DAYS = 1
"""So many working days before the end the light turns yellow."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One time limit of an item: `left` are working days, negative when it is overdue.

    It stands still while `paused`: then `due` is what it would be if it went on today.
    """

    kind: str
    span: Span
    started: date
    due: date
    left: int
    light: Light
    paused: bool
    stopped: bool


def clock(
    kind: str, span: Span, item: ItemState, calendar: WorkCalendar, now: datetime
) -> Clock | None:
    """A clock of an item; None before it has started, or where the item ended before."""
    started = item.clock_started_at
    if started is None:
        return None
    moment = _over(item) or now
    start, today = day_of(started), day_of(moment)
    stands = pauses(item.pauses, moment)
    due = after(calendar, start, span, stands)
    left = calendar.between(today, due) + _stood(calendar, due, today, stands)
    stopped = _over(item) is not None
    light: Light = "red" if left < 0 else "yellow" if left <= YELLOW_DAYS else "green"
    return Clock(kind, span, start, due, left, light, item.paused and not stopped, stopped)


def clock_of_all(
    kind: str, span: Span, state: State, calendar: WorkCalendar, now: datetime
) -> Clock | None:
    """A clock of the whole: from the first start of an item's clock until every item is decided.

    It stands still only while every running item does (rule 19). None before it has started.
    """
    items = state.items.values()
    started = [one.clock_started_at for one in items if one.clock_started_at]
    if not started:
        return None
    over = [_over(one) for one in items]
    last = None if None in over else max(one for one in over if one)
    whole = ItemState(
        clock_started_at=min(started), decided_at=last, pauses=_common(list(items), last or now)
    )
    return clock(kind, span, whole, calendar, now)


def _common(items: Sequence[ItemState], now: datetime) -> tuple[Pause, ...]:
    """The stretches of time in which every item that was running stood still."""
    edges = {edge for one in items for edge in _edges(one) if edge and edge < now}
    moments = [*sorted(edges), now]
    ends: list[datetime | None] = [*moments[1:], None]
    found: list[Pause] = []
    for start, end in zip(moments, ends, strict=True):
        running = [one for one in items if _runs_at(one, start)]
        if not running or not all(_stands_at(one, start) for one in running):
            continue
        if found and found[-1].end == start:
            start = found.pop().start
        found.append(Pause("all", "all", start, end))
    return tuple(found)


def _edges(item: ItemState) -> Iterator[datetime | None]:
    yield from (item.started_at, _over(item))
    for one in item.pauses:
        yield from (one.start, one.end)


def _over(item: ItemState) -> datetime | None:
    return item.decided_at or item.ended_at


def _runs_at(item: ItemState, moment: datetime) -> bool:
    over = _over(item)
    started = item.started_at is not None and item.started_at <= moment
    return started and (over is None or moment < over)


def _stands_at(item: ItemState, moment: datetime) -> bool:
    return any(one.start <= moment and (one.end is None or moment < one.end) for one in item.pauses)


def _stood(calendar: WorkCalendar, due: date, today: date, stands: Iterable[Days]) -> int:
    """Working days since a clock was overdue on which it stood still: it is no later for them."""
    late = (due + timedelta(days=day) for day in range(1, (today - due).days + 1))
    known = tuple(stands)
    return sum(
        calendar.is_working(day) and any(first <= day <= last for first, last in known)
        for day in late
    )


def after(calendar: WorkCalendar, start: date, span: Span, paused: Iterable[Days] = ()) -> date:
    """The day on which a span is over, not counting paused days."""
    if span.unit == "working":
        return calendar.add(start, span.n, tuple(paused))
    day, left = start, span.n
    stands = tuple(paused)
    while left > 0:
        day += timedelta(days=1)
        if not any(first <= day <= last for first, last in stands):
            left -= 1
    return day


def pauses(found: Iterable[Pause], now: datetime, but: str = "") -> tuple[Days, ...]:
    """Pauses as days on which a clock stood still, all of their first and last day.

    One that begins and ends on the same day stops no day; one that goes on goes until `now`.
    `but` is the id of one to leave out.
    """
    days = ((day_of(one.start), day_of(min(one.end or now, now))) for one in found if one.id != but)
    return tuple((first, last) for first, last in days if first < last)


def due(
    settings: Mapping[str, Any],
    state: State,
    step: str,
    calendar: WorkCalendar,
    now: datetime,
    *,
    outside: bool,
) -> date | None:
    """The day by which a step should be done; None where it has no span or isn't open.

    Who is waited for outside has no benefit of pauses; who decides inside has.
    """
    within, opened = settings.get("within"), state.steps[step].opened_at
    if not within or opened is None:
        return None
    item = state.items[step.partition(".")[0]]
    since = {"submitted": state.submitted_at, "accepted": item.accepted_at}
    bill = state.bills.get(state.steps[step].bill)
    if bill is not None and bill.quoted_again:  # who gets a new bill gets its time, too
        since = {}
    # an item that waited for another one could not begin when the form was sent
    start = max(since.get(within.get("from", "opened")) or opened, item.started_at or opened)
    stands = () if outside else pauses(item.pauses, now, but=step)
    return after(calendar, day_of(start), Span(within["n"], within["unit"]), stands)
