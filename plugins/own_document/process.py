"""Runs `extract` on a PDF in a limited process and brings back what it found, or why nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from definitions.problems import Problem

EXTRACT = Path(__file__).with_name("extract.py")
CODES = {
    "encrypted": "own_document.encrypted",
    "unreadable": "own_document.unreadable",
    "too_many_pages": "own_document.too_many_pages",
    "too_complex": "own_document.too_complex",
    "scanned": "own_document.scanned",
    "nothing": "own_document.nothing",
}
"""The problems that the process may name; any other word from it counts as unreadable."""
SLOTS = threading.BoundedSemaphore(2)
"""At most so many PDFs at once: the rest of the machine is for those who fill in forms."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one PDF may cost: bytes, seconds, pages."""

    size: int = 20_000_000
    memory: int = 512_000_000
    cpu_seconds: int = 10
    wall_seconds: float = 15.0
    pages: int = 30
    output: int = 2_000_000


def printed(content: bytes, limits: Limits) -> list[dict[str, Any]] | Problem:
    """The pages of a PDF, each with `tables` (rows of cells) and `lines` of text."""
    if b"%PDF-" not in content[:1024]:
        return Problem("own_document.not_pdf")
    if len(content) > limits.size:
        return Problem("own_document.too_large", params={"max": limits.size // 1_000_000})
    if not SLOTS.acquire(timeout=limits.wall_seconds):
        return Problem("own_document.too_slow")
    try:
        return _run(content, limits)
    finally:
        SLOTS.release()


def _run(content: bytes, limits: Limits) -> list[dict[str, Any]] | Problem:
    settings = {
        "memory": limits.memory,
        "cpu_seconds": limits.cpu_seconds,
        "pages": limits.pages,
        "output": limits.output,
    }
    with tempfile.TemporaryFile() as answer:  # a file, for the kernel limits the size of files
        try:
            done = subprocess.run(  # noqa: S603 - our own script, no shell
                [sys.executable, "-I", str(EXTRACT), json.dumps(settings)],
                input=content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall_seconds,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Problem("own_document.too_slow")
        answer.seek(0)
        return _understood(done.returncode, answer.read(limits.output + 1), limits)


def _understood(ended: int, answer: bytes, limits: Limits) -> list[dict[str, Any]] | Problem:
    if ended in (-signal.SIGXCPU, -signal.SIGKILL):
        return Problem("own_document.too_slow")
    try:
        found = json.loads(answer)
    except ValueError:
        return Problem("own_document.too_complex")
    if "problem" in found:
        code = CODES.get(found["problem"], CODES["unreadable"])
        return Problem(code, params={"max": limits.pages})
    pages: list[dict[str, Any]] = found["pages"]
    return pages
