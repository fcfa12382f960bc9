"""A definition can't hurt the server: rules are small, shallow and metered."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.rules import RuleTooExpensive, check, compile_rule
from definitions.rules.types import INTEGER, TEXT, table

ROWS = {"t": [{"n": number} for number in range(500)]}
TYPES = {"t": table({"n": INTEGER}), "s": TEXT}


def nested(depth: int) -> Any:
    rule: Any = True
    for _ in range(depth):
        rule = {"!": [rule]}
    return rule


def iterated(times: int) -> Any:
    rule: Any = {">": [1, 0]}
    for _ in range(times):
        rule = {"some": [{"var": "form.t"}, {"and": [{"var": "form.no"}, rule]}]}
    return {"some": [{"var": "t"}, rule]}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (nested(10_000), "depth"),
        ({"in": ["a", ["b"] * 1_000_000]}, "nodes"),
        ({"and": [True] * 3_000}, "nodes"),
        (iterated(3), "nesting"),
    ],
    ids=["deep", "long", "wide", "iterations"],
)
def test_what_is_over_a_limit_is_neither_compiled_nor_walked(rule: Any, code: str) -> None:
    with pytest.raises(RuleTooExpensive) as raised:
        compile_rule(rule)
    assert raised.value.problem.code == f"definition.rule_{code}"
    assert [one.code for one in check(rule, TYPES) if one.code != "definition.rule_variable"] == [
        f"definition.rule_{code}"
    ]


def test_iterations_have_a_budget_when_they_run() -> None:
    inner = {"sum": [{"var": "form.t"}, {"+": [{"var": "n"}, 1]}]}
    rule = compile_rule({"sum": [{"var": "t"}, inner]})
    assert rule.fn({"t": ROWS["t"][:20]}) is not None
    with pytest.raises(RuleTooExpensive):
        rule.fn(ROWS)
    assert compile_rule({"sum": [{"var": "t"}, inner]}, budget=10**7).fn(ROWS) is not None


def test_a_rule_may_be_run_again_after_it_ran_out() -> None:
    rule = compile_rule({"count": [{"var": "t"}, {">": [{"var": "n"}, 1]}]}, budget=100)
    with pytest.raises(RuleTooExpensive):
        rule.fn(ROWS)
    assert rule.fn({"t": ROWS["t"][:4]}) == 2


def test_what_would_cost_too_much_is_a_problem_before_it_runs() -> None:
    body: Any = {"+": [{"var": "n"}] * 20}
    inner = {"sum": [{"var": "form.t"}, {"sum": [{"var": "form.t"}, body]}]}
    assert check({"sum": [{"var": "t"}, inner]}, TYPES)[0].code == "definition.rule_cost"


def test_text_that_doubles_with_every_row_is_stopped() -> None:
    doubled = {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}
    with pytest.raises(RuleTooExpensive):
        compile_rule({"reduce": [{"var": "t"}, doubled, "ab"]}).fn(ROWS)


def test_constants_that_come_to_too_much_are_a_problem() -> None:
    rule = {"==": [{"cat": ["a" * 15_000, "b" * 15_000]}, {"var": "s"}]}
    assert [one.code for one in check(rule, TYPES)] == ["definition.rule_budget"]


def test_numbers_that_grow_with_every_row_become_null() -> None:
    squared = {"*": [{"var": "accumulator"}, {"var": "accumulator"}]}
    assert compile_rule({"reduce": [{"var": "t"}, squared, 3]}).fn(ROWS) is None


@pytest.mark.parametrize("name", ["__class__", "__proto__", "constructor", ""])
def test_strange_names_are_just_names(name: str) -> None:
    assert compile_rule({"var": name}).fn({name: 1}) == 1
    assert compile_rule({"map": [[{"var": "r"}], {"var": "__class__"}]}).fn({"r": 1}) == [None]
