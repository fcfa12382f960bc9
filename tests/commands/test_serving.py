"""The server as a process: a part that dies is replaced, and none outlives the whole."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Server = subprocess.Popen[str]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """`serve` with one worker, over a database of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    own = {"YIBIAO_DATA": str(tmp_path), "YIBIAO_PORT": port, "YIBIAO_WORKERS": "1"}
    unwanted = {"DATABASE_URL", "REDIS_URL", "YIBIAO_KEYS"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    command, environment = [sys.executable, str(ROOT / "app.py")], {**kept, **own}
    subprocess.run([*command, "db", "migrate"], env=environment, check=True, capture_output=True)
    pipe, together = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(
        [*command, "serve"], env=environment, stdout=pipe, stderr=together, text=True
    ) as started:
        yield started
        started.kill()


def worker(server: Server) -> int:
    """The id of the worker process that has started next."""
    assert server.stdout
    process = 0
    for line in server.stdout:
        spawned = re.search(r"Spawning worker-1 with PID: (\d+)", line)
        process = int(spawned[1]) if spawned else process
        if "Started worker-1" in line:
            return process
    raise AssertionError("the server has ended")


def test_a_worker_that_dies_is_replaced(server: Server) -> None:
    first = worker(server)
    os.kill(first, signal.SIGKILL)
    assert worker(server) != first


def test_no_worker_outlives_a_server_that_was_killed(server: Server) -> None:
    worker(server)
    server.kill()
    assert server.stdout
    assert "Stopping worker" in server.stdout.read()
