"""整数: a whole number."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, Typed, Unreadable, bilingual, form_of, setting
from definitions.fieldtypes.numeric import LIMITS, UNIT, Measured
from definitions.model import Field


class IntegerType(Measured):
    """A whole number, which may have a unit."""

    id = "integer"
    title = bilingual("整数", "Integer")
    json_type = "integer"
    example = 12
    settings = form_of(
        **LIMITS,
        multipleOf=setting("须为其倍数", "A multiple of", {"type": "integer", "minimum": 1}),
        unit=UNIT,
    )

    def parse(self, raw: Typed, field: Field) -> int | None:
        """The number, in the unit of the field. Raises Unreadable for no whole number."""
        value = self.typed(raw, field)
        if value is None:
            return None
        if value != value.to_integral_value():
            raise Unreadable("answer.whole_number", raw)
        return int(value)

    def checks(self, field: Field) -> list[Check]:
        return checks.number(field.schema, lambda limit: self.shown(limit, field), whole=True)
