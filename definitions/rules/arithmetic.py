"""Numbers and money: + - * / % min max round floor ceil abs."""

from __future__ import annotations

import math
from typing import Any

from definitions.rules.compare import alike
from definitions.rules.numbers import is_number, round_down, round_half_up, round_up, tidy
from definitions.rules.registry import Example, words
from definitions.rules.strict import strict
from definitions.rules.types import (
    ANY,
    INTEGER,
    MONEY,
    NUMBER,
    NUMERIC,
    ORDERED,
    PLAIN_NUMERIC,
    Type,
    joined,
)

_INTEGER = frozenset({"integer"})
_MOST_DECIMALS = 9


def _sum_type(found: list[Type]) -> Type:
    """Like adds to like: money to money, numbers to numbers."""
    shared = found[0]
    for kind in found[1:]:
        shared = joined(shared, kind) or ANY
    return Type(shared.name)


def _product_type(found: list[Type]) -> Type:
    names = {kind.name for kind in found}
    if "money" in names:
        return MONEY
    return INTEGER if names == {"integer"} else NUMBER


def _quotient_type(found: list[Type]) -> Type:
    money, by = found[0].name == "money", found[-1].name == "money"
    return MONEY if money and not by else NUMBER


def _whole_type(found: list[Type]) -> Type:
    """A whole number, or money, which is whole fen anyway."""
    return MONEY if found[0].name == "money" else INTEGER


@strict(
    "+",
    "arithmetic",
    takes=[NUMERIC],
    repeats=True,
    gives=_sum_type,
    title=words("加", "plus"),
    phrase=words("{all}", "{all}"),
    joiner=words(" 加 ", " plus "),
    example=Example(
        {"+": [{"var": "hall"}, {"var": "kitchen"}]}, {"hall": 0.1, "kitchen": 0.2}, 0.3
    ),
)
def add(*values: Any) -> Any:
    """The sum."""
    total = 0
    for value in values:
        if not is_number(value):
            return None
        total += value
    return tidy(total)


@strict(
    "-",
    "arithmetic",
    takes=[NUMERIC, NUMERIC],
    least=1,
    gives=_sum_type,
    title=words("减", "minus"),
    phrase=words("{all}", "{all}"),
    joiner=words(" 减 ", " minus "),
    example=Example({"-": [{"var": "total"}, 20]}, {"total": 120}, 100),
)
def subtract(first: Any, second: Any = None) -> Any:
    """The difference; of one number, its negative."""
    if second is None:
        return -first if is_number(first) else None
    return tidy(first - second) if is_number(first) and is_number(second) else None


@strict(
    "*",
    "arithmetic",
    takes=[NUMERIC],
    repeats=True,
    gives=_product_type,
    title=words("乘", "times"),
    phrase=words("{all}", "{all}"),
    joiner=words(" 乘以 ", " times "),
    example=Example({"*": [{"var": "copies"}, 10]}, {"copies": 3}, 30),
)
def multiply(*values: Any) -> Any:
    """The product."""
    product: Any = 1
    for value in values:
        if not is_number(value):
            return None
        product = tidy(product * value)
        if product is None:
            return None
    return product


@strict(
    "/",
    "arithmetic",
    takes=[NUMERIC, NUMERIC],
    gives=_quotient_type,
    title=words("除以", "divided by"),
    phrase=words("{0} 除以 {1}", "{0} divided by {1}"),
    example=Example({"/": [{"var": "total"}, {"var": "people"}]}, {"total": 10, "people": 0}, None),
)
def divide(left: Any, right: Any) -> Any:
    """The quotient; by zero there is none."""
    if not is_number(left) or not is_number(right) or right == 0:
        return None
    if left.__class__ is int and right.__class__ is int and left % right == 0:
        return left // right
    return tidy(left / right)


@strict(
    "%",
    "arithmetic",
    takes=[PLAIN_NUMERIC, PLAIN_NUMERIC],
    gives=_product_type,
    title=words("除以…的余数", "remainder of division by"),
    phrase=words("{0} 除以 {1} 的余数", "the remainder of {0} divided by {1}"),
    example=Example({"%": [{"var": "number"}, 2]}, {"number": 7}, 1),
)
def remainder(left: Any, right: Any) -> Any:
    """What is left, with the sign of the dividend as in JSON Logic; by zero there is nothing."""
    if not is_number(left) or not is_number(right) or right == 0:
        return None
    if left.__class__ is int and right.__class__ is int:
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    return tidy(math.fmod(left, right))


def _extreme(values: tuple[Any, ...], choose: Any) -> Any:
    if any(value.__class__ not in (int, float, str) for value in values):
        return None
    return choose(values) if all(alike(values[0], value) for value in values) else None


@strict(
    "min",
    "arithmetic",
    takes=[ORDERED],
    repeats=True,
    gives=_sum_type,
    title=words("最小的", "smallest of"),
    phrase=words("{all} 中最小的", "the smallest of {all}"),
    joiner=words("、", ", "),
    example=Example({"min": [{"var": "a"}, 10]}, {"a": 12}, 10),
)
def least(*values: Any) -> Any:
    """The smallest of like values; of dates, the first."""
    return _extreme(values, min)


@strict(
    "max",
    "arithmetic",
    takes=[ORDERED],
    repeats=True,
    gives=_sum_type,
    title=words("最大的", "largest of"),
    phrase=words("{all} 中最大的", "the largest of {all}"),
    joiner=words("、", ", "),
    example=Example({"max": [{"var": "a"}, 10]}, {"a": 12}, 12),
)
def greatest(*values: Any) -> Any:
    """The largest of like values; of dates, the last."""
    return _extreme(values, max)


@strict(
    "round",
    "arithmetic",
    takes=[NUMERIC, _INTEGER],
    least=1,
    gives=lambda found: found[0] if found[0].name == "money" else NUMBER,
    title=words("四舍五入", "rounded"),
    phrase=words("{0} 四舍五入", "{0} rounded"),
    longer=words("{0} 四舍五入到 {1} 位小数", "{0} rounded to {1} decimals"),
    example=Example({"round": [{"var": "tax"}, 2]}, {"tax": 2.675}, 2.68),
)
def rounded(value: Any, decimals: Any = 0) -> Any:
    """Rounded half up (away from zero) to so many decimals, -9 to 9."""
    if not is_number(value) or decimals.__class__ is not int or abs(decimals) > _MOST_DECIMALS:
        return None
    return round_half_up(value, decimals)


@strict(
    "floor",
    "arithmetic",
    takes=[NUMERIC],
    gives=_whole_type,
    title=words("向下取整", "rounded down"),
    phrase=words("{0} 向下取整", "{0} rounded down"),
    example=Example({"floor": [{"var": "years"}]}, {"years": 2.9}, 2),
)
def floored(value: Any) -> Any:
    """The greatest integer not above."""
    return round_down(value) if is_number(value) else None


@strict(
    "ceil",
    "arithmetic",
    takes=[NUMERIC],
    gives=_whole_type,
    title=words("向上取整", "rounded up"),
    phrase=words("{0} 向上取整", "{0} rounded up"),
    example=Example({"ceil": [{"var": "hours"}]}, {"hours": 2.1}, 3),
)
def ceiled(value: Any) -> Any:
    """The least integer not below."""
    return round_up(value) if is_number(value) else None


@strict(
    "abs",
    "arithmetic",
    takes=[NUMERIC],
    gives=_sum_type,
    title=words("绝对值", "absolute value"),
    phrase=words("{0} 的绝对值", "the absolute value of {0}"),
    example=Example({"abs": [{"var": "balance"}]}, {"balance": -5}, 5),
)
def absolute(value: Any) -> Any:
    """The number without its sign."""
    return abs(value) if is_number(value) else None
