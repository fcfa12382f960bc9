"""Nothing is left over: a process that another one of ours has started ends when that one is gone.

Who starts something says so with `as_starter`; what is started calls `end_with_starter`. A process
that a person or a service manager has started is nobody's, and stays.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping

VARIABLE = "YIBIAO_STARTED_BY"
EVERY = 1.0
"""Seconds between two looks."""


def as_starter(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for what this process starts."""
    return {**environ, VARIABLE: str(os.getpid())}


def end_with_starter() -> None:
    """From now on: once the process that has started this one is gone, end as if told to."""
    starter = os.environ.get(VARIABLE)
    if starter == str(os.getppid()):
        threading.Thread(target=_watch, args=(int(starter),), daemon=True).start()


def _watch(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
