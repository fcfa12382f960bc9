"""The operators that rules may use: each one declares all that is known about it, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from definitions.model import Text
from definitions.rules.types import Type

if TYPE_CHECKING:
    from definitions.rules.checker import Judgement
    from definitions.rules.compiler import Call, Code

Compile = Callable[["Call"], "Code"]
Judge = Callable[["Judgement"], Type]
Gives = Type | Callable[[list[Type]], Type]


@dataclass(frozen=True, slots=True)
class Example:
    """A rule, the answers it meets and what it gives: documentation that a test runs."""

    rule: Any
    view: Mapping[str, Any]
    gives: Any


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: how many arguments, how it compiles, how it is checked, how it reads.

    `phrase` is its sentence with {0}, {1}, … for the arguments, or {all} for all of them joined
    by `joiner`; `longer` is the sentence when there are more arguments than that has places for.
    `most` is None when there is no upper limit.
    """

    name: str
    family: str
    title: Text
    phrase: Text
    least: int
    most: int | None
    compile: Compile
    judge: Judge
    example: Example
    joiner: Text | None = None
    longer: Text | None = None


OPERATORS: dict[str, Operator] = {}


def words(zh: str, en: str) -> Text:
    """A text in both languages."""
    return {"zh-CN": zh, "en": en}


def register(operator: Operator) -> None:
    """Add an operator; a second one of the same name is a mistake of ours."""
    if operator.name in OPERATORS:
        raise ValueError(f"two operators are named {operator.name!r}")
    OPERATORS[operator.name] = operator
