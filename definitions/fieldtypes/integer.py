"""整数: a whole number."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import (
    Check,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    form_of,
    setting,
    single,
)
from definitions.fieldtypes.numeric import LIMITS, UNIT, grouped, plain
from definitions.fieldtypes.units import with_unit, without_unit
from definitions.model import Field
from definitions.normalise import code, number


class IntegerType(FieldType):
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
        typed = code(single(raw))
        if not typed:
            return None
        value = number(without_unit(typed, field.unit))
        if value is None:
            raise Unreadable("answer.number", raw)
        if value != value.to_integral_value():
            raise Unreadable("answer.whole_number", raw)
        return int(value)

    def checks(self, field: Field) -> list[Check]:
        return checks.number(field.schema, lambda limit: self.shown(limit, field), whole=True)

    def show(self, value: int, field: Field, lang: str) -> str:
        return with_unit(grouped(value), field.unit, lang)

    def to_input(self, value: int, field: Field) -> str:
        return plain(value)
