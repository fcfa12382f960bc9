"""Units by their ids: how people read them, and how they type them behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from definitions.fieldtypes.contract import in_language
from definitions.model import Text

UNITS: Mapping[str, Text] = {
    "m2": {"zh-CN": "平方米", "en": "m²"},
    "m3": {"zh-CN": "立方米", "en": "m³"},
    "m": {"zh-CN": "米", "en": "m"},
    "mm": {"zh-CN": "毫米", "en": "mm"},
    "km": {"zh-CN": "公里", "en": "km"},
    "kg": {"zh-CN": "千克", "en": "kg"},
    "t": {"zh-CN": "吨", "en": "t"},
    "kW": {"zh-CN": "千瓦", "en": "kW"},
    "kWh": {"zh-CN": "千瓦时", "en": "kWh"},
    "kVA": {"zh-CN": "千伏安", "en": "kVA"},
    "%": {"zh-CN": "%", "en": "%"},
    "m3/h": {"zh-CN": "立方米/小时", "en": "m³/h"},
    "m3/d": {"zh-CN": "立方米/日", "en": "m³/day"},
    "mbps": {"zh-CN": "兆比特/秒", "en": "Mbps"},
    "person": {"zh-CN": "人", "en": "people"},
    "household": {"zh-CN": "户", "en": "households"},
    "floor": {"zh-CN": "层", "en": "floors"},
    "seat": {"zh-CN": "座", "en": "seats"},
    "copy": {"zh-CN": "份", "en": "copies"},
    "day": {"zh-CN": "天", "en": "days"},
    "month": {"zh-CN": "个月", "en": "months"},
    "year": {"zh-CN": "年", "en": "years"},
    "hour": {"zh-CN": "小时", "en": "hours"},
}

_ALSO_TYPED: Mapping[str, tuple[str, ...]] = {
    "m2": ("㎡", "M2", "平米", "平方"),
    "m3": ("M3", "立方"),
    "km": ("千米",),
    "kg": ("公斤",),
    "person": ("名", "位"),
    "day": ("日",),
    "month": ("月",),
}


def unit_name(unit: str | None, lang: str) -> str:
    """A unit as it is read; one that isn't known, as it was written."""
    if unit is None:
        return ""
    return in_language(UNITS[unit], lang) if unit in UNITS else unit


def with_unit(number: str, unit: str | None, lang: str) -> str:
    """A number with its unit behind it: 120 平方米, 30%."""
    return number + _behind(unit, lang)


@lru_cache(maxsize=1024)
def _behind(unit: str | None, lang: str) -> str:
    """A unit with the blank before it, if there is one."""
    name = unit_name(unit, lang)
    return name if name == "%" else f" {name}".rstrip()


def without_unit(typed: str, unit: str | None) -> str:
    """What was typed without the field's unit, if it stands at the end."""
    names = (unit or "", unit_name(unit, "zh-CN"), unit_name(unit, "en"))
    for name in (*_ALSO_TYPED.get(unit or "", ()), *sorted(names, key=len, reverse=True)):
        stem = typed.rstrip()
        if name and stem.upper().endswith(name.upper()):
            return stem[: -len(name)]
    return typed
