"""A Redis for tests: an empty database of one that answers, else a server of our own.

It is the server of TEST_REDIS_URL, else one on this machine, else one that lives as long as the
test run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

LOCAL = "redis://127.0.0.1:6379"
DATABASES = range(15, 0, -1)
PATIENCE = 10
"""Seconds that our own server has to answer."""


CLAIM, CLAIMED = "claimed by a test run", 900
"""A key that keeps others off a database, and for how many seconds at most."""


def empty_database(*, claim: bool = False) -> str | None:
    """The URL of an empty database on a server that answers, or None; with `claim`, it is ours."""
    server = os.environ.get("TEST_REDIS_URL", LOCAL).rstrip("/")
    for number in DATABASES:
        url = f"{server}/{number}"
        try:
            with redis.Redis.from_url(url, socket_connect_timeout=1) as client:
                free = client.dbsize() == 0
                if free and (not claim or client.set(CLAIM, "1", nx=True, ex=CLAIMED)):
                    return url
        except redis.ConnectionError:
            return None
    return None


def own_program() -> str | None:
    """Where `redis-server` is, or None when it isn't installed."""
    return shutil.which("redis-server")


@contextmanager
def redis_database() -> Iterator[str]:
    """The URL of a database for this test run; a server of our own is ended after it.

    Raises:
        RuntimeError: there is no server and no program to make one; says what to install.
    """
    url = empty_database(claim=True)
    if url:
        try:
            yield url
        finally:
            with redis.Redis.from_url(url) as client:
                client.delete(CLAIM)
        return
    program = own_program()
    if not program:
        raise RuntimeError("Redis is missing: sudo apt-get install -y redis-server")
    with tempfile.TemporaryDirectory(prefix="yibiao-redis-") as folder:
        yield from _own(program, Path(folder))


def _own(program: str, folder: Path) -> Iterator[str]:
    place = folder / "socket"
    options = ["--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(folder)]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as server:
        try:
            yield _answering(f"unix://{place}")
        finally:
            server.terminate()


def _answering(url: str) -> str:
    """The URL, once the server there answers. Raises redis.ConnectionError if it never does."""
    until = time.monotonic() + PATIENCE
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
                return url
            except redis.ConnectionError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
