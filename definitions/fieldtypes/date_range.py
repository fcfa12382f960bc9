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
from definitions.normalise import iso_date_range

Range = Mapping[str, str]
NO_END = "长期"
_WRONG = checks.fault("answer.type", type="object")
_BACKWARDS = checks.fault("answer.date_range_order")


def may_be_endless(field: Field) -> bool:
    """Whether a range of this field needs no end (长期): its schema requires the start alone."""
    return field.schema.get("required") == ["start"]


def _is_range(value: Any) -> Fault | None:
    if value.__class__ is not dict or not {"start"} <= value.keys() <= {"start", "end"}:
        return _WRONG
    for end in value.values():
        found = is_date(end) if end.__class__ is str else _WRONG
        if found is not None:
            return found
    return _BACKWARDS if "end" in value and value["start"] > value["end"] else None


def _has_an_end(value: Range) -> Fault | None:
    return None if "end" in value else _WRONG


class DateRangeType(FieldType):
    """Two days, both included: {"start": …, "end": …}. Typed in two controls or in one.

    Without an end ({"start": …}, typed as 长期) where the schema says `"required": ["start"]`.
    """

    id = "date_range"
    title = bilingual("起止日期", "Date range")
    json_type = "object"
    example: ClassVar = {"start": "2026-01-01", "end": "2028-12-31"}

    def parse(self, raw: Typed, field: Field) -> Range | None:
        """Both days as ISO 8601 has them. Raises Unreadable for one that is missing or none."""
        typed = several(raw)
        if not typed:
            return None
        start, end = iso_date_range("至".join(typed)) or (None, None)
        if start is None or (end is None and not may_be_endless(field)):
            raise Unreadable("answer.date_range", raw)
        return {"start": start} if end is None else {"start": start, "end": end}

    def checks(self, field: Field) -> list[Check]:
        return [_is_range] if may_be_endless(field) else [_is_range, _has_an_end]

    def show(self, value: Range, field: Field, lang: str) -> str:
        start = show_date(value["start"], lang)
        if "end" not in value:
            return f"from {start}, without end" if lang == "en" else f"{start}至{NO_END}"
        between = " to " if lang == "en" else " 至 "
        return start + between + show_date(value["end"], lang)

    def to_input(self, value: Range, field: Field) -> list[str]:
        return [value["start"], value.get("end", NO_END)]

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        ends = {"start": {"type": "string"}, "end": {"type": "string"}}
        return super().schema(settings) | {"properties": ends, "required": ["start", "end"]}
