"""Comparing: == != < <= > >= in. Of three arguments of < and <=, the second lies between.

Only values of one kind are compared; anything else gives null.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from definitions.rules.checker import Judgement
from definitions.rules.compiler import Call, Code, Fn, folded
from definitions.rules.numbers import is_number
from definitions.rules.registry import Example, Operator, register, words
from definitions.rules.types import ANY, BOOLEAN, ORDERED, Type, joined, title_of


def alike(left: Any, right: Any) -> bool:
    """Whether two values are of kinds that can be compared: equal, or both numbers."""
    if left.__class__ is right.__class__:
        return True
    return is_number(left) and is_number(right)


def _equal(left: Any, right: Any) -> bool | None:
    return left == right if alike(left, right) else None


def _unequal(left: Any, right: Any) -> bool | None:
    return left != right if alike(left, right) else None


def _comparison(function: Callable[[Any, Any], Any], negate: bool) -> Callable[[Call], Code]:
    def compile_comparison(call: Call) -> Code:
        left, right = call.codes()
        if left.constant and not right.constant:
            left, right = right, left
        codes = [left, right]
        if right.constant and right.value.__class__ in (str, bool) and not left.constant:
            return folded(_equals_constant(left, right.value, negate), codes)
        return folded(_compares(function, left.run, right.run), codes)

    return compile_comparison


def _compares(function: Callable[[Any, Any], Any], first: Fn, second: Fn) -> Fn:
    def run(view: Any) -> Any:
        left, right = first(view), second(view)
        return None if left is None or right is None else function(left, right)

    return run


def _equals_constant(code: Code, wanted: Any, negate: bool) -> Fn:
    """The commonest condition, `field == "code"`, without a call inside a call."""
    kind, run = wanted.__class__, code.run
    if code.name is None:

        def computed(view: Any) -> bool | None:
            value = run(view)
            return (value == wanted) is not negate if value.__class__ is kind else None

        return computed
    name = code.name

    def looked_up(view: Any) -> bool | None:
        value = view.get(name)
        return (value == wanted) is not negate if value.__class__ is kind else None

    return looked_up


def _judge_comparison(call: Judgement) -> Type:
    compare_types(call, [call.type_of(0), call.type_of(1)])
    return BOOLEAN


def compare_types(call: Judgement, found: Sequence[Type]) -> Type:
    """Report values that can't be compared; the type they share."""
    shared = found[0]
    for index, kind in enumerate(found):
        if kind.name == "null":
            call.report("definition.rule_null", index)
            return ANY
    for index, kind in enumerate(found[1:], start=1):
        together = joined(shared, kind)
        if together is None:
            _report_unlike(call, index, shared, kind)
            return ANY
        shared = together
    return shared


def _report_unlike(call: Judgement, index: int, left: Type, right: Type) -> None:
    for constant, other in ((left, right), (right, left)):
        if other.name == "choice" and constant.literal is not None and other.options:
            known = ", ".join(sorted(other.options))
            call.report("definition.rule_option", index, option=constant.literal, options=known)
            return
    _report_comparison(call, index, left.name, right.name)


def _report_comparison(call: Judgement, index: int, left: str, right: str) -> None:
    titles = {"left": title_of(left), "right": title_of(right)}
    call.report("definition.rule_comparison", index, **titles)


for _operator, _function, _negate, _title, _phrase, _gives in (
    ("==", _equal, False, words("等于", "equals"), words("{0} 为 {1}", "{0} is {1}"), True),
    (
        "!=",
        _unequal,
        True,
        words("不等于", "does not equal"),
        words("{0} 不为 {1}", "{0} is not {1}"),
        False,
    ),
):
    register(
        Operator(
            _operator,
            "compare",
            _title,
            _phrase,
            2,
            2,
            _comparison(_function, _negate),
            _judge_comparison,
            Example({_operator: [{"var": "kind"}, "company"]}, {"kind": "company"}, _gives),
        )
    )


Compare = Callable[[Any, Any], bool]


def _ordered(compare: Compare) -> Callable[[Any, Any], bool | None]:
    """Two numbers, or two texts (dates and times as ISO text order by time)."""

    def run(left: Any, right: Any) -> bool | None:
        if not alike(left, right) or left.__class__ not in (int, float, str):
            return None
        return compare(left, right)

    return run


def _compile(compare: Compare) -> Callable[[Call], Code]:
    ordered = _ordered(compare)

    def compile_order(call: Call) -> Code:
        codes = call.codes()
        if len(codes) == 3:
            return folded(_between(ordered, [code.run for code in codes]), codes)
        left, right = codes
        if right.constant and right.value.__class__ in (int, float):
            return folded(_with_number(compare, left, right.value), codes)
        return folded(_compares(ordered, left.run, right.run), codes)

    return compile_order


def _with_number(compare: Compare, code: Code, limit: float) -> Fn:
    """The commonest comparison, `field > 100`, without a call inside a call."""
    if code.name is None:
        run = code.run

        def computed(view: Any) -> bool | None:
            value = run(view)
            return compare(value, limit) if value.__class__ in (int, float) else None

        return computed
    name = code.name

    def looked_up(view: Any) -> bool | None:
        value = view.get(name)
        return compare(value, limit) if value.__class__ in (int, float) else None

    return looked_up


def _between(ordered: Callable[[Any, Any], bool | None], runs: list[Fn]) -> Fn:
    def run(view: Any) -> bool | None:
        low, value, high = [argument(view) for argument in runs]
        if low is None or value is None or high is None:
            return None
        above, below = ordered(low, value), ordered(value, high)
        return None if above is None or below is None else above and below

    return run


def _judge(call: Judgement) -> Type:
    compare_types(call, [call.expect(index, ORDERED) for index in range(len(call.arguments))])
    return BOOLEAN


for _name, _compare, _most, _title, _gives in (
    ("<", operator.lt, 3, words("小于", "less than"), False),
    ("<=", operator.le, 3, words("不大于", "at most"), False),
    (">", operator.gt, 2, words("大于", "more than"), True),
    (">=", operator.ge, 2, words("不小于", "at least"), True),
):
    register(
        Operator(
            _name,
            "compare",
            _title,
            words("{0} " + _title["zh-CN"] + " {1}", "{0} is " + _title["en"] + " {1}"),
            2,
            _most,
            _compile(_compare),
            _judge,
            Example({_name: [{"var": "area"}, 100]}, {"area": 120.5}, _gives),
            longer=words("{1} 在 {0} 和 {2} 之间", "{1} is between {0} and {2}"),
        )
    )


def _contains(needle: Any, haystack: Any) -> bool | None:
    if haystack.__class__ is str:
        return needle in haystack if needle.__class__ is str else None
    if not isinstance(haystack, list):
        return None
    return any(alike(needle, element) and needle == element for element in haystack)


def _compile_in(call: Call) -> Code:
    needle, haystack = call.codes()
    codes = [needle, haystack]
    listed = haystack.value if haystack.constant and isinstance(haystack.value, list) else []
    if listed and all(element.__class__ is str for element in listed):
        return folded(_in_codes(needle.run, frozenset(listed)), codes)
    return folded(_compares(_contains, needle.run, haystack.run), codes)


def _in_codes(needle: Fn, codes: frozenset[str]) -> Fn:
    def run(view: Any) -> bool | None:
        value = needle(view)
        if value.__class__ is str:
            return value in codes
        return None if value is None else False

    return run


def _judge_in(call: Judgement) -> Type:
    needle, haystack = call.expect(0, _SCALARS), call.expect(1, _HAYSTACKS)
    if haystack.name in ("text", "choice"):
        if needle.name not in ("text", "choice", "any"):
            _report_comparison(call, 0, needle.name, "text")
        return BOOLEAN
    element = haystack.of or ANY
    if element.name == "text" and element.options is not None:
        return _judge_listed(call, needle, element.options)
    compare_types(call, [needle, element])
    return BOOLEAN


def _judge_listed(call: Judgement, needle: Type, listed: frozenset[str]) -> Type:
    unknown = listed - needle.options if needle.options is not None else frozenset()
    if needle.name not in ("text", "choice", "date", "time", "any"):
        _report_comparison(call, 0, needle.name, "text")
    elif unknown:
        known = ", ".join(sorted(needle.options or ()))
        call.report("definition.rule_option", 1, option=min(unknown), options=known)
    return BOOLEAN


_SCALARS = frozenset({"text", "choice", "integer", "number", "money", "date", "time", "boolean"})
_HAYSTACKS = frozenset({"text", "choice", "list", "choices"})

register(
    Operator(
        "in",
        "compare",
        words("属于", "is one of"),
        words("{0} 属于 {1}", "{0} is one of {1}"),
        2,
        2,
        _compile_in,
        _judge_in,
        Example({"in": [{"var": "kind"}, ["a", "b"]]}, {"kind": "b"}, True),
    )
)
