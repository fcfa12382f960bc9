"""What numbers have in common: limits, units, how they are typed, digits in groups of three."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from definitions.fieldtypes.contract import FieldType, Typed, Unreadable, setting, single
from definitions.fieldtypes.units import with_unit, without_unit
from definitions.model import Field
from definitions.normalise import code, number

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


class Measured(FieldType):
    """A number that may have a unit, typed and shown with it."""

    def typed(self, raw: Typed, field: Field) -> Decimal | None:
        """The number that was typed, in the unit of the field; None when nothing was.

        Raises Unreadable for what is no number.
        """
        text = code(single(raw))
        if not text:
            return None
        value = number(without_unit(text, field.unit))
        if value is None:
            raise Unreadable("answer.number", raw)
        return value

    def show(self, value: float, field: Field, lang: str) -> str:
        return with_unit(grouped(value), field.unit, lang)

    def to_input(self, value: float, field: Field) -> str:
        return plain(value)


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
