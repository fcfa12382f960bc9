"""Every definition that ships is laid out as the writer lays it out: two editors, one text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.reader import LIBRARY
from definitions.writer import WIDTH, write

FILES = sorted(LIBRARY.rglob("*.json"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_has_the_one_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert write(json.loads(text)) == text


@given(JSON)
def test_what_is_written_is_read_again(value: object) -> None:
    assert json.loads(write(value)) == value


def test_short_things_stay_on_a_line_and_long_ones_do_not() -> None:
    assert write({"a": [1, 2]}) == '{"a": [1, 2]}\n'
    long = write({"title": {"zh-CN": "字" * WIDTH}, "n": 1})
    assert long.startswith('{\n  "title": {\n    "zh-CN": ')
