"""The running sandbox, shared by the tests of this folder; every test begins without faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import requests

from definitions.model import Library
from definitions.reader import load_library
from plugins import sandbox
from plugins.contract import Answered, Connector, Context, Purpose
from plugins.license_http import LicenseHttp
from plugins.registry import Instances, discover

Fault = Callable[..., None]
Ask = Callable[..., Answered]
Books = Callable[[str], dict[str, Any]]
KEYS = (f"key-{number}" for number in count(1))


@pytest.fixture(scope="session")
def addresses() -> Iterator[dict[str, str]]:
    """The addresses of a running sandbox on free ports."""
    with sandbox.started(ports={}) as found:
        yield dict(found)


@pytest.fixture(scope="session")
def instances(addresses: dict[str, str]) -> Instances:
    """The plugins as the platform would configure them for that sandbox."""
    return discover().open(sandbox.instances(addresses), sandbox=True)


@pytest.fixture(scope="session")
def library() -> Library:
    """The definitions that ship."""
    return load_library()


@pytest.fixture
def purpose() -> Purpose:
    """Why these tests ask for licences."""
    return Purpose(items=("food_license_application",), case="draft-1", reason="prefill")


@pytest.fixture
def fault(addresses: dict[str, str]) -> Iterator[Fault]:
    """Switch a server's fault; everything works again afterwards."""
    switched: set[str] = set()

    def switch(server: str, kind: str, ms: int = 0) -> None:
        switched.add(server)
        url = f"{addresses[server]}/sandbox/faults"
        requests.post(url, json={"fault": kind, "ms": ms}, timeout=5).raise_for_status()

    yield switch
    for server in list(switched):
        switch(server, "none")


@pytest.fixture
def impatient(addresses: dict[str, str]) -> LicenseHttp:
    """The provincial office, asked by somebody who waits half a second only."""
    config: dict[str, Any] = {**sandbox.instances(addresses)["province"].config, "timeout": 0.5}
    return LicenseHttp(config)


def why(key: str = "") -> Context:
    """What goes with a call: a key of its own unless one is given."""
    return Context(key or next(KEYS), "sale_tax", "YB-2026-0001", "xiangzhou")


@pytest.fixture
def ask(instances: Instances) -> Ask:
    """Call an operation by its name in the definitions, such as `water.account`."""

    def call(operation: str, payload: dict[str, Any], key: str = "") -> Answered:
        name, _, short = operation.partition(".")
        return instances.connectors[name].call(short, payload, why(key))

    return call


@pytest.fixture
def books(addresses: dict[str, str]) -> Books:
    """What stands in the books of an outside system."""
    return lambda name: requests.get(f"{addresses[name]}/sandbox/books", timeout=5).json()


def hasty(instances: Instances, name: str) -> Connector:
    """A connector that waits a third of a second only."""
    one = instances.connectors[name]
    return type(one)({**one.config, "timeout": 0.3})
