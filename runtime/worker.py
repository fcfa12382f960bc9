"""What runs on a schedule, beside the pages: huey wakes it, the store knows what there is to do."""

from __future__ import annotations

import logging

from huey import Huey, RedisHuey, SqliteHuey, crontab

from runtime.installation import moment
from runtime.settings import Settings
from runtime.store import Store

NAME = "yibiao"
log = logging.getLogger("yibiao.worker")


def make_queue(settings: Settings, store: Store) -> Huey:
    """The queue of this installation with its periodic tasks, in its Redis if it names one.

    Every hour, what is past its time is erased and every history is verified.
    """
    queue = _queue(settings)

    @queue.periodic_task(crontab(minute="7"))
    @queue.lock_task("sweep")
    def sweep() -> None:
        tidy(store)

    return queue


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
