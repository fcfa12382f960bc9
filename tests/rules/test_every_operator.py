"""Every operator does what its example says, takes its arguments and speaks both languages."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.rules import FAMILIES, OPERATORS, BadRule, Operator, compile_rule, sentence

EVERY = pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda one: one.name)


@EVERY
def test_its_example_holds(operator: Operator) -> None:
    value = compile_rule(operator.example.rule).fn(operator.example.view)
    assert value == operator.example.gives
    assert type(value) is type(operator.example.gives)


@EVERY
def test_too_few_or_too_many_arguments_are_refused(operator: Operator) -> None:
    counts = [operator.least - 1] + ([] if operator.most is None else [operator.most + 1])
    for count in counts:
        if count >= 0:
            with pytest.raises(BadRule, match="rule_arity"):
                compile_rule({operator.name: [1] * count})


@EVERY
def test_it_has_words_in_both_languages(operator: Operator) -> None:
    for text in (operator.title, operator.phrase, operator.longer, operator.joiner):
        assert text is None or set(text) == {"zh-CN", "en"}
    for lang in ("zh-CN", "en"):
        assert sentence(operator.example.rule, {}, lang)


@EVERY
def test_it_belongs_to_the_module_of_its_family(operator: Operator) -> None:
    assert operator.family in {family.__name__.rpartition(".")[2] for family in FAMILIES}


LOOK_AT_NULL = {"is_answered", "coalesce", "var", "today", "and", "or", "if", "reduce"}
STRICT = [one for one in OPERATORS.values() if one.name not in LOOK_AT_NULL]


@pytest.mark.parametrize("operator", STRICT, ids=lambda one: one.name)
def test_null_in_null_out(operator: Operator) -> None:
    arguments: list[Any] = [{"var": "nothing"}] * max(1, operator.least)
    assert compile_rule({operator.name: arguments}).fn({}) is None
