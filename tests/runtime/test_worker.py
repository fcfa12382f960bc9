"""The worker and its queue: in the data folder, or in Redis for workers on several machines."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from huey import Huey, RedisHuey, SqliteHuey

from runtime.installation import Installation
from runtime.settings import Settings, from_environment
from runtime.worker import Worker, make_queue, waker
from tests.queues import redis_database

pytestmark = pytest.mark.xdist_group("queue")
SEVEN_PAST = datetime(2026, 11, 23, 6, 7, tzinfo=UTC)


def close(queue: Huey) -> None:
    """Let go of the connections of a queue."""
    queue.storage.pool.disconnect() if isinstance(queue, RedisHuey) else queue.storage.close()


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
def installation(settings: Settings) -> Iterator[Installation]:
    made = Installation(settings, {})
    made.store.migrate(SEVEN_PAST)
    yield made
    made.close()


@pytest.fixture
def workers(settings: Settings, installation: Installation) -> Iterator[list[Huey]]:
    """The queue as two workers open it."""
    made = [make_queue(settings, Worker(installation)) for _ in range(2)]
    yield made
    made[0].flush()
    for queue in made:
        close(queue)


def test_a_queue_is_where_the_setting_says(settings: Settings, workers: list[Huey]) -> None:
    assert isinstance(workers[0], RedisHuey if settings.redis_url else SqliteHuey)
    assert (settings.data / "queue.db").exists() is not bool(settings.redis_url)


def named(queue: Huey, name: str, at: datetime) -> Any:
    """The periodic task of this name that is due at a moment."""
    [task] = [one for one in queue.read_periodic(at) if type(one).__name__ == name]
    return task


def test_what_one_worker_schedules_one_of_them_does(
    workers: list[Huey], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = workers
    sweep = named(first, "sweep", SEVEN_PAST)
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


def test_somebody_else_s_process_wakes_a_worker(
    settings: Settings, workers: list[Huey], monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    monkeypatch.setattr(Worker, "deliver", lambda _: worked.append("deliver"))
    waker(settings)()
    workers[0].execute(workers[1].dequeue())
    assert worked == ["deliver"]


def test_each_minute_what_is_due_is_looked_for(
    workers: list[Huey], monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    monkeypatch.setattr(Worker, "deliver", lambda _: worked.append("deliver"))
    first, second = workers
    first.execute(named(first, "minute", SEVEN_PAST + timedelta(minutes=1)))
    second.execute(second.dequeue())
    assert worked == ["deliver"]


def test_what_is_due_soon_is_looked_for_then_and_once(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, due = SEVEN_PAST, SEVEN_PAST + timedelta(seconds=20)
    worker = Worker(installation, lambda: now)
    monkeypatch.setattr(worker._deliverer, "next_due", lambda: due)
    assert worker.deliver() == 20
    assert worker.deliver() is None  # it is on its way already
    now = due
    assert worker.deliver() == 0
    due = now + timedelta(minutes=5)
    now += timedelta(seconds=1)
    assert worker.deliver() is None  # the sweep of that minute finds it


def test_a_queue_that_is_away_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(tmp_path, "", redis_url=f"unix://{tmp_path / 'nobody'}")
    waker(settings)()
    assert "could not be woken" in caplog.text
