"""The whole product on free ports of this machine: the outside world, a database, the pages."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from definitions.reader import LIBRARY, read
from plugins import sandbox
from plugins.asking import Asker
from plugins.sandbox.settings import Addresses
from runtime.installation import Installation, moment
from runtime.publishing import publish_all
from runtime.settings import Settings
from runtime.staffing import meet_staff
from runtime.store.actor import SYSTEM
from runtime.web.application import create
from tests.browser.served import served

SOURCES = ("province", "city")
LATE = 20_000
"""Milliseconds that a late source takes: longer than anybody waits for it."""


@dataclass(frozen=True, slots=True)
class Product:
    """What a browser meets at `address`, and the levers of the world outside."""

    address: str
    installation: Installation
    outside: Addresses

    def fault(self, kind: str, *sources: str) -> None:
        """Let these licence sources (or all) fail in this way from now on."""
        for source in sources or SOURCES:
            wanted = {"fault": kind, "ms": LATE}
            answer = requests.post(f"{self.outside[source]}/sandbox/faults", json=wanted, timeout=5)
            answer.raise_for_status()

    def heal(self) -> None:
        """Every source answers again, and is asked again: nobody waits until it has rested."""
        self.fault("none")
        self.installation.asker.close()
        instances = self.installation.instances
        self.installation.asker = Asker(instances.sources, instances.titles)


@contextmanager
def running(folder: Path, database_url: str) -> Iterator[Product]:
    """The product with the library that ships, live; its processes end with the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with sandbox.started(folder / "sandbox", ports={}) as outside, _free_port() as taken:
        settings = Settings(folder, database_url, port=taken.getsockname()[1])
        installation = Installation(settings, sandbox.instances(outside))
        try:
            _publish(installation)
            with served(create(installation), taken) as address:
                yield Product(address, installation, outside)
        finally:
            installation.close()


def _publish(installation: Installation) -> None:
    store, now = installation.store, moment()
    store.migrate(now)
    for _ in publish_all(store, read([LIBRARY]), SYSTEM, "the library that ships", now):
        pass
    meet_staff(installation, now)


def _free_port() -> socket.socket:
    """A port that nobody has, taken at once: the product's own address is part of its settings."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken
