"""What types whose values are one line of text have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, FieldType, Typed, form_of, setting, single
from definitions.model import Field
from definitions.normalise import code, one_line

LENGTHS: Mapping[str, Any] = {
    "minLength": setting("最少字数", "Shortest length", {"type": "integer", "minimum": 1}),
    "maxLength": setting("最多字数", "Longest length", {"type": "integer", "minimum": 1}),
}
PATTERN = setting(
    "格式",
    "Pattern",
    {"type": "string", "maxLength": 500},
    {"zh-CN": "正则表达式，须以 ^ 开头、以 $ 结尾", "en": "A regular expression from ^ to $"},
)


class LineOfText(FieldType):
    """One line of text, as long as its schema allows."""

    settings: ClassVar[Mapping[str, Any]] = form_of(**LENGTHS)

    def parse(self, raw: Typed, field: Field) -> str | None:
        return one_line(single(raw)) or None

    def checks(self, field: Field) -> list[Check]:
        return checks.text(field.schema)


class Identifier(FieldType):
    """A text whose shape a standard describes."""

    def normal(self, typed: str) -> str:
        """What was typed, as it is stored."""
        return code(typed)

    def format_check(self) -> Check:
        """Whether a text follows the standard."""
        raise NotImplementedError

    def parse(self, raw: Typed, field: Field) -> str | None:
        return self.normal(single(raw)) or None

    def checks(self, field: Field) -> list[Check]:
        return checks.text_like(field.schema, self.format_check())
