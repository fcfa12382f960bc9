"""Money as definitions write it, `{"yuan": "100.00"}`, to whole fen."""

from __future__ import annotations

import re
from typing import Any

_YUAN = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")


def fen(yuan: Any) -> int | None:
    """`"100.50"` to 10050; None for what isn't an amount with at most two decimals."""
    match = _YUAN.fullmatch(yuan) if isinstance(yuan, str) else None
    if match is None:
        return None
    sign, whole, part = match.groups()
    amount = int(whole) * 100 + int((part or "").ljust(2, "0"))
    return -amount if sign else amount


_MAPS = frozenset(
    {
        "answers",
        "charges",
        "contact",
        "data",
        "fixed",
        "prefilled",
        "settings",
        "situation",
    }
)
"""Keys whose objects hold values by name, where a name may well be yuan."""


def folded(value: Any, key: str = "") -> Any:
    """The same value with every money constant as whole fen; what isn't money stays as it is."""
    if isinstance(value, dict):
        amount = fen(value["yuan"]) if value.keys() == {"yuan"} and key not in _MAPS else None
        if amount is not None:
            return amount
        return {name: folded(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [folded(item) for item in value]
    return value
