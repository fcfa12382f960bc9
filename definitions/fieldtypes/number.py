"""数字: a number with decimals."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import (
    Check,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    form_of,
    single,
)
from definitions.fieldtypes.numeric import DECIMALS, LIMITS, UNIT, grouped, plain
from definitions.fieldtypes.units import with_unit, without_unit
from definitions.model import Field
from definitions.normalise import code, number


class NumberType(FieldType):
    """A number, which may have a unit and so many decimals."""

    id = "number"
    title = bilingual("数字", "Number")
    json_type = "number"
    example = 120.5
    settings = form_of(**LIMITS, unit=UNIT, decimals=DECIMALS)

    def parse(self, raw: Typed, field: Field) -> float | None:
        """The number, in the unit of the field. Raises Unreadable for what is none."""
        typed = code(single(raw))
        if not typed:
            return None
        value = number(without_unit(typed, field.unit))
        if value is None:
            raise Unreadable("answer.number", raw)
        return int(value) if value == value.to_integral_value() else float(value)

    def checks(self, field: Field) -> list[Check]:
        return checks.number(
            field.schema, lambda limit: self.shown(limit, field), decimals=field.decimals
        )

    def show(self, value: float, field: Field, lang: str) -> str:
        return with_unit(grouped(value), field.unit, lang)

    def to_input(self, value: float, field: Field) -> str:
        return plain(value)
