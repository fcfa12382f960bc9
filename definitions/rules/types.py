"""What a rule's values can be, as far as a checker can tell before anyone has answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from definitions.model import Field, Text
from definitions.normalise import day_of

NUMERIC = frozenset({"integer", "number", "money"})
PLAIN_NUMERIC = frozenset({"integer", "number"})
TEXTUAL = frozenset({"text", "choice"})
ITERABLE = frozenset({"table", "choices", "list"})
ORDERED = NUMERIC | {"date", "time"}

_ISO_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Type:
    """A type by name, with what its name alone doesn't say.

    `options` are the codes of a choice (None: not known), `columns` those of a table, `of` the
    elements of a list; `literal` is the constant that stands in the rule, if one does.
    """

    name: str
    options: frozenset[str] | None = None
    columns: Mapping[str, Type] = field(default_factory=dict, hash=False)
    of: Type | None = None
    literal: Any = None


ANY = Type("any")
NULL = Type("null")
BOOLEAN = Type("boolean")
INTEGER = Type("integer")
NUMBER = Type("number")
MONEY = Type("money")
TEXT = Type("text")
DATE = Type("date")
TIME = Type("time")
DATE_RANGE = Type("date_range")


TITLES: Mapping[str, Text] = {
    "any": {"zh-CN": "任意值", "en": "any value"},
    "null": {"zh-CN": "空值", "en": "null"},
    "boolean": {"zh-CN": "是否", "en": "yes or no"},
    "integer": {"zh-CN": "整数", "en": "a whole number"},
    "number": {"zh-CN": "数字", "en": "a number"},
    "money": {"zh-CN": "金额", "en": "money"},
    "text": {"zh-CN": "文本", "en": "text"},
    "date": {"zh-CN": "日期", "en": "a date"},
    "time": {"zh-CN": "时间", "en": "a time"},
    "date_range": {"zh-CN": "起止日期", "en": "a date range"},
    "choice": {"zh-CN": "单选", "en": "a choice"},
    "choices": {"zh-CN": "多选", "en": "choices"},
    "table": {"zh-CN": "表格", "en": "a table"},
    "list": {"zh-CN": "列表", "en": "a list"},
}
"""What an author reads for a type."""


def title_of(name: str) -> Text:
    """A type in words; a constant that is wanted, as it is."""
    return TITLES.get(name, {"zh-CN": name, "en": name})


def choice(*codes: str) -> Type:
    """One of these codes; without codes: of codes that aren't known here."""
    return Type("choice", options=frozenset(codes) if codes else None)


def choices(*codes: str) -> Type:
    """A list of such codes."""
    return Type("choices", options=frozenset(codes) if codes else None, of=choice(*codes))


def table(columns: Mapping[str, Type]) -> Type:
    """Rows with these columns."""
    return Type("table", columns=columns)


def list_of(element: Type) -> Type:
    """A list of like values."""
    return Type("list", of=element)


_BY_FIELD_TYPE = {
    "integer": INTEGER,
    "number": NUMBER,
    "money": MONEY,
    "boolean": BOOLEAN,
    "declaration": BOOLEAN,
    "date": DATE,
    "date_range": DATE_RANGE,
    "time": TIME,
    "file": list_of(TEXT),
    "image": list_of(TEXT),
}
_BY_JSON_TYPE = {"integer": INTEGER, "number": NUMBER, "boolean": BOOLEAN, "string": TEXT}


def field_type(form_field: Field) -> Type:
    """The type of a form's field as rules see it."""
    if form_field.type == "choice":
        return choice(*form_field.options) if form_field.options else _enum(form_field.schema)
    if form_field.type == "multi_choice":
        codes = form_field.options or _enum(form_field.schema.get("items", {})).options or ()
        return choices(*codes)
    if form_field.type == "table":
        return table({name: field_type(column) for name, column in form_field.columns.items()})
    if form_field.type in _BY_FIELD_TYPE:
        return _BY_FIELD_TYPE[form_field.type]
    return _BY_JSON_TYPE.get(str(form_field.schema.get("type", "string")), ANY)


def _enum(schema: Mapping[str, Any]) -> Type:
    return choice(*(code for code in schema.get("enum", ()) if isinstance(code, str)))


def literal(value: Any) -> Type:
    """The type of a constant."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return replace(BOOLEAN, literal=value)
    if isinstance(value, int):
        return replace(INTEGER, literal=value)
    if isinstance(value, float):
        return replace(NUMBER, literal=value)
    return replace(TEXT, literal=value)


def fits(actual: Type, wanted: frozenset[str]) -> bool:
    """Whether an operator that takes these types by name can take this one.

    A name in double quotes stands for that constant alone.
    """
    if actual.name in wanted or actual.name == "any":
        return True
    if actual.literal is None:
        return False
    if actual.name == "text":
        return _text_fits(actual.literal, wanted)
    return actual.name in PLAIN_NUMERIC and "money" in wanted


def _text_fits(text: str, wanted: frozenset[str]) -> bool:
    """A constant text may be written like a date or a time, or be a code."""
    return (
        ("date" in wanted and is_date_text(text))
        or ("time" in wanted and _ISO_TIME.fullmatch(text) is not None)
        or "choice" in wanted
        or f'"{text}"' in wanted
    )


def is_date_text(value: object) -> bool:
    """Whether a constant is a day, written like 2026-11-23."""
    return isinstance(value, str) and day_of(value) is not None


def joined(left: Type, right: Type) -> Type | None:
    """The type both are of, so that they may be compared; None when there isn't one."""
    if left.name == "any" or right.name == "any":
        return ANY
    if left.name == right.name:
        return _joined_alike(left, right)
    if {left.name, right.name} == PLAIN_NUMERIC:
        return NUMBER
    return _joined_literal(left, right) or _joined_literal(right, left)


def _joined_alike(left: Type, right: Type) -> Type | None:
    if left.literal is not None and right.literal is not None:
        return replace(left, literal=None)
    if left.name == "table":
        return left
    if left.options is not None and right.options is not None:
        shared = left.options & right.options
        return replace(left, options=left.options | right.options) if shared else None
    return replace(left if right.literal is not None else right, literal=None)


def _joined_literal(constant: Type, other: Type) -> Type | None:
    """A constant takes the type of what it stands beside, if it is written like one."""
    if constant.literal is None:
        return None
    if constant.name in PLAIN_NUMERIC:
        return other if other.name == "money" else None
    if constant.name != "text":
        return None
    if other.name == "choice":
        known = other.options is None or constant.literal in other.options
        return replace(other, literal=None) if known else None
    if other.name == "date":
        return DATE if is_date_text(constant.literal) else None
    if other.name == "time":
        return TIME if _ISO_TIME.fullmatch(constant.literal) else None
    return None
