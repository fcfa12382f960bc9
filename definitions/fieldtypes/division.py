"""行政区划: a district of the city, or a town or subdistrict in one (GB/T 2260)."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.divisions import DISTRICTS, DIVISIONS, code_of, full_name
from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import (
    Check,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    form_of,
    setting,
    single,
)
from definitions.model import Field, Text
from definitions.normalise import one_line


def options_of(field: Field) -> Mapping[str, Text]:
    """What may be chosen: the field's own options, the codes of its schema, or every division.

    With the setting `level` "district", only districts.
    """
    if field.options:
        return field.options
    codes = field.schema.get("enum")
    if codes is None:
        codes = DISTRICTS if field.settings.get("level") == "district" else DIVISIONS
    return {code: {lang: full_name(code, lang) for lang in ("zh-CN", "en")} for code in codes}


class DivisionType(FieldType):
    """The code of a division of Zhuhai."""

    id = "division"
    title = bilingual("行政区划", "Division")
    example = "440402"
    settings = form_of(
        level=setting("到哪一级", "Level", {"type": "string", "enum": ["district", "town"]})
    )

    def parse(self, raw: Typed, field: Field) -> str | None:
        """The code of a division, also by its name. Raises Unreadable for any other."""
        typed = one_line(single(raw))
        if not typed:
            return None
        code = typed if typed in options_of(field) else code_of(typed)
        if code is None:
            raise Unreadable("answer.not_an_option", raw)
        return code

    def checks(self, field: Field) -> list[Check]:
        return checks.text_like(field.schema, checks.one_of(options_of(field)))

    def show(self, value: str, field: Field, lang: str) -> str:
        own = field.options.get(value)
        return own.get(lang, own["zh-CN"]) if own else full_name(value, lang)
