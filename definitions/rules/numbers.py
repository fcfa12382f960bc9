"""Exact enough numbers: what offices mean by adding and rounding, on the numbers of JSON."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

LARGEST = 10**18
"""Beyond this magnitude a result is no longer a quantity anyone meant: it is null."""

_KEPT_DECIMALS = 9

# Only what lies halfway between two results needs its decimal digits to be looked at, which takes
# several times longer. Below this magnitude, float arithmetic can't be wrong by so much.
_SCALES = {decimals: 10**decimals for decimals in range(5)}
_EXACT_BELOW = 1e8
_CLEARLY_LESS_THAN_HALF = 0.499


def is_number(value: Any) -> bool:
    """An int or a float; a boolean is neither."""
    return value.__class__ is int or value.__class__ is float


def tidy(value: float) -> float | None:
    """A result without the dust of binary fractions (0.1 + 0.2 is 0.3); None if out of range."""
    if value.__class__ is int:
        return value if -LARGEST <= value <= LARGEST else None
    if not -LARGEST <= value <= LARGEST:  # false for NaN too
        return None
    return round(value, _KEPT_DECIMALS)


def round_half_up(value: float, decimals: int = 0) -> float | int | None:
    """Round to `decimals` places, halves away from zero, as money and areas are rounded.

    Works on the decimal digits that the number is written with, so 2.675 gives 2.68. An int comes
    back when no decimals are asked for, or fewer than none; None if the number is out of range.
    """
    if value.__class__ is float and decimals in _SCALES and abs(value) < _EXACT_BELOW:
        near = round(value, decimals)
        if abs(value - near) * _SCALES[decimals] < _CLEARLY_LESS_THAN_HALF:
            return near if decimals else int(near)
    return _rounded(value, decimals, ROUND_HALF_UP)


def round_down(value: float) -> float | int | None:
    """The greatest integer not above; None if the number is out of range."""
    return _rounded(value, 0, ROUND_FLOOR)


def round_up(value: float) -> float | int | None:
    """The least integer not below; None if the number is out of range."""
    return _rounded(value, 0, ROUND_CEILING)


def _rounded(value: float, decimals: int, rounding: str) -> float | int | None:
    if value.__class__ is int and decimals >= 0:
        return value
    if not -LARGEST <= value <= LARGEST:  # false for NaN too
        return None
    step = Decimal(1).scaleb(-decimals)
    result = (Decimal(repr(value)) / step).quantize(Decimal(1), rounding) * step
    return float(result) if decimals > 0 else int(result)
