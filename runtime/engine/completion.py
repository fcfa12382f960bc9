"""Later answers arrive: the slice is completed and judged again before the step starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from definitions.fieldtypes import REGISTRY, Unreadable
from definitions.model import Field
from definitions.plan import Plan
from definitions.problems import Problem
from runtime.engine.form import problems_of, sliced

Slice = Mapping[str, Any]


def complete(
    plan: Plan, use: str, received: Slice, later_values: Slice, today: date
) -> tuple[dict[str, Any], list[Problem]]:
    """An item's slice with later answers under its own names, and what is wrong with the whole.

    A column of a one-row table is named `table.column`. The item's own rules run once more, so
    that what they calculate, show or refuse is right for the complete slice. A problem's `where`
    is a field of the item.
    """
    answers = {name: _copy(value) for name, value in received.items()}
    for path, value in later_values.items():
        name, _, column = path.partition(".")
        if column:
            rows = answers.setdefault(name, [{}])
            rows[0][column] = value
        else:
            answers[name] = value
    run = plan.items[use].alone.run(_with_row_ids(answers), today)
    return sliced(run.views[use]), problems_of(run.faults)


def later_values(plan: Plan, use: str, results: Mapping[str, Slice]) -> dict[str, Any]:
    """What results say about an item's later fields, by own name.

    `results` gives, by the use that issued it, the fields of its license or its data: values, or
    the raw text that a licence prints. What can't be read is left out; `complete` then misses it.
    """
    found: dict[str, Any] = {}
    for path, sources in plan.items[use].later.items():
        for source in sources:
            raw = results.get(source.use, {}).get(source.result_field)
            value = None if raw is None else _value(_field(plan, use, path), raw)
            if value is not None:
                found[path] = value
                break
    return found


def _field(plan: Plan, use: str, path: str) -> Field:
    name, _, column = path.partition(".")
    form_field = plan.items[use].item.form.fields[name]
    return form_field.columns[column] if column else form_field


def _value(form_field: Field, raw: Any) -> Any:
    kind = REGISTRY[form_field.type]
    if not kind.check(raw, form_field):
        return raw
    try:
        return kind.parse(raw if isinstance(raw, str | list) else str(raw), form_field)
    except Unreadable:
        return None


def _copy(value: Any) -> Any:
    """Rows are copied, since a later answer may be put into one."""
    if isinstance(value, list):
        return [dict(row) if isinstance(row, Mapping) else row for row in value]
    return value


def _with_row_ids(answers: Slice) -> dict[str, Any]:
    """Slices carry no row ids; tables are judged with them."""
    return {
        name: [{"$row": f"r{number}", **row} for number, row in enumerate(value, 1)]
        if isinstance(value, list) and value and isinstance(value[0], Mapping)
        else value
        for name, value in answers.items()
    }
