"""The divisions of Zhuhai: districts by GB/T 2260, towns and subdistricts by GB/T 10114."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from definitions.model import Text

CITY: Final = "440400"

DIVISIONS: Mapping[str, Text] = json.loads(
    (Path(__file__).parent / "divisions.json").read_text(encoding="utf-8")
)
"""Codes of six digits (city, districts) and of nine (towns, subdistricts) with their names."""

DISTRICTS: tuple[str, ...] = tuple(code for code in DIVISIONS if len(code) == 6 and code != CITY)


def full_name(code: str, lang: str) -> str:
    """A division with the district it lies in: 香洲区翠香街道; the code itself if not known."""
    known = [DIVISIONS[part] for part in (code[:6], code) if part in DIVISIONS]
    names = list(dict.fromkeys(name.get(lang) or name["zh-CN"] for name in known))
    if code not in DIVISIONS:
        return code
    return ", ".join(reversed(names)) if lang == "en" else "".join(names)


def code_of(name: str) -> str | None:
    """The code of a division by its name, with or without the city or district before it."""
    short = name.removeprefix("广东省").removeprefix("珠海市") or name
    for code, names in DIVISIONS.items():
        if short in (code, names["zh-CN"], names["en"], full_name(code, "zh-CN")):
            return code
    return None
