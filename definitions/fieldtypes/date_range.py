"""起止日期: from a day to a day."""

from collections.abc import Mapping
from typing import Any, ClassVar

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import (
    Check,
    Fault,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    several,
)
from definitions.fieldtypes.date import is_date, show_date
from definitions.model import Field
from definitions.normalise import iso_date, iso_date_range

Range = Mapping[str, str]
_WRONG = checks.fault("answer.type", type="object")
_BACKWARDS = checks.fault("answer.date_range_order")


def _is_range(value: Any) -> Fault | None:
    if value.__class__ is not dict or value.keys() != {"start", "end"}:
        return _WRONG
    for end in value.values():
        found = is_date(end) if end.__class__ is str else _WRONG
        if found is not None:
            return found
    return _BACKWARDS if value["start"] > value["end"] else None


class DateRangeType(FieldType):
    """Two days, both included: {"start": …, "end": …}. Typed in two controls or in one."""

    id = "date_range"
    title = bilingual("起止日期", "Date range")
    json_type = "object"
    example: ClassVar = {"start": "2026-01-01", "end": "2028-12-31"}

    def parse(self, raw: Typed, field: Field) -> Range | None:
        """Both days as ISO 8601 has them. Raises Unreadable for one that is missing or none."""
        typed = several(raw)
        if not typed:
            return None
        ends = iso_date_range(typed[0]) if len(typed) == 1 else tuple(map(iso_date, typed))
        if ends is None or len(ends) != 2 or None in ends:
            raise Unreadable("answer.date_range", raw)
        return {"start": str(ends[0]), "end": str(ends[1])}

    def checks(self, field: Field) -> list[Check]:
        return [_is_range]

    def show(self, value: Range, field: Field, lang: str) -> str:
        between = " to " if lang == "en" else " 至 "
        return show_date(value["start"], lang) + between + show_date(value["end"], lang)

    def to_input(self, value: Range, field: Field) -> list[str]:
        return [value["start"], value["end"]]

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        ends = {"start": {"type": "string"}, "end": {"type": "string"}}
        return super().schema(settings) | {"properties": ends, "required": ["start", "end"]}
