"""说明: a text to read; it has no value."""

from __future__ import annotations

from typing import Any

from definitions.fieldtypes.contract import Check, FieldType, Typed, bilingual, form_of, setting
from definitions.model import Field


class NoteType(FieldType):
    """Shows the field's description. Nothing is asked."""

    id = "note"
    title = bilingual("说明文字", "Note")
    json_type = None
    example = None
    settings = form_of(
        description=setting("说明内容", "What it says", {"type": "string", "maxLength": 2000})
    )

    def parse(self, raw: Typed, field: Field) -> None:
        return None

    def checks(self, field: Field) -> list[Check]:
        return []

    def show(self, value: Any, field: Field, lang: str) -> str:
        return ""

    def to_input(self, value: Any, field: Field) -> str:
        return ""
