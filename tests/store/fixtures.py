"""A store with a release and people in it, on each kind of database; other folders use it too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from runtime.store import SYSTEM, Actor, Application, Enterprise, Store
from runtime.store.keys import KeyRing, new_pair, read_ring

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
ACME = "91440400MA4UW1234X"
RING = read_ring(new_pair("test"))


def release(service: str = "open_restaurant", title: str = "开办餐饮店") -> dict[str, Any]:
    """A release small enough to read; the store looks at nothing but its service's districts."""
    definition = {"id": service, "title": {"zh-CN": title}, "districts": ["440402", "440403"]}
    definitions = {f"service/{service}": definition}
    return {"format": 1, "service": service, "definitions": definitions}


def open_store(url: str, data: Path, ring: KeyRing = RING) -> Store:
    """A store with its tables."""
    store = Store(url, data, ring)
    store.migrate(NOW)
    return store


@dataclass
class Town:
    """A store, a live release, and people: an owner, a neighbour, a stranger, an agent."""

    store: Store
    release: str = ""
    people: dict[str, Actor] = field(default_factory=dict)
    held: Any = None

    def draft(self, who: str = "owner", answers: dict[str, Any] | None = None) -> Application:
        return self.store.applications.create_draft(
            self.people[who], self.release, "open_restaurant", "440402", "applicant",
            answers or {"situation.area": 80}, NOW,
        )  # fmt: skip


PEOPLE = {
    "owner": ("440402199001010018", "陈美玲"),
    "neighbour": ("440402198505050027", "林志强"),
    "stranger": ("440403197707070039", "何不识"),
    "agent": ("440402199912120042", "周代办"),
}


def settle(store: Store) -> Town:
    """Fill a store with a release and people."""
    town = Town(store)
    town.release = store.releases.publish(SYSTEM, release(), {}, "第一版", NOW)
    for name, (number, called) in PEOPLE.items():
        powers = (Enterprise(ACME, "珠海测试餐饮有限公司"),) if name == "agent" else ()
        person = store.people.meet(SYSTEM, number, called, powers, NOW)
        town.people[name] = Actor(
            "applicant", person.id, called, acting_for=ACME if powers else None
        )
    town.people["officer"] = Actor(
        "officer",
        "o1",
        "官员",
        unit="market_regulation",
        district="440402",
        positions=(("market_regulation", "officer"),),
    )
    return town


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An open store with its tables, once on each kind of database."""
    opened = open_store(database_url, tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def town(store: Store) -> Town:
    """That store with a release and people."""
    return settle(store)


@pytest.fixture
def sqlite_town(tmp_path: Path) -> Iterator[Town]:
    """A town on SQLite only: for what has nothing to do with the kind of database."""
    opened = open_store(f"sqlite:///{tmp_path / 'one.db'}", tmp_path / "data")
    yield settle(opened)
    opened.close()
