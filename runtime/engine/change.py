"""What one changed answer changes: only what hangs on it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from definitions.plan import Plan
from definitions.plan.run import Run
from definitions.problems import Problem
from definitions.rules import RuleTooExpensive
from runtime.engine.form import Answers, FormState, evaluate, problems_of, values_of


@dataclass(frozen=True, slots=True)
class Change:
    """What one change of an answer changes; names are controls, in no particular order.

    `values` holds the new value to show of every question where it differs (None: none any more).
    `problems` holds every control that was judged again and had or has a problem, with an empty
    tuple where nothing is wrong any more. `active` is set only when the active items changed.
    """

    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    active: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a change is measured on, before and after."""

    shown: AbstractSet[str]
    required: AbstractSet[str]
    values: Mapping[str, Any]
    problems: Mapping[str, tuple[Problem, ...]]


def change(
    plan: Plan, before: Answers, after: Answers, changed: AbstractSet[str], today: date
) -> Change:
    """What differs between two sets of answers, given the questions in which they differ.

    The work grows with what depends on these questions, not with the form.
    """
    part = plan.program.part(changed)
    try:
        runs = part.program.run(before, today), part.program.run(after, today)
    except RuleTooExpensive:
        return _whole(evaluate(plan, before, today), evaluate(plan, after, today))
    old, new = (_seen_in(plan, run, part.questions) for run in runs)
    active = None
    if part.situation and plan.program.active(before, today) != (
        now := plan.program.active(after, today)
    ):
        active = tuple(use for use in plan.items if use in now)
    return _difference(old, new, active)


def _seen_in(plan: Plan, run: Run, questions: frozenset[str]) -> Seen:
    """The part of a run that settles these questions."""
    shown = questions & run.shown
    values = values_of(run, shown & plan.answerable)
    return Seen(
        shown | _cells(run.cells, shown),
        {control for control in run.required if _question(control) in questions},
        {name: value for name, value in values.items() if name in questions},
        _by_control(
            problems_of([fault for fault in run.faults if _question(fault[0]) in questions])
        ),
    )


def _whole(old: FormState, new: FormState) -> Change:
    """The change between two whole states."""
    active = new.active if new.active != old.active else None
    return _difference(seen(old), seen(new), active)


def seen(state: FormState) -> Seen:
    """All of a state that a change is measured on."""
    return Seen(
        state.shown.keys() | _cells(state.columns, state.shown.keys()),
        state.required,
        state.values,
        _by_control(state.problems),
    )


def _difference(old: Seen, new: Seen, active: tuple[str, ...] | None) -> Change:
    differing = {
        name
        for name in old.values.keys() | new.values.keys()
        if old.values.get(name) != new.values.get(name)
    }
    return Change(
        shown=tuple(new.shown - old.shown),
        hidden=tuple(old.shown - new.shown),
        required=tuple(new.required - old.required),
        optional=tuple(old.required - new.required),
        values={name: new.values.get(name) for name in differing},
        problems={
            control: new.problems.get(control, ())
            for control in old.problems.keys() | new.problems.keys()
        },
        active=active,
    )


def _question(control: str) -> str:
    return control.partition("/")[0]


def _cells(
    tables: Mapping[str, Mapping[str, AbstractSet[str] | tuple[str, ...]]],
    shown: AbstractSet[str],
) -> set[str]:
    return {
        f"{table}/{row}/{column}"
        for table, rows in tables.items()
        if table in shown
        for row, columns in rows.items()
        for column in columns
    }


def _by_control(problems: list[Problem]) -> dict[str, tuple[Problem, ...]]:
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in problems:
        control = problem.where.removeprefix("/")
        found[control] = (*found.get(control, ()), problem)
    return found
