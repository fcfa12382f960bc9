"""Definitions as files: one layout, so that editors of one thing never differ in white space."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

WIDTH = 96


def write(value: Any) -> str:
    """A definition as the text of its file, ending in a line feed.

    Keys keep their order. What fits on a line of 96 columns (a Chinese character takes two) stays
    on one; the rest is indented by two. Reading it back gives an equal value.
    """
    return _layout(value, 0) + "\n"


def _layout(value: Any, indent: int) -> str:
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, dict | list) or not value or _columns(line) + indent <= WIDTH:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_layout(part, indent + 2)}"
            for key, part in value.items()
        ]
        opening, closing = "{", "}"
    else:
        parts = [_layout(part, indent + 2) for part in value]
        opening, closing = "[", "]"
    body = ",\n".join(inner + part for part in parts)
    return f"{opening}\n{body}\n{' ' * indent}{closing}"


def _columns(text: str) -> int:
    return len(text) + sum(unicodedata.east_asian_width(char) in "WF" for char in text)
