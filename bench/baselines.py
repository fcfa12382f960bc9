"""The bare minimum that judges the same form: `jsonschema-rs` and one batched `datalogic-py` rule.

It gets what our engine has to find out: which items are active, and each item's own view of the
answers. It says what is shown and worked out, path and keyword of every error, and which
conditional fields are missing; no merged questions, no check digits, nothing to make sentences of.
Rules with operators that JSON Logic hasn't (ages, working days) are left out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
from datalogic_py import Engine

from bench.samples import Answers, Sample
from definitions.bundle_schema import item_schema
from definitions.combine.identity import calculated
from definitions.model import Field, RuleDefinition
from definitions.plan import ItemPlan
from runtime.engine.form import evaluate

LOGIC = frozenset(("==", "!=", "<", "<=", ">", ">=", "and", "or", "!", "if", "in", "+", "-", "*"))
"""Operators that mean the same here and there, as far as the cost of working them out goes."""

FORMATS: Mapping[str, Mapping[str, str]] = {
    "date": {"format": "date"},
    "email": {"format": "email"},
    "phone": {"pattern": "^1[3-9][0-9]{9}$|^0[0-9]{2,3}-?[0-9]{7,8}$"},
    "person_id": {"pattern": "^[1-9][0-9]{16}[0-9X]$"},
    "social_credit_code": {"pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"},
}
"""What plain JSON Schema can say of our field types."""

Judge = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule of an item: its place in the batch, and what follows from it."""

    number: int
    use: str
    rule: RuleDefinition


def baseline(sample: Sample, answers: Answers) -> Judge:
    """A function that judges these answers with bare libraries."""
    state = evaluate(sample.plan, answers, sample.today)
    items = {use: sample.plan.items[use] for use in state.active}
    data = {use: _typed(item, state.slices(use)) for use, item in items.items()}
    check = jsonschema_rs.validator_for(_schema(items), validate_formats=True).iter_errors
    ruled = list(_ruled(items))
    batch = [_within(one.rule.to if one.rule.set else one.rule.when, one.use) for one in ruled]
    session, rule = Engine().session(), Engine().compile(batch)
    shows = [(one.number, one.use, one.rule.show) for one in ruled if one.rule.show]
    requires = [(one.number, one.use, one.rule.require) for one in ruled if one.rule.require]
    sets = [(one.number, one.use, one.rule.set) for one in ruled if one.rule.set]

    def judge() -> object:
        """What is hidden, what each item then sees, and the place and keyword of every error."""
        results = session.evaluate(rule, data)
        hidden: dict[str, set[str]] = {use: set() for use in data}
        for number, use, names in shows:
            if not results[number]:
                hidden[use].update(names)
        views = {
            use: {name: value for name, value in view.items() if name not in hidden[use]}
            for use, view in data.items()
        }
        for number, use, name in sets:
            views[use][name] = results[number]
        errors = [(tuple(error.instance_path), error.kind.name) for error in check(views)]
        errors += [
            ((use, name), "required")
            for number, use, names in requires
            if results[number]
            for name in names
            if name not in views[use]
        ]
        return hidden, views, errors

    return judge


def _typed(item: ItemPlan, view: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered of a view: without what is calculated."""
    worked_out = calculated(item.item.form.rules)
    return {name: value for name, value in view.items() if name not in worked_out}


def _schema(items: Mapping[str, ItemPlan]) -> dict[str, Any]:
    return {"type": "object", "properties": {use: _of_item(item) for use, item in items.items()}}


def _of_item(item: ItemPlan) -> dict[str, Any]:
    schema = item_schema(item.item)
    for name, field in item.item.form.fields.items():
        if name in schema["properties"]:
            schema["properties"][name] |= _format(field)
            cells = schema["properties"][name].get("items", {}).get("properties", {})
            for column in cells.keys() & field.columns.keys():
                cells[column] |= _format(field.columns[column])
    return {key: value for key, value in schema.items() if key != "$schema"}


def _format(field: Field) -> Mapping[str, str]:
    return FORMATS.get(field.type, {})


def _ruled(items: Mapping[str, ItemPlan]) -> Iterator[Ruled]:
    """The rules that JSON Logic can say, in the order of the batch."""
    rules = [
        (use, rule)
        for use, item in items.items()
        for rule in item.item.form.rules.values()
        if _is_logic(rule.to if rule.set else rule.when)
    ]
    return (Ruled(number, use, rule) for number, (use, rule) in enumerate(rules))


def _is_logic(expression: Any) -> bool:
    if isinstance(expression, list):
        return all(map(_is_logic, expression))
    if not isinstance(expression, dict):
        return True
    [(operator, arguments)] = expression.items()
    return operator == "var" or (operator in LOGIC and _is_logic(arguments))


def _within(expression: Any, use: str) -> Any:
    """The expression with its names inside an item's part of the data."""
    if isinstance(expression, list):
        return [_within(one, use) for one in expression]
    if not isinstance(expression, dict):
        return expression
    [(operator, arguments)] = expression.items()
    if operator == "var":
        return {"var": f"{use}.{arguments}"}
    return {operator: _within(arguments, use)}
