"""How long it takes: the promised time of each item, and of the whole along what waits for what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from definitions.model import Limit, Span
from definitions.plan import ItemPlan, Plan
from definitions.rules import compile_rule

View = Mapping[str, Any]
CALENDAR_TO_WORKING = 5 / 7
"""How many working days a calendar day counts for in an estimate of the whole."""


def limit(item: ItemPlan, clock: str, view: View) -> Span | None:
    """The time limit that holds for an item: the first whose condition does, else none.

    `clock` is `legal` or `promised`; `view` is the item's view of the answers.
    """
    return next(
        (one.within for one in item.item.clocks.get(clock, ()) if _holds(one, view)),
        None,
    )


def working_days(plan: Plan, active: Collection[str], views: Mapping[str, View]) -> float:
    """Promised working days of the whole: the longest chain of items that wait for each other.

    An item that isn't active counts as done. Calendar days are reckoned as 5/7 of a working day.
    """
    ends: dict[str, float] = {}

    def end(use: str) -> float:
        if use not in ends:
            item = plan.items[use]
            ends[use] = max((end(before) for before in item.use.after), default=0.0)
            if use in active:
                ends[use] += _days(limit(item, "promised", views.get(use, {})))
        return ends[use]

    return max((end(use) for use in active), default=0.0)


def waves(plan: Plan, active: Collection[str]) -> list[list[str]]:
    """The active items in the order they run: each wave waits for those before it."""
    depth: dict[str, int] = {}

    def level(use: str) -> int:
        if use not in depth:
            before = [level(one) for one in plan.items[use].use.after]
            own = 1 if use in active else 0
            depth[use] = max(before, default=0) + own
        return depth[use]

    found: dict[int, list[str]] = {}
    for use in plan.items:
        if use in active:
            found.setdefault(level(use), []).append(use)
    return [found[number] for number in sorted(found)]


def _days(span: Span | None) -> float:
    if span is None:
        return 0.0
    return span.n if span.unit == "working" else span.n * CALENDAR_TO_WORKING


def _holds(one: Limit, view: View) -> bool:
    return one.when is None or compile_rule(one.when).fn(view) is True
