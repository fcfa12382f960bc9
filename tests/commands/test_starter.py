"""What was started ends with what started it; what a person has started stays."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading

import pytest

from runtime.commands.starter import VARIABLE, end_with_starter

STARTED = """
    import time
    from runtime.commands.starter import end_with_starter
    end_with_starter()
    print("here", flush=True)
    time.sleep(30)
    print("still here", flush=True)
"""
STARTER = """
    import subprocess, sys
    from runtime.commands.starter import as_starter
    subprocess.run([sys.executable, "-c", sys.argv[1]], env=as_starter())
"""


def test_a_started_process_ends_when_its_starter_is_killed() -> None:
    command = [sys.executable, "-c", textwrap.dedent(STARTER), textwrap.dedent(STARTED)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == "here\n"
        starter.kill()
        assert starter.stdout.read() == ""


@pytest.mark.parametrize("starter", [None, "1000000"])
def test_what_nobody_of_ours_has_started_stays(
    monkeypatch: pytest.MonkeyPatch, starter: str | None
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if starter:
        monkeypatch.setenv(VARIABLE, starter)
    before = threading.active_count()
    end_with_starter()
    assert threading.active_count() == before
