"""时间: a time of day."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import (
    Check,
    Fault,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    single,
)
from definitions.model import Field
from definitions.normalise import iso_time

_WRONG = checks.fault("answer.time")


def _is_time(value: str) -> Fault | None:
    return None if len(value) == 5 and iso_time(value) == value else _WRONG


class TimeType(FieldType):
    """Hours and minutes, kept as 09:30."""

    id = "time"
    title = bilingual("时间", "Time")
    example = "09:30"

    def parse(self, raw: Typed, field: Field) -> str | None:
        typed = single(raw).strip()
        if not typed:
            return None
        value = iso_time(typed)
        if value is None:
            raise Unreadable("answer.time", raw)
        return value

    def checks(self, field: Field) -> list[Check]:
        return checks.text_like(field.schema, _is_time)
