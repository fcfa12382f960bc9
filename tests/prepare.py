"""Gets what tests need that no Python package brings: a browser, a Chinese font, databases.

`make test` runs it first. As root on Debian it installs what is missing; otherwise it says the
exact line to type and stops.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.databases import own_cluster_programs, server_answers
from tests.queues import empty_database, own_program


@dataclass(frozen=True)
class Need:
    """A system package and how to see that it is there."""

    package: str
    why: str
    present: bool


def needs() -> list[Need]:
    """What the tests need of the system, and whether it is there."""
    browser = any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    font = bool(list(Path("/usr/share/fonts").rglob("NotoSansCJK*")))
    postgres = server_answers() or own_cluster_programs() is not None
    queue = empty_database() or own_program() is not None
    return [
        Need("chromium", "browser journeys", browser),
        Need("fonts-noto-cjk", "Chinese text in that browser", font),
        Need("postgresql", "tests on PostgreSQL", postgres),
        Need("redis-server", "tests of the queue on Redis", queue),
    ]


def main() -> int:
    """0 when everything is there or could be installed, else 1 with the line to type."""
    missing = [need for need in needs() if not need.present]
    if not missing:
        return 0
    packages = [need.package for need in missing]
    for need in missing:
        print(f"missing: {need.package} ({need.why})")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install(packages)
        return 0
    print(f"please type:  sudo apt-get update && sudo apt-get install -y {' '.join(packages)}")
    return 1


def _install(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
    subprocess.run(["apt-get", "install", "-y", "-qq", *packages], check=True, env=environment)


if __name__ == "__main__":
    sys.exit(main())
