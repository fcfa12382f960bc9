"""A process that offers many services: how long until it answers, and how large it is then."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from statistics import median
from time import monotonic

from bench.installations import environment, folder, publish_many, store_in
from bench.measure import Aim, Effort, Line, Ratio

MOST_SECONDS, MOST_MEGABYTES = Aim("most", 2.0), Aim("most", 200.0)
ROUNDS = 5
MEASURE = """
import json, sys, time
from pathlib import Path
started = float(sys.argv[1])
assert client.get("/").status_code == 200
seconds = time.monotonic() - started
peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
print(json.dumps({"seconds": seconds, "megabytes": int(peak) / 1024}))
"""
"""The peak is the program's own; getrusage would tell that of the process it was started from."""
OURS = "from app import create_app; client = create_app().test_client()" + MEASURE
BARE = (
    "from flask import Flask; app = Flask('bare'); app.get('/')(lambda: 'ok');"
    "client = app.test_client()" + MEASURE
)


def lines(effort: Effort) -> Iterator[Line]:
    """From the start of the program to its home page answered, all services in the list."""
    with folder() as data:
        with store_in(data) as store:
            publish_many(store, effort.services)
        pairs = [
            (_started(OURS, environment(data)), _started(BARE, {}))
            for _ in range(min(ROUNDS, effort.rounds))
        ]
    case = f"{effort.services} services"
    for key, unit, aim in (("seconds", "s", MOST_SECONDS), ("megabytes", "MB", MOST_MEGABYTES)):
        ours, base = (median(one[key] for one in side) for side in zip(*pairs, strict=True))
        ratio = Ratio.of([a[key] / b[key] for a, b in pairs])
        yield Line("start", case, ours, unit, aim=aim)
        yield Line("start", case, ours, unit, "Flask with one route", base, ratio)


def _started(program: str, settings: Mapping[str, str]) -> dict[str, float]:
    """Run a program to its first answer; the seconds and megabytes that it reports."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(monotonic())],
        env={**os.environ, **settings},
        capture_output=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
