"""是否: yes or no."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import (
    Check,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    in_language,
    single,
)
from definitions.model import Field
from definitions.normalise import code

YES = {"zh-CN": "是", "en": "Yes"}
NO = {"zh-CN": "否", "en": "No"}
_WORDS = {
    **dict.fromkeys(("TRUE", "YES", "Y", "ON", "1", "是", "有", "√"), True),
    **dict.fromkeys(("FALSE", "NO", "N", "OFF", "0", "否", "无", "×"), False),
}


class BooleanType(FieldType):
    """Yes or no; not answered is neither."""

    id = "boolean"
    title = bilingual("是否", "Yes or no")
    json_type = "boolean"
    example = True

    def parse(self, raw: Typed, field: Field) -> bool | None:
        """Whether yes was said, in any of its words. Raises Unreadable for other words."""
        typed = code(single(raw))
        if not typed:
            return None
        if typed not in _WORDS:
            raise Unreadable("answer.boolean", raw)
        return _WORDS[typed]

    def checks(self, field: Field) -> list[Check]:
        return checks.boolean(field.schema)

    def show(self, value: bool, field: Field, lang: str) -> str:
        return in_language(YES if value else NO, lang)

    def to_input(self, value: bool, field: Field) -> str:
        return "true" if value else "false"
