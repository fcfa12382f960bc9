"""A post that came without a session waits for its sender, sealed, for a while, once."""

from __future__ import annotations

from datetime import timedelta

from runtime.store import SYSTEM
from tests.store.fixtures import NOW, Town

POST = {"to": "/apply", "fields": [["applicant.party.name", "陈美玲"]]}


def test_a_kept_post_is_handed_out_once(town: Town) -> None:
    held = town.store.held
    key = held.keep(SYSTEM, POST, NOW)
    assert held.take(SYSTEM, key + "x", NOW) is None
    assert held.take(SYSTEM, key, NOW) == POST
    assert held.take(SYSTEM, key, NOW) is None


def test_a_kept_post_is_forgotten_in_time(town: Town) -> None:
    held, end = town.store.held, NOW + timedelta(hours=2)
    late, swept = held.keep(SYSTEM, POST, NOW), held.keep(SYSTEM, POST, NOW)
    assert held.take(SYSTEM, late, end) is None
    assert held.sweep(SYSTEM, end - timedelta(seconds=1)) == 0
    assert held.sweep(SYSTEM, end) == 1
    assert held.take(SYSTEM, swept, NOW) is None


def test_a_kept_post_can_not_be_read_from_the_table(town: Town) -> None:
    key = town.store.held.keep(SYSTEM, POST, NOW)
    row = town.store.ground.tables.held.select().dicts().first()
    assert key not in str(row)
    assert "陈美玲".encode() not in bytes(row["post"])
