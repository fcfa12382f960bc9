"""The state of a form: what is asked, what is required, what it comes to and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from definitions.fieldtypes import Fault
from definitions.plan import Plan
from definitions.plan.run import Run, row_id
from definitions.problems import Problem
from definitions.rules import RuleTooExpensive

Answers = Mapping[str, Any]
"""Answers by question id; not answered is absent, a table is a list of rows with a `$row` id."""

SAFE_ROWS = 50
"""So many rows of a table cost no rule of a release its budget: its check has seen to that."""


@dataclass(slots=True)
class FormState:
    """One form with its answers, judged.

    Names are controls: a question id, or `<table>/<row>/<column>` for a cell. `shown` holds, in
    the order of the layout, every question that stands on the page; `asked` those of them that
    take an answer (calculated, fixed and note questions don't). `required` holds controls, cells
    too. `columns` tells per table and row which columns stand there. `values` are the values to
    show by question id, calculated and fixed ones included. `later` are questions that nobody
    answers because an earlier item's result will.
    """

    active: tuple[str, ...]
    shown: dict[str, None] = field(default_factory=dict)
    asked: dict[str, None] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    values: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    later: set[str] = field(default_factory=set)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)

    def slices(self, use: str) -> dict[str, Any]:
        """What the item receives: the fields that its own rules show and that have a value.

        Raises KeyError for an item that isn't active.
        """
        return sliced(self.views[use])


def sliced(view: Mapping[str, Any]) -> dict[str, Any]:
    """A view without what only its rules read."""
    return {name: value for name, value in view.items() if not name.startswith("$")}


def evaluate(plan: Plan, answers: Answers, today: date) -> FormState:
    """Judge a whole form. Whatever was answered, a state comes back, with every problem in it."""
    try:
        run = plan.program.run(answers, today)
    except RuleTooExpensive:
        return _evaluate_shortened(plan, answers, today)
    return _state(plan, run)


def _evaluate_shortened(plan: Plan, answers: Answers, today: date) -> FormState:
    """The state with only as many rows as any rule can bear, and a problem where there are more."""
    shortened = {
        name: value[:SAFE_ROWS] if isinstance(value, list) else value
        for name, value in answers.items()
    }
    state = _state(plan, plan.program.run(shortened, today))
    state.problems += [
        Problem("answer.too_many_rows", f"/{name}", {"most": SAFE_ROWS})
        for name, value in answers.items()
        if name in state.shown and plan.questions[name].columns and len(value) > SAFE_ROWS
    ]
    return state


def _state(plan: Plan, run: Run) -> FormState:
    standing = run.shown
    shown = {name: None for name in plan.questions if name in standing}
    asked = shown.copy()
    for name in plan.told & standing:  # few: cheaper than looking at all that are asked
        del asked[name]
    return FormState(
        active=tuple(filter(run.active.__contains__, plan.items)),
        shown=shown,
        asked=asked,
        required=run.required,
        values=values_of(run, asked),
        columns=_columns(plan, run),
        problems=problems_of(run.faults) if run.faults else [],
        later=run.later - run.shown,
        views=run.views,
    )


def _columns(plan: Plan, run: Run) -> dict[str, dict[str, tuple[str, ...]]]:
    """The columns that stand in each row, in the table's order."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for table, rows in run.cells.items():
        known = plan.questions[table].columns
        orders = {
            columns: tuple(filter(columns.__contains__, known)) for columns in set(rows.values())
        }
        found[table] = {row: orders[columns] for row, columns in rows.items()}
    return found


def values_of(run: Run, asked: Iterable[str]) -> dict[str, Any]:
    """The values to show: answers, calculated and fixed ones, calculated cells in their rows."""
    get = run.answers.get
    values = {name: value for name in asked if (value := get(name)) is not None}
    values |= run.values
    return _with_cells(values, run) if run.worked_out else values


def _with_cells(values: dict[str, Any], run: Run) -> dict[str, Any]:
    """Values with calculated cells in copies of their rows."""
    for control, value in run.worked_out.items():
        table, name, column = control.split("/")
        values[table] = [
            {**row, column: value} if row_id(row, number) == name else row
            for number, row in enumerate(values.get(table) or run.rows(table), 1)
        ]
    return values


def problems_of(faults: list[tuple[str, Fault]]) -> list[Problem]:
    """Faults as problems; what several items say alike is said once."""
    told = {(control, code, repr(params)): params for control, (code, params) in faults}
    return [Problem(code, f"/{control}", params) for (control, code, _), params in told.items()]
