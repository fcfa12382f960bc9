"""A file on its way in: copied to disk, sealed and measured, in no table yet."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from definitions.problems import Problem
from runtime.store.files import sealed
from runtime.store.files.limits import Limits

STEP = 256 * 1024
NAME_LENGTH = 120
EXTENSION_LENGTH = 10
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Received:
    """What is known of a file once it is on disk. `size` in bytes, `sha256` of what came."""

    id: str
    key: bytes
    size: int
    sha256: str


def receive(path: Path, record: str, stream: BinaryIO, limits: Limits) -> Received | Problem:
    """The file, sealed at `path` with a key of its own; or why not, and nothing is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = sealed.new_key()
    with path.open("xb") as target:
        writer = sealed.SealedWriter(target, key, record)
        size, digest = _copy(stream, writer, limits.max_bytes)
        writer.close()
        target.flush()
        os.fsync(target.fileno())
    problem = _size_problem(size, limits)
    if problem:
        path.unlink()
    return problem or Received(record, key, size, digest)


def clean_name(filename: str) -> str:
    """A file name without folders, control characters and direction overrides, not too long.

    Chinese stays as it is; what is left of nothing is `file`.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    name = "".join(one for one in name if unicodedata.category(one) not in UNPRINTABLE)
    stem, dot, extension = name.strip(" .").rpartition(".")
    if not dot:
        return extension[:NAME_LENGTH] or "file"
    extension = extension[:EXTENSION_LENGTH]
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}"


def megabytes(size: int) -> str:
    """A number of bytes as people read a limit: `50 MB`."""
    return f"{size / (1024 * 1024):.0f} MB"


def _copy(stream: BinaryIO, writer: sealed.SealedWriter, limit: int) -> tuple[int, str]:
    """Size and SHA-256 of what was copied; stops one byte past the limit."""
    size, digest = 0, hashlib.sha256()
    while size <= limit and (piece := stream.read(min(STEP, limit + 1 - size))):
        writer.write(piece)
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _size_problem(size: int, limits: Limits) -> Problem | None:
    if size == 0:
        return Problem("file.empty")
    if size > limits.max_bytes:
        return Problem("file.too_large", params={"max": megabytes(limits.max_bytes)})
    return None
