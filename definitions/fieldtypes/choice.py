"""单选: one of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import (
    Check,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    form_of,
    in_language,
    setting,
    single,
)
from definitions.model import Field
from definitions.normalise import one_line

OPTIONS = setting(
    "选项",
    "Options",
    {"type": "object"},
    {"zh-CN": "每个选项一个代码和名称", "en": "A code and a title for each"},
)


def code_of(typed: str, field: Field) -> str | None:
    """The option with this code, or with this title in any language."""
    if typed in field.options:
        return typed
    for code, title in field.options.items():
        if typed in title.values():
            return code
    return None


def codes_of(schema: Mapping[str, Any], field: Field) -> tuple[str, ...]:
    """The codes that may be chosen: those of the schema, else those that have titles."""
    listed = schema.get("enum")
    return tuple(field.options) if listed is None else tuple(listed)


def title_of(code: str, field: Field, lang: str) -> str:
    """An option's title; its code where it has none."""
    return in_language(field.options[code], lang) if code in field.options else code


class ChoiceType(FieldType):
    """One option by its code."""

    id = "choice"
    title = bilingual("单选", "Choice")
    example = "a"
    settings = form_of(options=OPTIONS)

    def parse(self, raw: Typed, field: Field) -> str | None:
        """The code of the choice, also by its title. Raises Unreadable for what is no choice."""
        typed = one_line(single(raw))
        if not typed:
            return None
        code = code_of(typed, field)
        if code is None and typed not in codes_of(field.schema, field):
            raise Unreadable("answer.not_an_option", raw)
        return code or typed

    def checks(self, field: Field) -> list[Check]:
        return [checks.one_of(codes_of(field.schema, field))]

    def show(self, value: str, field: Field, lang: str) -> str:
        return title_of(value, field, lang)

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        made = super().schema(settings)
        return made | ({"enum": list(settings["options"])} if "options" in settings else {})
