"""多选: any of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from definitions.fieldtypes import checks
from definitions.fieldtypes.choice import OPTIONS, code_of, codes_of, title_of
from definitions.fieldtypes.contract import (
    Check,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    form_of,
    setting,
    several,
)
from definitions.model import Field
from definitions.normalise import one_line

_CODES = {"few": "answer.too_few_choices", "many": "answer.too_many_choices"}


class MultiChoiceType(FieldType):
    """A list of codes in the order of the options."""

    id = "multi_choice"
    title = bilingual("多选", "Multiple choice")
    json_type = "array"
    example: ClassVar = ["a", "b"]
    settings = form_of(
        options=OPTIONS,
        minItems=setting("最少选几项", "Fewest", {"type": "integer", "minimum": 1}),
        maxItems=setting("最多选几项", "Most", {"type": "integer", "minimum": 1}),
    )

    def parse(self, raw: Typed, field: Field) -> list[str] | None:
        chosen = {self._code(one_line(typed), raw, field) for typed in several(raw)} - {""}
        return [code for code in _known(field) if code in chosen] or None

    def _code(self, typed: str, raw: Typed, field: Field) -> str:
        code = code_of(typed, field) or typed
        if code and code not in _known(field):
            raise Unreadable("answer.not_an_option", raw)
        return code

    def checks(self, field: Field) -> list[Check]:
        schema = {"uniqueItems": True, **field.schema}
        return checks.listing(schema, checks.one_of(_known(field)), _CODES)

    def show(self, value: list[str], field: Field, lang: str) -> str:
        between = ", " if lang == "en" else "、"
        return between.join(title_of(code, field, lang) for code in value)

    def to_input(self, value: list[str], field: Field) -> list[str]:
        return list(value)

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        codes = list(settings.get("options", ()))
        items = {"type": "string"} | ({"enum": codes} if codes else {})
        return super().schema(settings) | {"items": items, "uniqueItems": True}


def _known(field: Field) -> tuple[str, ...]:
    return codes_of(field.schema.get("items", {}), field)
