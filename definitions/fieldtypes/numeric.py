"""What numbers have in common: limits, units, and digits in groups of three."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from definitions.fieldtypes.contract import setting

LIMITS: Mapping[str, Any] = {
    "minimum": setting("最小值", "At least", {"type": "number"}),
    "maximum": setting("最大值", "At most", {"type": "number"}),
    "exclusiveMinimum": setting("须大于", "More than", {"type": "number"}),
    "exclusiveMaximum": setting("须小于", "Less than", {"type": "number"}),
}
UNIT = setting(
    "单位",
    "Unit",
    {"type": "string", "maxLength": 20},
    {"zh-CN": "如 m2（平方米）、person（人）", "en": "Such as m2 or person"},
)
DECIMALS = setting("小数位数", "Decimals", {"type": "integer", "minimum": 0, "maximum": 9})


def plain(value: float) -> str:
    """A number without an exponent or trailing zeros, as a control holds it."""
    written = repr(value)
    if "e" in written:
        written = format(Decimal(written), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def grouped(value: float) -> str:
    """A number as it is read: 1,234.5."""
    written = f"{value:,}" if abs(value) >= 1000 else str(value)
    return f"{Decimal(repr(value)):,f}" if "e" in written else written.removesuffix(".0")
