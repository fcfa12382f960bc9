"""Operators that are plain functions of values: null in, null out, and nothing else to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from definitions.model import Text
from definitions.rules.checker import Judgement
from definitions.rules.compiler import Code, Fn, folded
from definitions.rules.registry import Example, Gives, Operator, register
from definitions.rules.types import Type

Function = Callable[..., Any]


def strict(
    name: str,
    family: str,
    *,
    takes: Sequence[frozenset[str]],
    gives: Gives,
    title: Text,
    phrase: Text,
    example: Example,
    least: int | None = None,
    repeats: bool = False,
    joiner: Text | None = None,
    longer: Text | None = None,
) -> Callable[[Function], Function]:
    """Register a function of non-null values as an operator.

    `takes` are the accepted types per argument; with `repeats` the last stands for any further
    ones. `least` is the number of arguments that can't be left out (default: all).
    The function returns None for values it isn't made for.
    """

    def decorate(function: Function) -> Function:
        """The function as it was; raises ValueError if an operator has its name already."""
        register(
            Operator(
                name=name,
                family=family,
                title=title,
                phrase=phrase,
                least=len(takes) if least is None else least,
                most=None if repeats else len(takes),
                compile=lambda call: compile_strict(function, call.codes()),
                judge=lambda call: judge_strict(call, takes, gives),
                example=example,
                joiner=joiner,
                longer=longer,
            )
        )
        return function

    return decorate


def compile_strict(function: Function, codes: list[Code]) -> Code:
    """The call of a function that is made only when no argument is null."""
    return folded(strict_run(function, [code.run for code in codes]), codes)


def strict_run(function: Function, runs: Sequence[Fn]) -> Fn:
    """A closure for one, two or more arguments."""
    if len(runs) == 1:
        return _one(function, runs[0])
    if len(runs) == 2:
        return _two(function, runs[0], runs[1])

    def run(view: Any) -> Any:
        values = [argument(view) for argument in runs]
        return None if None in values else function(*values)

    return run


def _one(function: Function, first: Fn) -> Fn:
    def run(view: Any) -> Any:
        value = first(view)
        return None if value is None else function(value)

    return run


def _two(function: Function, first: Fn, second: Fn) -> Fn:
    def run(view: Any) -> Any:
        left = first(view)
        if left is None:
            return None
        right = second(view)
        return None if right is None else function(left, right)

    return run


def judge_strict(call: Judgement, takes: Sequence[frozenset[str]], gives: Gives) -> Type:
    """Check each argument against what the operator takes; what it gives."""
    found = []
    for index in range(len(call.arguments)):
        wanted = takes[min(index, len(takes) - 1)]
        found.append(call.expect(index, wanted))
    return gives(found) if callable(gives) else gives
