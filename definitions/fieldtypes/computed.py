"""计算结果: a value that a rule gives; nobody types it."""

from __future__ import annotations

from typing import Any

from definitions.fieldtypes.contract import Check, FieldType, Typed, bilingual, form_of
from definitions.fieldtypes.numeric import DECIMALS, UNIT, grouped
from definitions.fieldtypes.units import with_unit
from definitions.model import Field


class ComputedType(FieldType):
    """Shown like the number or text that it is. The browser's word for it is never taken."""

    id = "computed"
    title = bilingual("计算结果", "Calculated")
    json_type = None
    example = 360.5
    settings = form_of(unit=UNIT, decimals=DECIMALS)

    def parse(self, raw: Typed, field: Field) -> None:
        return None

    def checks(self, field: Field) -> list[Check]:
        return []

    def show(self, value: Any, field: Field, lang: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        return with_unit(grouped(value), field.unit, lang)
