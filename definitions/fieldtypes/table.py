"""表格: rows with the same columns."""

from __future__ import annotations

import json
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
    form_of,
    setting,
    single,
)
from definitions.model import Field

_ROW = checks.fault("answer.row")
_CODES = {"few": "answer.too_few_rows", "many": "answer.too_many_rows"}
_LONGEST = 1_000_000

Rows = list[dict[str, Any]]


def _named_rows(value: Rows) -> Fault | None:
    """Whether each is a row with an id of its own."""
    seen: set[str] = set()
    for row in value:
        name = row.get("$row") if row.__class__ is dict else None
        if name.__class__ is not str or not name or name in seen:
            return _ROW
        seen.add(name)
    return None


class TableType(FieldType):
    """Row objects, each with its id under "$row". Cells are controls of their own.

    Its checks look at the table: how many rows, and that rows are rows. What stands in a cell is
    judged by the column's own type, where the engine knows which columns a row shows.
    """

    id = "table"
    title = bilingual("表格", "Table")
    json_type = "array"
    example: ClassVar = [{"$row": "r1", "name": "张三"}]
    settings = form_of(
        minItems=setting("最少行数", "Fewest rows", {"type": "integer", "minimum": 1}),
        maxItems=setting("最多行数", "Most rows", {"type": "integer", "minimum": 1}),
        unique_by=setting("不得重复的列", "Columns that must differ", {"type": "array"}),
    )

    def parse(self, raw: Typed, field: Field) -> Rows | None:
        """Rows written as JSON, as an import or `to_input` gives them."""
        typed = single(raw).strip()
        if not typed:
            return None
        try:
            rows = json.loads(typed, parse_constant=_refuse) if len(typed) < _LONGEST else None
        except (ValueError, RecursionError):
            rows = None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unreadable("answer.table", raw)
        return [_numbered(row, place) for place, row in enumerate(rows, 1)] or None

    def checks(self, field: Field) -> list[Check]:
        return [checks.count(field.schema, _CODES), _named_rows]

    def show(self, value: Rows, field: Field, lang: str) -> str:
        count = len(value)
        if lang == "en":
            return "1 row" if count == 1 else f"{count} rows"
        return f"{count} 行"

    def to_input(self, value: Rows, field: Field) -> str:
        return json.dumps(value, ensure_ascii=False)

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return super().schema(settings) | {"items": {"type": "object", "properties": {}}}


def _numbered(row: dict[str, Any], place: int) -> dict[str, Any]:
    return row if "$row" in row else {"$row": f"r{place}", **row}


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
