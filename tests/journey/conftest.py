"""A world on each kind of database, and one on SQLite alone for what has nothing to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.world import World, built


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """An installation with an office of ours, once on each kind of database."""
    with built(tmp_path, database_url) as made:
        yield made


@pytest.fixture
def sqlite_world(tmp_path: Path) -> Iterator[World]:
    """The same on SQLite only."""
    with built(tmp_path, f"sqlite:///{tmp_path / 'one.db'}") as made:
        yield made
