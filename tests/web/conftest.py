"""Every test of the pages begins in Chinese, whatever the one before it spoke."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runtime.web.texts import DEFAULT, speaking


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with speaking(DEFAULT):
        yield
