"""Every Chinese text of the library is set as Chinese is: with full-width parentheses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from definitions.reader import LIBRARY

FILES = sorted(LIBRARY.rglob("*.json"))
HALF_WIDTH = re.compile(r"[()]")


def texts(value: Any) -> Iterator[str]:
    """What stands under `zh-CN`, however deep; licences' own data are what an office prints."""
    if isinstance(value, dict):
        if isinstance(value.get("zh-CN"), str):
            yield value["zh-CN"]
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_parentheses_are_full_width(path: Path) -> None:
    found = texts(json.loads(path.read_text(encoding="utf-8")))
    assert [one for one in found if HALF_WIDTH.search(one)] == []
