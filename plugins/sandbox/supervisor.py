"""Starts the servers of the sandbox, waits until they answer, and stops them all together."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from plugins.sandbox.seeds import OFFICES
from plugins.sandbox.settings import OUTSIDE, PORTS, TITLES, Addresses

ROOT = Path(__file__).parents[2]
WAIT = 20
"""Seconds that a server has to come up, and to go."""
PROCESSES = (*((name,) for name in OFFICES), ("identity",), tuple(OUTSIDE), ("control",))
"""Which servers share a process: the outside systems do, for the memory's sake. The one that people
open comes last: when it answers, all do."""


class SandboxFailed(RuntimeError):
    """A server did not come up; the message says which one and what it said."""


def run(
    folder: Path | None = None,
    ports: Mapping[str, int] = PORTS,
    say: Callable[[str], object] = print,
) -> None:
    """Run the sandbox until the process is told to stop (SIGINT or SIGTERM).

    Databases are made new in `folder` (a temporary one by default).
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with started(folder, ports) as addresses:
        for name, address in addresses.items():
            say(f"{address}  {TITLES[name]}")
        stop.wait()
    say("沙盒已停止 Sandbox stopped")


@contextmanager
def started(folder: Path | None = None, ports: Mapping[str, int] = PORTS) -> Iterator[Addresses]:
    """The running sandbox: its addresses by server name. Port 0 takes a free one.

    Raises `SandboxFailed` if a server does not come up; then none is left over.
    """
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place.mkdir(parents=True, exist_ok=True)
        processes = {
            names: stack.enter_context(_process(names, ports, place)) for names in PROCESSES
        }
        found = {
            name: _address(name, process, place)
            for names, process in processes.items()
            for name in names
        }
        addresses = {name: found[name] for name in TITLES}
        for process in processes.values():
            _introduce(process, addresses)
        for name, address in addresses.items():
            _check_health(name, address)
        yield addresses


@contextmanager
def _process(
    names: tuple[str, ...],
    ports: Mapping[str, int],
    folder: Path,
) -> Iterator[subprocess.Popen[str]]:
    mine = {name: ports.get(name, 0) for name in names}
    command = [sys.executable, "-m", "plugins.sandbox", json.dumps(mine)]
    command += ["--folder", str(folder.resolve())]
    pipe = subprocess.PIPE
    with _log(names[0], folder).open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            cwd=ROOT,
            stdin=pipe,
            stdout=pipe,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def _log(name: str, folder: Path) -> Path:
    """What the process of a server has said; it is named after its first one."""
    first = next((names[0] for names in PROCESSES if name in names), name)
    return folder / f"{first}.log"


def _address(name: str, process: subprocess.Popen[str], folder: Path) -> str:
    """What a process says first: the addresses of its servers, a line each."""
    line = process.stdout.readline().strip() if process.stdout else ""
    if not line.startswith("http"):
        said = _log(name, folder).read_text().strip().splitlines()
        raise SandboxFailed(f"{TITLES[name]}: {said[-1] if said else 'ended at once'}")
    return line


def _introduce(process: subprocess.Popen[str], addresses: Addresses) -> None:
    """Tell a process where all servers are, and wait until it knows."""
    if process.stdin and process.stdout:
        process.stdin.write(f"{json.dumps(dict(addresses))}\n")
        process.stdin.flush()
        process.stdout.readline()


def _check_health(name: str, address: str) -> None:
    try:
        requests.get(f"{address}/health", timeout=WAIT).raise_for_status()
    except requests.RequestException as error:
        raise SandboxFailed(f"{TITLES[name]}: {type(error).__name__}") from error


def _stop(process: subprocess.Popen[str]) -> None:
    """Close its input, which ends it; kill what does not go."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(WAIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
