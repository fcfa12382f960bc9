"""A rule as JSON becomes Python closures, once; running it looks answers up and nothing else.

Strict null: an operator that meets null gives null, and so does one that meets a value of a type
it isn't made for. Only `is_answered` and `coalesce` look at null, and `and`/`or` follow Kleene.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from definitions.problems import Problem
from definitions.rules.registry import OPERATORS, Operator

Fn = Callable[[Any], Any]

TODAY = "$today"
"""The name under which a view carries the date of today, as ISO text."""
CALENDAR = "$calendar"
"""The name under which a view carries a `definitions.calendars.WorkCalendar`."""

MAX_NODES = 2_000
MAX_DEPTH = 40
MAX_NESTING = 3
BUDGET = 100_000
ASSUMED_ROWS = 50


class BadRule(ValueError):
    """A rule that can't be compiled; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} {dict(problem.params)}")
        self.problem = problem


class RuleTooExpensive(BadRule):
    """A rule over a limit: too deep or large when it is compiled, too many steps when it runs."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule.

    `fn` takes a view (anything with `get(name)`) and returns the value, None for null; it raises
    RuleTooExpensive when its tables are too long for its budget. `reads` names every answer it
    may look at; `cost` is its number of steps when every table has ASSUMED_ROWS rows.
    """

    fn: Fn
    reads: frozenset[str]
    cost: int
    expression: Any


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled piece: `constant` when it gives `value` whatever the view, `name` if a lookup."""

    run: Fn
    cost: int = 1
    constant: bool = False
    value: Any = None
    name: str | None = None


@dataclass(slots=True)
class Frame:
    """What an iteration's body sees: its element, and beyond it the view that the rule was given.

    `meter` holds the steps that are left to all iterations inside the outermost one.
    """

    element: Any
    number: int
    root: Any
    meter: list[int]
    accumulator: Any = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a piece of a rule stands: in how many iterations, the innermost of them of a kind."""

    nesting: int = 0
    reducing: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One use of an operator, as its `compile` function sees it."""

    compiler: Compiler
    operator: Operator
    arguments: Sequence[Any]
    scope: Scope
    depth: int

    def code(self, index: int) -> Code:
        """An argument, compiled where the operator stands."""
        return self.compiler.code(self.arguments[index], self.scope, self.depth + 1)

    def codes(self) -> list[Code]:
        """Every argument, compiled where the operator stands."""
        return [self.code(index) for index in range(len(self.arguments))]

    def body(self, index: int, *, reducing: bool = False) -> Code:
        """An argument, compiled to run once for each element of an iteration."""
        scope = Scope(self.scope.nesting + 1, reducing)
        if scope.nesting > MAX_NESTING:
            raise _too_expensive("nesting", MAX_NESTING)
        return self.compiler.code(self.arguments[index], scope, self.depth + 1)


class Compiler:
    """Compiles one rule, noting what it reads and keeping it within its limits."""

    def __init__(self, budget: int, row: bool) -> None:
        self.budget = budget
        self.row = row
        self.reads: set[str] = set()
        self._nodes = 0

    def code(self, expression: Any, scope: Scope, depth: int = 0) -> Code:
        """One expression, compiled; raises BadRule or RuleTooExpensive."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _too_expensive("nodes", MAX_NODES)
        if depth > MAX_DEPTH:
            raise _too_expensive("depth", MAX_DEPTH)
        if isinstance(expression, Mapping):
            return self._operation(expression, scope, depth)
        if isinstance(expression, list | tuple):
            return self._list(expression, scope, depth)
        return constant(expression)

    def _operation(self, expression: Mapping[str, Any], scope: Scope, depth: int) -> Code:
        name, arguments = split(expression)
        operator = OPERATORS.get(name)
        if operator is None:
            raise BadRule(Problem("definition.rule_unknown_operator", params={"operator": name}))
        if not arity_fits(operator, len(arguments)):
            raise BadRule(arity_problem(operator, len(arguments)))
        return operator.compile(Call(self, operator, arguments, scope, depth))

    def _list(self, items: Sequence[Any], scope: Scope, depth: int) -> Code:
        codes = [self.code(item, scope, depth + 1) for item in items]
        runs = [code.run for code in codes]
        return folded(lambda view: [run(view) for run in runs], codes)


def compile_rule(expression: Any, *, budget: int = BUDGET, row: bool = False) -> Rule:
    """A rule as JSON Logic, ready to run.

    `row` says that the rule belongs to a table's rows: its names are columns, and "form.x" is a
    name of its view. Elsewhere, "form.x" inside an iteration reaches out to the view's "x".
    `budget` bounds the steps that its iterations may take together.
    Raises BadRule (unknown operator, wrong shape) and RuleTooExpensive (over a static limit).
    """
    compiler = Compiler(budget, row)
    code = compiler.code(expression, Scope())
    return Rule(code.run, frozenset(compiler.reads), code.cost, expression)


def split(expression: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Operator and arguments of `{"op": [..]}`; a single argument may stand without its list."""
    if len(expression) != 1:
        raise BadRule(Problem("definition.rule_shape"))
    [(name, arguments)] = expression.items()
    if isinstance(arguments, list | tuple):
        return str(name), list(arguments)
    return str(name), [arguments]


def arity_fits(operator: Operator, count: int) -> bool:
    """Whether an operator can take so many arguments."""
    return operator.least <= count and (operator.most is None or count <= operator.most)


def arity_problem(operator: Operator, count: int) -> Problem:
    """What is wrong with so many arguments."""
    params = {"operator": operator.name, "least": operator.least, "count": count}
    if operator.most is None:
        return Problem("definition.rule_arity_open", params=params)
    return Problem("definition.rule_arity", params={**params, "most": operator.most})


def constant(value: Any) -> Code:
    """A piece that gives one value."""
    return Code(lambda view: value, 1, constant=True, value=value)


def folded(run: Fn, codes: Sequence[Code], cost: int | None = None) -> Code:
    """The piece that joins `codes`; worked out now if nothing in it can change."""
    if codes and all(code.constant for code in codes):
        return constant(run(None))
    total = 1 + sum(code.cost for code in codes) if cost is None else cost
    return Code(run, total)


def _too_expensive(limit: str, most: int) -> RuleTooExpensive:
    return RuleTooExpensive(Problem(f"definition.rule_{limit}", params={"most": most}))


def spend(meter: list[int], steps: int) -> None:
    """Take steps from what an iteration may still use; raises RuleTooExpensive at the end."""
    meter[0] -= steps
    if meter[0] < 0:
        raise RuleTooExpensive(Problem("definition.rule_budget"))
