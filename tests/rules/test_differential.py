"""The compiled rules against the naive interpreter, and the checker against what comes out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.rules import TODAY, check, compile_rule, type_of
from tests.rules.expressions import TYPED, TYPES, UNTYPED, VIEWS
from tests.rules.oracle import evaluate, kind

TYPED_RULES = st.one_of(*TYPED.values())


def same(left: Any, right: Any) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return kind(left) == kind(right) and (
        left == pytest.approx(right) if kind(left) == "number" else left == right
    )


@settings(max_examples=400, deadline=None)
@given(UNTYPED, VIEWS)
def test_any_rule_means_what_the_oracle_says(rule: Any, view: dict[str, Any]) -> None:
    assert same(compile_rule(rule).fn(view), evaluate(rule, view))


@settings(max_examples=400, deadline=None)
@given(TYPED_RULES, VIEWS)
def test_a_typed_rule_means_what_the_oracle_says(rule: Any, view: dict[str, Any]) -> None:
    assert same(compile_rule(rule).fn(view), evaluate(rule, view))


@settings(max_examples=200, deadline=None)
@given(TYPED_RULES)
def test_a_typed_rule_has_no_problems(rule: Any) -> None:
    assert [one for one in check(rule, TYPES) if one.code != "definition.rule_cost"] == []


CONFORMS = {
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: kind(value) == "number",
    "number": lambda value: kind(value) == "number",
    "text": lambda value: isinstance(value, str),
    "choice": lambda value: isinstance(value, str),
    "date": lambda value: isinstance(value, str),
    "table": lambda value: isinstance(value, list),
    "choices": lambda value: isinstance(value, list),
    "list": lambda value: isinstance(value, list),
}


@settings(max_examples=400, deadline=None)
@given(UNTYPED | TYPED_RULES, VIEWS)
def test_what_the_checker_lets_pass_gives_what_it_said_or_null(
    rule: Any, view: dict[str, Any]
) -> None:
    if check(rule, TYPES):
        return
    value = compile_rule(rule).fn(view)
    conforms = CONFORMS.get(type_of(rule, TYPES).name)
    assert value is None or conforms is None or conforms(value)


class Recorder:
    """A view that notes what is asked of it."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: set[str] = set()

    def get(self, name: str) -> Any:
        self.asked.add(name)
        return self.answers.get(name)


@settings(max_examples=300, deadline=None)
@given(UNTYPED, VIEWS)
def test_a_rule_reads_only_what_it_says(rule: Any, view: dict[str, Any]) -> None:
    compiled, recorder = compile_rule(rule), Recorder(view)
    compiled.fn(recorder)
    assert recorder.asked - {TODAY} <= compiled.reads
