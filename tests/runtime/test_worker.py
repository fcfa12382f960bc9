"""The worker's queue: in the data folder, or in Redis for workers on several machines."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from huey import Huey, RedisHuey, SqliteHuey

from runtime.settings import Settings, from_environment
from runtime.store import Store
from runtime.worker import make_queue
from tests.queues import redis_database
from tests.store.fixtures import open_store

pytestmark = pytest.mark.xdist_group("queue")
SEVEN_PAST = datetime(2026, 11, 23, 6, 7, tzinfo=UTC)


def close(queue: Huey) -> None:
    """Let go of the connections of a queue."""
    queue.storage.pool.disconnect() if isinstance(queue, RedisHuey) else queue.storage.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'one.db'}", tmp_path)
    yield store
    store.close()


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An installation with each kind of queue."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    return Settings(tmp_path, f"sqlite:///{tmp_path / 'one.db'}", redis_url=url)


@pytest.fixture
def workers(settings: Settings, sqlite_store: Store) -> Iterator[list[Huey]]:
    """The queue as two workers open it."""
    made = [make_queue(settings, sqlite_store) for _ in range(2)]
    yield made
    made[0].flush()
    for queue in made:
        close(queue)


def test_a_queue_is_where_the_setting_says(settings: Settings, workers: list[Huey]) -> None:
    assert isinstance(workers[0], RedisHuey if settings.redis_url else SqliteHuey)
    assert (settings.data / "queue.db").exists() is not bool(settings.redis_url)


def test_what_one_worker_schedules_one_of_them_does(
    workers: list[Huey], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = workers
    [sweep] = first.read_periodic(SEVEN_PAST)
    first.enqueue(sweep)
    taken = second.dequeue()
    assert first.dequeue() is None
    with caplog.at_level(logging.INFO, "yibiao.worker"):
        second.execute(taken)
    assert "swept" in caplog.text


def test_a_worker_that_was_killed_keeps_nobody_from_sweeping(workers: list[Huey]) -> None:
    first, second = workers
    assert first.lock_task("sweep").acquire()
    second.create_consumer(flush_locks=True)
    assert not second.is_locked("sweep")


def test_an_address_of_no_redis_is_named() -> None:
    with pytest.raises(ValueError, match="REDIS_URL"):
        from_environment({"REDIS_URL": "postgresql://localhost/x"})
    assert from_environment({"REDIS_URL": "redis://queue:6379/0"}).redis_url
    assert not from_environment({}).redis_url
