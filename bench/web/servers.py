"""Two servers alike but for what they serve, and the process that puts a load on them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from granian import Granian
from granian.constants import Interfaces

OURS, BARE = "app:create_app", "bench.web.bare:create"
WORKERS = 2
PATIENCE = 30.0
STOP = 20.0


@contextmanager
def serving(factory: str, environment: Mapping[str, str]) -> Iterator[int]:
    """The port at which an application answers while the block lasts."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.web.servers", factory, str(port)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(STOP)


def loaded(port: int, visitors: list[list[dict[str, Any]]], seconds: float, *, once: bool) -> float:
    """Answers per second. Raises RuntimeError when one was not what was expected."""
    plan = {"port": port, "visitors": visitors, "seconds": seconds, "once": once}
    done = subprocess.run(
        [sys.executable, "-m", "bench.web.load"],
        input=json.dumps(plan).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(done.stdout)
    if found["refused"]:
        raise RuntimeError(f"{found['refused']} answers were not what was expected")
    return float(found["rate"])


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def main(factory: str, port: int) -> None:
    """Serve as `app.py serve` does."""
    Granian(
        factory,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=WORKERS,
        blocking_threads=1,
        log_enabled=False,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
