"""Rows and lists: map, filter, reduce, all, some, none, count, sum.

Inside, {"var": "column"} is the row's, {"var": ""} the element itself, {"var": "row_number"}
counts from 1, and {"var": "form.x"} reaches out to the form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from definitions.model import Text
from definitions.rules.checker import Judgement
from definitions.rules.compiler import ASSUMED_ROWS, Call, Code, Fn, Frame, spend
from definitions.rules.numbers import is_number, tidy
from definitions.rules.registry import Compile, Example, Judge, Operator, register, words
from definitions.rules.types import (
    ANY,
    BOOLEAN,
    INTEGER,
    ITERABLE,
    NUMERIC,
    Type,
    fits,
    list_of,
)

Finish = Callable[[list[Any], list[Any]], Any]
"""Elements and what the body gave for each -> the result."""


def _iteration(finish: Finish) -> Compile:
    """An operator that runs its body for each element and makes a result of it all."""

    def compile_iteration(call: Call) -> Code:
        rows = call.code(0)
        if len(call.arguments) == 1:
            return Code(_whole(finish, rows.run), 1 + rows.cost)
        body = call.body(1)
        run = _each(finish, _frames(call, rows.run, body.cost), body.run)
        return Code(run, 1 + rows.cost + ASSUMED_ROWS * body.cost)

    return compile_iteration


def _whole(finish: Finish, rows: Fn) -> Fn:
    """Without a body, each element stands for itself."""

    def run(view: Any) -> Any:
        elements = rows(view)
        return finish(elements, elements) if isinstance(elements, list) else None

    return run


def _each(finish: Finish, frames: Callable[[Any], list[Frame] | None], body: Fn) -> Fn:
    def run(view: Any) -> Any:
        opened = frames(view)
        if opened is None:
            return None
        return finish([frame.element for frame in opened], [body(frame) for frame in opened])

    return run


def _frames(call: Call, rows: Fn, cost: int) -> Callable[[Any], list[Frame] | None]:
    """A frame per element, paid for before the body runs; None when there is no list."""
    budget, outermost = call.compiler.budget, call.scope.nesting == 0

    def frames(scope: Any) -> list[Frame] | None:
        elements = rows(scope)
        if not isinstance(elements, list):
            return None
        root, meter = (scope, [budget]) if outermost else (scope.root, scope.meter)
        spend(meter, len(elements) * cost)
        return [Frame(element, number, root, meter) for number, element in enumerate(elements, 1)]

    return frames


def _filtered(elements: list[Any], results: list[Any]) -> list[Any]:
    return [element for element, holds in zip(elements, results, strict=True) if holds is True]


def _all(elements: list[Any], results: list[Any]) -> bool | None:
    """As in JSON Logic, nothing holds for all of no rows."""
    if not elements or False in (result for result in results if result.__class__ is bool):
        return False
    return True if all(result is True for result in results) else None


def _some(elements: list[Any], results: list[Any]) -> bool | None:
    if any(result is True for result in results):
        return True
    return False if all(result is False for result in results) else None


def _none(elements: list[Any], results: list[Any]) -> bool | None:
    found = _some(elements, results)
    return None if found is None else not found


def _count(elements: list[Any], results: list[Any]) -> int:
    if results is elements:
        return len(elements)
    return sum(1 for holds in results if holds is True)


def _sum(elements: list[Any], results: list[Any]) -> Any:
    return tidy(sum(results)) if all(is_number(result) for result in results) else None


def _compile_reduce(call: Call) -> Code:
    rows, body, start = call.code(0), call.body(1, reducing=True), call.code(2)
    frames, step, first = _frames(call, rows.run, body.cost), body.run, start.run

    def run(view: Any) -> Any:
        """What the last row comes to; null without a list, RuleTooExpensive beyond the budget."""
        opened = frames(view)
        if opened is None:
            return None
        accumulator = first(view)
        for frame in opened:
            frame.accumulator = accumulator
            accumulator = step(frame)
        return accumulator

    return Code(run, 1 + rows.cost + start.cost + ASSUMED_ROWS * body.cost)


def _inside(rows: Type) -> dict[str, Type]:
    """The names that a body can read, by the type of what it iterates over."""
    if rows.name == "table":
        return {**rows.columns, "": ANY, "row_number": INTEGER}
    return {"": rows.of or ANY, "row_number": INTEGER}


def _judge_condition_body(gives: Callable[[Type], Type]) -> Judge:
    def judge(call: Judgement) -> Type:
        rows = call.expect(0, ITERABLE)
        if len(call.arguments) > 1:
            call.body_condition(1, _inside(rows))
        return gives(rows)

    return judge


def _judge_map(call: Judgement) -> Type:
    return list_of(call.body(1, _inside(call.expect(0, ITERABLE))))


def _judge_sum(call: Judgement) -> Type:
    rows = call.expect(0, ITERABLE)
    has_body = len(call.arguments) > 1
    summed = call.body(1, _inside(rows)) if has_body else rows.of or ANY
    if not fits(summed, NUMERIC):
        call.wrong_type(int(has_body), summed, NUMERIC)
    return Type(summed.name)


def _judge_reduce(call: Judgement) -> Type:
    rows, start = call.expect(0, ITERABLE), call.type_of(2)
    start = Type("number" if start.name == "integer" else start.name, start.options, start.columns)
    names = {"accumulator": start, "current": rows.of or ANY}
    names |= {f"current.{name}": kind for name, kind in rows.columns.items()}
    call.body(1, names)
    return start


def _boolean(rows: Type) -> Type:
    return BOOLEAN


_ADULTS = {">=": [{"var": "age"}, 18]}
_PEOPLE = {"people": [{"age": 40}, {"age": 12}]}


def _register(
    name: str,
    title: tuple[str, str],
    phrase: tuple[str, str],
    least: int,
    finish: Finish,
    judge: Judge,
    example: Example,
    longer: Text | None = None,
) -> None:
    register(
        Operator(
            name,
            "tables",
            words(*title),
            words(*phrase),
            least,
            2,
            _iteration(finish),
            judge,
            example,
            longer=longer,
        )
    )


_register(
    "map",
    ("逐行取", "for each row"),
    ("{0} 每一行的 {1}", "{1} of each row of {0}"),
    2,
    lambda elements, results: results,
    _judge_map,
    Example({"map": [{"var": "people"}, {"var": "age"}]}, _PEOPLE, [40, 12]),
)
_register(
    "filter",
    ("筛选", "rows where"),
    ("{0} 中 {1} 的行", "rows of {0} where {1}"),
    2,
    _filtered,
    _judge_condition_body(lambda rows: rows),
    Example({"filter": [{"var": "people"}, _ADULTS]}, _PEOPLE, [{"age": 40}]),
)
_register(
    "all",
    ("每一行都", "every row"),
    ("{0} 的每一行都满足 {1}", "for every row of {0}, {1}"),
    2,
    _all,
    _judge_condition_body(_boolean),
    Example({"all": [{"var": "people"}, _ADULTS]}, _PEOPLE, False),
)
_register(
    "some",
    ("至少一行", "some row"),
    ("{0} 至少有一行满足 {1}", "for some row of {0}, {1}"),
    2,
    _some,
    _judge_condition_body(_boolean),
    Example({"some": [{"var": "people"}, _ADULTS]}, _PEOPLE, True),
)
_register(
    "none",
    ("没有一行", "no row"),
    ("{0} 没有一行满足 {1}", "for no row of {0}, {1}"),
    2,
    _none,
    _judge_condition_body(_boolean),
    Example({"none": [{"var": "people"}, _ADULTS]}, _PEOPLE, False),
)
_register(
    "count",
    ("行数", "number of rows"),
    ("{0} 的行数", "the number of rows of {0}"),
    1,
    _count,
    _judge_condition_body(lambda rows: INTEGER),
    Example({"count": [{"var": "people"}, _ADULTS]}, _PEOPLE, 1),
    words("{0} 中 {1} 的行数", "the number of rows of {0} where {1}"),
)
_register(
    "sum",
    ("合计", "total"),
    ("{0} 的合计", "the total of {0}"),
    1,
    _sum,
    _judge_sum,
    Example({"sum": [{"var": "people"}, {"var": "age"}]}, _PEOPLE, 52),
    words("{0} 中 {1} 的合计", "the total of {1} over {0}"),
)
register(
    Operator(
        "reduce",
        "tables",
        words("逐行累计", "accumulated over rows"),
        words("{0} 逐行累计", "accumulated over {0}"),
        3,
        3,
        _compile_reduce,
        _judge_reduce,
        Example(
            {
                "reduce": [
                    {"var": "people"},
                    {"+": [{"var": "accumulator"}, {"var": "current.age"}]},
                    0,
                ]
            },
            _PEOPLE,
            52,
        ),
    )
)
