"""A naive reading of rules, apart from the one that the product runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.model import Field, Item, RuleDefinition

View = Mapping[str, Any]


def value(rule: Any, view: View) -> Any:
    """What an expression gives, walked as it is written; null is None."""
    if not isinstance(rule, dict):
        return rule
    [(operator, raw)] = rule.items()
    arguments = raw if isinstance(raw, list) else [raw]
    if operator == "var":
        return view.get(arguments[0])
    found = [value(one, view) for one in arguments]
    if operator == "is_answered":
        return found[0] is not None
    if operator == "coalesce":
        return next((one for one in found if one is not None), None)
    if operator == "and":
        return False if False in found else None if None in found else True
    if operator == "or":
        return True if True in found else None if None in found else False
    return None if None in found else _strict(operator, found)


def _strict(operator: str, found: list[Any]) -> Any:
    if operator == "==":
        return found[0] == found[1]
    if operator == ">":
        return found[0] > found[1]
    if operator == "<":
        return found[0] < found[1]
    if operator == "!":
        return not found[0]
    assert operator == "+"
    return sum(found)


def holds(rule: RuleDefinition, view: View) -> bool:
    """Whether a rule's condition holds."""
    return rule.when is None or value(rule.when, view) is True


def shown(name: str, rules: Mapping[str, RuleDefinition], view: View) -> bool:
    """Whether the rules of a form show a field, given what is in its view."""
    showing = [rule for rule in rules.values() if name in rule.show]
    return not showing or any(holds(rule, view) for rule in showing)


def faults(item: Item, view: View, later: set[str]) -> list[str]:
    """What an item's own rules have against a slice."""
    return [*_against(item.form.fields, item.form.rules, view, later), *_rows(item, view, later)]


def _rows(item: Item, view: View, later: set[str]) -> list[str]:
    found = []
    for name, table in item.form.fields.items():
        for number, row in enumerate(view.get(name) or [] if table.columns else [], 1):
            whole = {**row, "row_number": number}
            inner = {path.partition(".")[2] for path in later if path.startswith(f"{name}.")}
            found += _against(table.columns, table.rules, whole, inner)
        found += _repeated(table, view.get(name) or [] if table.columns else [])
    return found


def _against(
    fields: Mapping[str, Field],
    rules: Mapping[str, RuleDefinition],
    view: View,
    later: set[str],
) -> list[str]:
    found = [f"{one} is hidden" for one in fields if one in view and not shown(one, rules, view)]
    for rule in rules.values():
        if rule.refuse and holds(rule, view):
            found.append(f"{rule.id} refuses")
        for name in rule.require if holds(rule, view) else ():
            if shown(name, rules, view) and name not in later and name not in view:
                found.append(f"{rule.id} requires {name}")
        if rule.set and shown(rule.set, rules, view) and value(rule.to, view) != view.get(rule.set):
            found.append(f"{rule.id} gives another {rule.set}")
    return found


def _repeated(table: Field, rows: list[View]) -> list[str]:
    keys = [tuple(row.get(one) for one in table.unique_by) for row in rows if table.unique_by]
    whole = [key for key in keys if None not in key]
    return [f"{table.id} repeats a row"] if len(set(whole)) < len(whole) else []
