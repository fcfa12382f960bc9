"""Why a question is asked, hidden or required: which item says so, by which of its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from definitions.model import Expression, RuleDefinition
from definitions.plan import Plan
from definitions.plan.conditions import condition
from runtime.engine.form import FormState

Effect = Literal["shows", "hides", "requires", "later", "inactive"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One item's say: `effect` on its own `field`, by `rule` (empty: it always does so).

    `when` is the rule's condition, to be read out with the phrases of its operators.
    """

    use: str
    field: str
    effect: Effect
    rule: str = ""
    when: Expression = None


def why(plan: Plan, state: FormState, question: str) -> list[Reason]:
    """Every item's say about a question, the active ones first. KeyError for an unknown id."""
    found: list[Reason] = []
    for use, path in plan.questions[question].fields:
        if use in state.views:
            found.extend(_say(plan, state, use, path))
        elif use in plan.items:
            found.append(Reason(use, path, "inactive", when=plan.items[use].use.when))
    return sorted(found, key=lambda reason: reason.effect == "inactive")


def _say(plan: Plan, state: FormState, use: str, path: str) -> Iterator[Reason]:
    name = path.partition(".")[0]
    form = plan.items[use].item.form if use in plan.items else plan.service.situation
    rules, view = form.rules.values(), state.views[use]
    later = plan.items[use].later.get(path, ()) if use in plan.items else ()
    if any(source.use in state.active for source in later):
        yield Reason(use, path, "later")
        return
    showing = [rule for rule in rules if name in rule.show]
    holding = [rule for rule in showing if _holds(rule, view)]
    for rule in holding or showing:
        yield Reason(use, path, "shows" if holding else "hides", rule.id, rule.when)
    if not showing:
        yield Reason(use, path, "shows")
    if form.fields[name].required:
        yield Reason(use, path, "requires")
    if not showing or holding:
        for rule in rules:
            if name in rule.require and _holds(rule, view):
                yield Reason(use, path, "requires", rule.id, rule.when)


def _holds(rule: RuleDefinition, view: Mapping[str, Any]) -> bool:
    when, _ = condition(rule.when)
    return when is None or when(dict(view))
