"""声明: a statement that a person makes by ticking it."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.boolean import BooleanType
from definitions.fieldtypes.contract import Check, Typed, bilingual, form_of, in_language, setting
from definitions.model import Field

_AGREED = {"zh-CN": "已声明", "en": "Declared"}


class DeclarationType(BooleanType):
    """True when ticked; a box that isn't ticked is not answered, never false."""

    id = "declaration"
    title = bilingual("声明", "Declaration")
    settings = form_of(
        description=setting("声明内容", "What is declared", {"type": "string", "maxLength": 2000})
    )

    def parse(self, raw: Typed, field: Field) -> bool | None:
        return super().parse(raw, field) or None

    def checks(self, field: Field) -> list[Check]:
        return [*super().checks(field), *checks.constants({"const": True})]

    def show(self, value: bool, field: Field, lang: str) -> str:
        return in_language(_AGREED, lang) if value else super().show(value, field, lang)
