"""Reads a rule before anyone runs it: unknown names, wrong types, and what it would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from definitions.problems import Problem, escaped
from definitions.rules.compiler import (
    ASSUMED_ROWS,
    BUDGET,
    MAX_DEPTH,
    MAX_NESTING,
    MAX_NODES,
    BadRule,
    arity_fits,
    arity_problem,
    compile_rule,
    split,
)
from definitions.rules.registry import OPERATORS, Operator
from definitions.rules.types import ANY, Type, fits, list_of, literal, title_of

Types = Mapping[str, Type]


@dataclass(frozen=True, slots=True)
class Names:
    """The names that can be read at one place of a rule, and those of the form around it."""

    here: Types
    form: Types
    nesting: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """One use of an operator, as its `judge` function sees it: asks types, reports problems."""

    checker: Checker
    operator: Operator
    arguments: Sequence[Any]
    names: Names
    pointer: str
    depth: int

    def type_of(self, index: int) -> Type:
        """The type of an argument."""
        where = f"{self.pointer}/{index}"
        return self.checker.type_of(self.arguments[index], self.names, where, self.depth + 1)

    def expect(self, index: int, wanted: frozenset[str]) -> Type:
        """The type of an argument; ANY, and a problem, when it isn't one of those wanted."""
        found = self.type_of(index)
        if fits(found, wanted):
            return found
        if found.name == "null":
            self.report("definition.rule_null", index)
        else:
            self.wrong_type(index, found, wanted)
        return ANY

    def wrong_type(self, index: int, found: Type, wanted: frozenset[str]) -> None:
        """Report an argument of one type where others are wanted."""
        names = [title_of(name) for name in sorted(wanted)]
        self.report("definition.rule_type", index, found=title_of(found.name), wanted=names)

    def condition(self, index: int) -> None:
        """Report an argument that isn't a boolean where one must stand."""
        found = self.type_of(index)
        if found.name not in ("boolean", "any"):
            self.report("definition.rule_not_condition", index, found=title_of(found.name))

    def body(self, index: int, here: Types) -> Type:
        """The type of an argument that runs for each element of an iteration."""
        names = Names(here, self.names.form, self.names.nesting + 1)
        where = f"{self.pointer}/{index}"
        if names.nesting > MAX_NESTING:
            self.report("definition.rule_nesting", index, most=MAX_NESTING)
            return ANY
        return self.checker.type_of(self.arguments[index], names, where, self.depth + 1)

    def body_condition(self, index: int, here: Types) -> None:
        """Report a body that isn't a condition."""
        found = self.body(index, here)
        if found.name not in ("boolean", "any"):
            self.report("definition.rule_not_condition", index, found=title_of(found.name))

    def report(self, code: str, index: int | None = None, **params: Any) -> None:
        """Note a problem at an argument, or at the operator itself."""
        where = self.pointer if index is None else f"{self.pointer}/{index}"
        params["operator"] = self.operator.name
        self.checker.problems.append(Problem(code, where, params))


class Checker:
    """Walks one rule, collecting every problem."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._nodes = 0
        self._stopped = False

    def type_of(self, expression: Any, names: Names, pointer: str, depth: int = 0) -> Type:
        """The type of an expression; ANY where it can't be told or where a problem is."""
        if not self._within_limits(pointer, depth):
            return ANY
        if isinstance(expression, Mapping):
            return self._operation(expression, names, pointer, depth)
        if isinstance(expression, list | tuple):
            return self._list(expression, names, pointer, depth)
        return literal(expression)

    def _operation(
        self, expression: Mapping[str, Any], names: Names, pointer: str, depth: int
    ) -> Type:
        try:
            name, arguments = split(expression)
        except BadRule as bad:
            self.problems.append(bad.problem.under(pointer))
            return ANY
        operator = OPERATORS.get(name)
        if operator is None:
            params = {"operator": name}
            self.problems.append(Problem("definition.rule_unknown_operator", pointer, params))
            return ANY
        if not arity_fits(operator, len(arguments)):
            self.problems.append(arity_problem(operator, len(arguments)).under(pointer))
            return ANY
        where = f"{pointer}/{escaped(name)}"
        return operator.judge(Judgement(self, operator, arguments, names, where, depth))

    def _list(self, items: Sequence[Any], names: Names, pointer: str, depth: int) -> Type:
        found = [
            self.type_of(item, names, f"{pointer}/{index}", depth + 1)
            for index, item in enumerate(items)
        ]
        alike = {kind.name for kind in found}
        codes = [kind.literal for kind in found]
        if alike == {"text"} and all(isinstance(code, str) for code in codes):
            return list_of(Type("text", options=frozenset(codes)))
        return list_of(found[0] if len(alike) == 1 else ANY)

    def _within_limits(self, pointer: str, depth: int) -> bool:
        self._nodes += 1
        if self._stopped:
            return False
        limit = "depth" if depth > MAX_DEPTH else "nodes" if self._nodes > MAX_NODES else ""
        if limit:
            most = MAX_DEPTH if limit == "depth" else MAX_NODES
            self.problems.append(Problem(f"definition.rule_{limit}", pointer, {"most": most}))
            self._stopped = True
        return not limit


def check(
    expression: Any,
    types: Types,
    pointer: str = "",
    *,
    condition: bool = False,
    row: bool = False,
) -> list[Problem]:
    """Every problem of a rule; `condition` also wants it to give a boolean.

    `types` says what can be read and of what type it is; `row` as for `compile_rule`.
    """
    checker = Checker()
    found = checker.type_of(expression, _outermost(types, row), pointer)
    if condition and found.name not in ("boolean", "any"):
        params = {"found": title_of(found.name)}
        checker.problems.append(Problem("definition.rule_not_condition", pointer, params))
    return checker.problems or _too_costly(expression, pointer, row)


def _too_costly(expression: Any, pointer: str, row: bool) -> list[Problem]:
    """What only compiling tells: its cost, and constants that come to more than they may."""
    try:
        cost = compile_rule(expression, row=row).cost
    except BadRule as bad:
        return [bad.problem.under(pointer)]
    limits = {"rows": ASSUMED_ROWS, "most": BUDGET}
    return [Problem("definition.rule_cost", pointer, limits)] if cost > BUDGET else []


def type_of(expression: Any, types: Types, *, row: bool = False) -> Type:
    """What a rule gives; ANY when that can't be told."""
    return Checker().type_of(expression, _outermost(types, row), "")


def _outermost(types: Types, row: bool) -> Names:
    if row:
        return Names(types, types)
    return Names(types, {f"form.{name}": kind for name, kind in types.items()})
