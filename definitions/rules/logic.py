"""Variables, truth and choice: var, and, or, !, if."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from definitions.rules.checker import Judgement
from definitions.rules.compare import compare_types
from definitions.rules.compiler import Call, Code, Fn, folded
from definitions.rules.registry import Example, Operator, register, words
from definitions.rules.strict import strict
from definitions.rules.types import ANY, BOOLEAN, Type


def _compile_var(call: Call) -> Code:
    name = _name(call)
    if call.scope.nesting == 0:
        call.compiler.reads.add(name)
        return Code(lambda view: view.get(name), name=name)
    if name.startswith("form."):
        return _outer(call, name if call.compiler.row else name.removeprefix("form."))
    return Code(_in_reduction(name) if call.scope.reducing else _in_row(name))


def _name(call: Call) -> str:
    """The name in `{"var": name}`; a number there is a name too, as in JSON Logic."""
    return str(call.arguments[0])


def _outer(call: Call, name: str) -> Code:
    call.compiler.reads.add(name)
    return Code(lambda frame: frame.root.get(name))


def _in_row(name: str) -> Fn:
    if name == "":
        return lambda frame: frame.element
    if name == "row_number":
        return lambda frame: frame.number
    return lambda frame: _column(frame.element, name)


def _in_reduction(name: str) -> Fn:
    if name == "accumulator":
        return lambda frame: frame.accumulator
    if name == "current":
        return lambda frame: frame.element
    column = name.removeprefix("current.")
    return lambda frame: _column(frame.element, column)


def _column(element: Any, name: str) -> Any:
    return element.get(name) if isinstance(element, dict) else None


def _judge_var(call: Judgement) -> Type:
    name = call.arguments[0]
    if not isinstance(name, str):
        call.report("definition.rule_variable", 0, name=str(name))
        return ANY
    found = call.names.here.get(name)
    if found is None and call.names.nesting:
        found = call.names.form.get(name)
    if found is None:
        call.report("definition.rule_variable", name=name)
        return ANY
    return found


register(
    Operator(
        "var",
        "logic",
        words("取值", "value of"),
        words("{0}", "{0}"),
        1,
        1,
        _compile_var,
        _judge_var,
        Example({"var": "area"}, {"area": 120}, 120),
    )
)


def _compile_and(call: Call) -> Code:
    codes = call.codes()
    return folded(_kleene([code.run for code in codes], stop=False), codes)


def _compile_or(call: Call) -> Code:
    codes = call.codes()
    return folded(_kleene([code.run for code in codes], stop=True), codes)


def _kleene(runs: Sequence[Fn], stop: bool) -> Fn:
    """`stop` decides as soon as one argument is it; otherwise anything unknown is null."""
    go_on = not stop
    if len(runs) == 2:
        return _kleene_two(runs[0], runs[1], stop)

    def run(view: Any) -> bool | None:
        """`stop` if any argument is it, its opposite if all are that, else null."""
        result: bool | None = go_on
        for argument in runs:
            value = argument(view)
            if value is stop:
                return stop
            if value is not go_on:
                result = None
        return result

    return run


def _kleene_two(first: Fn, second: Fn, stop: bool) -> Fn:
    go_on = not stop

    def run(view: Any) -> bool | None:
        left = first(view)
        if left is stop:
            return stop
        right = second(view)
        if right is stop:
            return stop
        return go_on if left is go_on and right is go_on else None

    return run


def _judge_conditions(call: Judgement) -> Type:
    for index in range(len(call.arguments)):
        call.condition(index)
    return BOOLEAN


register(
    Operator(
        "and",
        "logic",
        words("并且", "all of these"),
        words("{all}", "{all}"),
        1,
        None,
        _compile_and,
        _judge_conditions,
        Example({"and": [{"var": "a"}, {"var": "b"}]}, {"b": False}, False),
        joiner=words(" 并且 ", " and "),
    )
)
register(
    Operator(
        "or",
        "logic",
        words("或者", "any of these"),
        words("（{all}）", "({all})"),
        1,
        None,
        _compile_or,
        _judge_conditions,
        Example({"or": [{"var": "a"}, {"var": "b"}]}, {"b": True}, True),
        joiner=words(" 或者 ", " or "),
    )
)


@strict(
    "!",
    "logic",
    takes=[frozenset({"boolean"})],
    gives=BOOLEAN,
    title=words("不成立", "not"),
    phrase=words("并非（{0}）", "not ({0})"),
    example=Example({"!": [{"var": "a"}]}, {"a": True}, False),
)
def negation(value: Any) -> bool | None:
    """The other truth value."""
    return not value if value.__class__ is bool else None


def _compile_if(call: Call) -> Code:
    codes = call.codes()
    branches = [(codes[index].run, codes[index + 1].run) for index in range(0, len(codes) - 1, 2)]
    otherwise = codes[-1].run if len(codes) % 2 else None

    def run(view: Any) -> Any:
        """The value behind the first condition that holds; null if one before it is unknown."""
        for condition, value in branches:
            holds = condition(view)
            if holds is True:
                return value(view)
            if holds is not False:
                return None
        return otherwise(view) if otherwise else None

    return folded(run, codes)


def _judge_if(call: Judgement) -> Type:
    count = len(call.arguments)
    for index in range(0, count - 1, 2):
        call.condition(index)
    values = [index for index in range(count) if index % 2 or index == count - 1]
    found = [kind for kind in map(call.type_of, values) if kind.name != "null"]
    return compare_types(call, found) if found else ANY


register(
    Operator(
        "if",
        "logic",
        words("如果", "if"),
        words("如果 {0} 则为 {1}", "{1} if {0}"),
        2,
        None,
        _compile_if,
        _judge_if,
        Example({"if": [{"var": "urgent"}, 1, 5]}, {"urgent": False}, 5),
        longer=words("如果 {0} 则为 {1}，否则 {2}", "{1} if {0}, otherwise {2}"),
    )
)
