"""数字: a number with decimals."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, Typed, bilingual, form_of
from definitions.fieldtypes.numeric import DECIMALS, LIMITS, UNIT, Measured
from definitions.model import Field


class NumberType(Measured):
    """A number, which may have a unit and so many decimals."""

    id = "number"
    title = bilingual("数字", "Number")
    json_type = "number"
    example = 120.5
    settings = form_of(**LIMITS, unit=UNIT, decimals=DECIMALS)

    def parse(self, raw: Typed, field: Field) -> float | None:
        """The number, in the unit of the field. Raises Unreadable for what is none."""
        value = self.typed(raw, field)
        if value is None:
            return None
        return int(value) if value == value.to_integral_value() else float(value)

    def checks(self, field: Field) -> list[Check]:
        return checks.number(
            field.schema, lambda limit: self.shown(limit, field), decimals=field.decimals
        )
