"""What runs beside the pages: huey wakes it, the store knows what there is to do."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from huey import Huey, RedisHuey, SqliteHuey, crontab
from redis import RedisError

from runtime.installation import Installation, moment
from runtime.journey.clock import Clock
from runtime.journey.delivering import Deliverer
from runtime.settings import Settings
from runtime.store import Store

NAME = "yibiao"
THREADS = 4
LONGEST_NAP = 0.4
"""Seconds after which an idle worker looks at a queue that can't wake it by itself."""
SWEEP = timedelta(minutes=1)
"""What is due later than this is found by the sweep of that minute."""
log = logging.getLogger("yibiao.worker")


@dataclass
class Worker:
    """What the tasks of the queue do in the process that works them off."""

    installation: Installation
    now: Callable[[], datetime] = moment
    _alarm: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._deliverer = Deliverer(self.installation, self.now)
        self._clock = Clock(self.installation, self.now)

    def deliver(self) -> float | None:
        """Deliver what is due; in how many seconds to look again, if that is before the sweep."""
        taken = self._deliverer.work()
        if taken:
            log.info("delivered: %d", taken)
        return self._nap(self._deliverer.next_due())

    def tick(self) -> None:
        """Tell running applications what time it is."""
        told = self._clock.tick()
        if told:
            log.info("told the time: %d", told)

    def sweep(self) -> None:
        """Erase what is past its time, verify every history."""
        tidy(self.installation.store)

    def _nap(self, due: datetime | None) -> float | None:
        """Seconds until something is due; None where it is long, or another nap ends before."""
        now = self.now()
        with self._lock:
            if self._alarm is not None and self._alarm <= now:
                self._alarm = None
            if due is None or due > now + SWEEP or (self._alarm and self._alarm <= due):
                return None
            self._alarm = max(due, now)
            return (self._alarm - now).total_seconds()


def make_queue(settings: Settings, worker: Worker) -> Huey:
    """The queue of this installation with its tasks, in its Redis if it names one.

    Deliveries go out when something wakes the worker, and each minute whatever is due: also what
    a killed worker has left behind. Every ten minutes applications are told the time. Every hour,
    what is past its time is erased and every history is verified.
    """
    queue = _queue(settings)

    @queue.task(name="deliver")
    def deliver() -> None:
        nap = worker.deliver()
        if nap is not None:
            deliver.schedule(delay=nap)

    @queue.periodic_task(crontab())
    def minute() -> None:
        deliver()

    @queue.periodic_task(crontab(minute="*/10"))
    @queue.lock_task("tick")
    def tick() -> None:
        worker.tick()
        deliver()

    @queue.periodic_task(crontab(minute="7"))
    @queue.lock_task("sweep")
    def sweep() -> None:
        worker.sweep()

    return queue


def waker(settings: Settings) -> Callable[[], None]:
    """What wakes the worker from another process. A queue that is away costs a warning only."""
    queue = _queue(settings)

    @queue.task(name="deliver")
    def deliver() -> None:
        raise NotImplementedError  # the worker's own is called by this name

    def wake() -> None:
        try:
            deliver()
        except (RedisError, sqlite3.Error) as error:
            log.warning("the worker could not be woken: %s", error)

    return wake


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey(NAME, url=settings.redis_url)
    return SqliteHuey(NAME, filename=str(settings.data / "queue.db"))


def tidy(store: Store) -> None:
    """One sweep; a history that doesn't hold is logged as an error, by its application."""
    with store.connected():
        swept = store.sweep(moment())
    log.info("swept %s", dict(swept.removed))
    for broken in swept.broken:
        log.error("the history of an application does not hold: %s", broken)
