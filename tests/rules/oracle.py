"""The meaning of rules, written as plainly as can be: a walk over the tree, exact fractions.

Slow, and of another mind than `definitions.rules`: what both agree on is likely right.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

TODAY = "$today"


def evaluate(rule: Any, view: dict[str, Any]) -> Any:
    """What a rule gives for a view."""
    return walk(rule, view, [])


def walk(rule: Any, view: dict[str, Any], frames: list[dict[str, Any]]) -> Any:
    if isinstance(rule, list):
        return [walk(part, view, frames) for part in rule]
    if not isinstance(rule, dict):
        return rule
    [(name, arguments)] = rule.items()
    if not isinstance(arguments, list):
        arguments = [arguments]
    if name == "var":
        return variable(arguments[0], view, frames)
    if name == "today":
        return view.get(TODAY)
    if name in ITERATIONS:
        return iteration(name, arguments, view, frames)
    if name in LAZY:
        return lazy(name, [lambda a=a: walk(a, view, frames) for a in arguments])
    values = [walk(argument, view, frames) for argument in arguments]
    if any(value is None for value in values):
        return None
    return EAGER[name](values)


def variable(name: str, view: dict[str, Any], frames: list[dict[str, Any]]) -> Any:
    if not frames:
        return view.get(name)
    if name.startswith("form."):
        return view.get(name[5:])
    frame = frames[-1]
    if "accumulator" in frame:
        if name in ("accumulator", "current"):
            return frame[name]
        row, name = frame["current"], name.removeprefix("current.")
    else:
        if name == "":
            return frame["element"]
        if name == "row_number":
            return frame["number"]
        row = frame["element"]
    return row.get(name) if isinstance(row, dict) else None


ITERATIONS = ("map", "filter", "all", "some", "none", "count", "sum", "reduce")
LAZY = ("and", "or", "if", "is_answered", "coalesce")


def iteration(name: str, arguments: list[Any], view: Any, frames: Any) -> Any:
    rows = walk(arguments[0], view, frames)
    if not isinstance(rows, list):
        return None
    if name == "reduce":
        result = walk(arguments[2], view, frames)
        for row in rows:
            frame = {"accumulator": result, "current": row}
            result = walk(arguments[1], view, [*frames, frame])
        return result
    if len(arguments) == 1:
        results = rows
    else:
        results = [
            walk(arguments[1], view, [*frames, {"element": row, "number": number + 1}])
            for number, row in enumerate(rows)
        ]
    return collected(name, rows, results, len(arguments) == 1)


def collected(name: str, rows: list[Any], results: list[Any], whole: bool) -> Any:
    truths = [result if isinstance(result, bool) else None for result in results]
    if name == "map":
        return results
    if name == "filter":
        return [row for row, truth in zip(rows, truths, strict=True) if truth is True]
    if name == "count":
        return len(rows) if whole else truths.count(True)
    if name == "all":
        if not rows or False in truths:
            return False
        return None if None in truths else True
    if name in ("some", "none"):
        some = True if True in truths else None if None in truths else False
        return some if name == "some" or some is None else not some
    if not all(kind(result) == "number" for result in results):
        return None
    return settled(sum(map(exact, results)), results)


def lazy(name: str, thunks: list[Any]) -> Any:
    if name == "is_answered":
        return thunks[0]() is not None
    if name == "coalesce":
        return next((value for thunk in thunks if (value := thunk()) is not None), None)
    if name == "if":
        while len(thunks) > 1:
            condition = thunks[0]()
            if condition is True:
                return thunks[1]()
            if condition is not False:
                return None
            thunks = thunks[2:]
        return thunks[0]() if thunks else None
    values = [thunk() for thunk in thunks]
    decides = name == "or"
    if any(value is decides for value in values):
        return decides
    return (not decides) if all(value is (not decides) for value in values) else None


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return type(value).__name__


def exact(value: float) -> Fraction:
    return Fraction(repr(value))


def settled(value: Fraction, operands: list[Any]) -> Any:
    """Back to JSON: whole if all operands are, else a float of nine decimals; null if too large."""
    if abs(value) > 10**18:
        return None
    if all(isinstance(operand, int) for operand in operands) and value.denominator == 1:
        return int(value)
    return float(round(value, 9))


def numbers(values: list[Any]) -> bool:
    return all(kind(value) == "number" for value in values)


def arithmetic(name: str, values: list[Any]) -> Any:
    if not numbers(values):
        return None
    first, *rest = [exact(value) for value in values]
    if name == "-":
        return settled(first - rest[0], values) if rest else -values[0]
    if name == "/":
        return settled(first / rest[0], values) if rest[0] else None
    if name == "%":
        if not rest[0]:
            return None
        return settled(first - rest[0] * math.trunc(first / rest[0]), values)
    if name == "+":
        return settled(first + sum(rest), values)
    result: Any = settled(first, values[:1])
    for place, factor in enumerate(rest):
        result = settled(exact(result) * factor, values[: place + 2])
        if result is None:
            return None
    return result


def compared(name: str, values: list[Any]) -> Any:
    if len(values) == 3:
        parts = [compared(name, values[:2]), compared(name, values[1:])]
        return None if None in parts else all(parts)
    left, right = values
    if kind(left) != kind(right):
        return None
    if name in ("==", "!="):
        return (left == right) is (name == "==")
    if kind(left) not in ("number", "str"):
        return None
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[name]


def extreme(name: str, values: list[Any]) -> Any:
    kinds = {kind(value) for value in values}
    if len(kinds) > 1 or not kinds <= {"number", "str"}:
        return None
    ordered = sorted(values)
    return ordered[0] if name == "min" else ordered[-1]


def rounded(values: list[Any]) -> Any:
    value, decimals = [*values, 0][:2]
    if not numbers([value]) or type(decimals) is not int or abs(decimals) > 9:
        return None
    if isinstance(value, float) and abs(value) > 10**18:
        return None
    scale = Fraction(10) ** decimals
    result = Fraction(math.floor(abs(exact(value)) * scale + Fraction(1, 2))) / scale
    result = -result if value < 0 else result
    if isinstance(value, int) and decimals >= 0:
        return value
    return float(result) if decimals > 0 else int(result)


def stepped(values: list[Any], step: Any) -> Any:
    return step(exact(values[0])) if numbers(values) and abs(values[0]) <= 10**18 else None


def contained(values: list[Any]) -> Any:
    needle, haystack = values
    if isinstance(haystack, str):
        return needle in haystack if isinstance(needle, str) else None
    if not isinstance(haystack, list):
        return None
    return any(kind(needle) == kind(one) and needle == one for one in haystack)


def joined(values: list[Any]) -> Any:
    text = ""
    for value in values:
        if kind(value) == "number":
            text += str(int(value)) if value == int(value) else repr(value)
        elif isinstance(value, str):
            text += value
        else:
            return None
    return text


def part(values: list[Any]) -> Any:
    text, start, length = [*values, None][:3]
    if not isinstance(text, str) or type(start) is not int:
        return None
    if length is not None and type(length) is not int:
        return None
    rest = text[start:]
    return rest if length is None else rest[:length]


def day(value: Any) -> date | None:
    try:
        parsed = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return parsed if parsed and parsed.isoformat() == value else None


def added(values: list[Any]) -> Any:
    start, count, unit = day(values[0]), values[1], values[2]
    if start is None or type(count) is not int or abs(count) > 400_000:
        return None
    try:
        if unit == "days":
            return (start + timedelta(days=count)).isoformat()
        if unit not in ("months", "years"):
            return None
        months = start.year * 12 + start.month - 1 + count * (12 if unit == "years" else 1)
        for last in (start.day, 30, 29, 28):
            if last <= start.day:
                try:
                    return date(months // 12, months % 12 + 1, last).isoformat()
                except ValueError:
                    continue
    except OverflowError:
        pass
    return None


def days(values: list[Any]) -> Any:
    first, second = day(values[0]), day(values[1])
    return None if first is None or second is None else (second - first).days


def age(values: list[Any]) -> Any:
    born, on = day(values[0]), day(values[1])
    if born is None or on is None or on < born:
        return None
    years = on.year - born.year
    had_birthday = (on.month, on.day) >= (born.month, born.day)
    return years if had_birthday else years - 1


def end(values: list[Any], name: str) -> Any:
    return values[0].get(name) if isinstance(values[0], dict) else None


EAGER: dict[str, Any] = {
    **{n: (lambda v, n=n: arithmetic(n, v)) for n in ("+", "-", "*", "/", "%")},
    **{n: (lambda v, n=n: compared(n, v)) for n in ("==", "!=", "<", "<=", ">", ">=")},
    **{n: (lambda v, n=n: extreme(n, v)) for n in ("min", "max")},
    "!": lambda v: (not v[0]) if isinstance(v[0], bool) else None,
    "round": rounded,
    "floor": lambda v: stepped(v, math.floor),
    "ceil": lambda v: stepped(v, math.ceil),
    "abs": lambda v: abs(v[0]) if numbers(v) else None,
    "in": contained,
    "cat": joined,
    "substr": part,
    "length": lambda v: len(v[0]) if isinstance(v[0], str | list) else None,
    "date_add": added,
    "days_between": days,
    "year_of": lambda v: found.year if (found := day(v[0])) else None,
    "age_on": age,
    "start_of": lambda v: end(v, "start"),
    "end_of": lambda v: end(v, "end"),
}
