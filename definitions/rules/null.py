"""The two operators that look at null: is_answered and coalesce."""

from __future__ import annotations

from typing import Any

from definitions.rules.checker import Judgement
from definitions.rules.compare import compare_types
from definitions.rules.compiler import Call, Code, folded
from definitions.rules.registry import Example, Operator, register, words
from definitions.rules.types import ANY, BOOLEAN, Type


def _compile_is_answered(call: Call) -> Code:
    code = call.code(0)
    run = code.run
    return folded(lambda view: run(view) is not None, [code])


def _judge_is_answered(call: Judgement) -> Type:
    call.type_of(0)
    return BOOLEAN


def _compile_coalesce(call: Call) -> Code:
    codes = call.codes()
    runs = [code.run for code in codes]

    def run(view: Any) -> Any:
        for argument in runs:
            value = argument(view)
            if value is not None:
                return value
        return None

    return folded(run, codes)


def _judge_coalesce(call: Judgement) -> Type:
    found = [call.type_of(index) for index in range(len(call.arguments))]
    known = [kind for kind in found if kind.name != "null"]
    return compare_types(call, known) if known else ANY


register(
    Operator(
        "is_answered",
        "null",
        words("已填写", "is answered"),
        words("已填写 {0}", "{0} is answered"),
        1,
        1,
        _compile_is_answered,
        _judge_is_answered,
        Example({"is_answered": [{"var": "phone"}]}, {}, False),
    )
)
register(
    Operator(
        "coalesce",
        "null",
        words("未填写时取", "or else"),
        words("{all}", "{all}"),
        1,
        None,
        _compile_coalesce,
        _judge_coalesce,
        Example({"coalesce": [{"var": "area"}, 0]}, {}, 0),
        joiner=words("，未填写时取 ", " or else "),
    )
)
