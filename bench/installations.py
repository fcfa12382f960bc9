"""Installations of their own to measure: a folder, a database, services published into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.samples import library
from definitions.model import Library
from definitions.plan import plan_of
from definitions.release import make_release
from runtime.catalog import make_card
from runtime.engine.burden import burden
from runtime.store import Store, open_ring
from runtime.store.actor import SYSTEM

REASON = "benchmark"
Release = Mapping[str, Any]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with TemporaryDirectory(prefix="yibiao-bench-") as name:
        yield Path(name)


def environment(data: Path) -> dict[str, str]:
    """The variables that make a process use this folder and no sandbox."""
    return {"YIBIAO_DATA": str(data), "YIBIAO_SANDBOX": "0", "DATABASE_URL": url(data)}


def url(data: Path) -> str:
    """The embedded database of a folder."""
    return f"sqlite:///{data / 'yibiao.db'}"


@contextmanager
def store_in(data: Path) -> Iterator[Store]:
    """A store in a folder, its tables made."""
    store = Store(url(data), data, open_ring(data))
    try:
        with store.connected():
            store.migrate(datetime.now(UTC))
            yield store
    finally:
        store.close()


def publish(store: Store, found: Library, release: Release, service: str) -> None:
    """Make a release live, with the card of a service of this library."""
    plan = plan_of(found, service)
    card = make_card(found, plan.service, burden(plan))
    store.releases.publish(SYSTEM, release, card, REASON, datetime.now(UTC))


def publish_many(store: Store, count: int) -> None:
    """So many services: the four that ship, again and again under new names."""
    names = sorted(library().services)
    releases = {name: make_release(library(), name).content for name in names}
    cards = {}
    for name in names:
        plan = plan_of(library(), name)
        cards[name] = make_card(library(), plan.service, burden(plan))
    for number in range(count):
        name = names[number % len(names)]
        release = renamed(releases[name], name, f"{name}_{number}")
        store.releases.publish(SYSTEM, release, cards[name], REASON, datetime.now(UTC))


def renamed(release: Release, name: str, other: str) -> Release:
    """The same release for a service of another name."""
    definitions = dict(release["definitions"])
    definitions[f"service/{other}"] = {**definitions.pop(f"service/{name}"), "id": other}
    return {**release, "service": other, "definitions": definitions}
