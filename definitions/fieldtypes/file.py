"""文件: uploaded files, by their ids."""

from __future__ import annotations

import re
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
    several,
)
from definitions.model import Field

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WRONG = checks.fault("answer.file")
_CODES = {"few": "answer.too_few_files", "many": "answer.too_many_files"}


def _is_file(value: Any) -> Fault | None:
    return None if value.__class__ is str and _ID.fullmatch(value) else _WRONG


class FileType(FieldType):
    """A list of file ids; the files themselves are kept and judged by the store."""

    id = "file"
    title = bilingual("文件", "File")
    json_type = "array"
    example: ClassVar = ["f1"]
    settings = form_of(
        minItems=setting("最少几个", "Fewest", {"type": "integer", "minimum": 1}),
        maxItems=setting("最多几个", "Most", {"type": "integer", "minimum": 1}),
    )

    def parse(self, raw: Typed, field: Field) -> list[str] | None:
        ids = list(dict.fromkeys(several(raw)))
        if any(_is_file(file_id) for file_id in ids):
            raise Unreadable("answer.file", raw)
        return ids or None

    def checks(self, field: Field) -> list[Check]:
        return checks.listing({"uniqueItems": True, **field.schema}, _is_file, _CODES)

    def show(self, value: list[str], field: Field, lang: str) -> str:
        count = len(value)
        if lang == "en":
            return "1 file" if count == 1 else f"{count} files"
        return f"{count} 个文件"

    def to_input(self, value: list[str], field: Field) -> list[str]:
        return list(value)

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return super().schema(settings) | {"items": {"type": "string"}, "uniqueItems": True}
