"""ZIP and what is built on it (docx, xlsx, ofd): only the table of contents is read."""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

from definitions.problems import Problem
from runtime.store.files.limits import Limits

BEGINNING = b"PK\x03\x04"
MARKERS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "OFD.xml": "ofd"}
INNER_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".jar", ".cab", ".iso")
MAX_RATIO = 200
"""Text of office documents packs to about 1:20, a bomb to 1:1000."""

TABLE_BYTES = 2 * 1024 * 1024
TAIL_BYTES = 65_557
END = b"PK\x05\x06"


def detect(stream: BinaryIO) -> str:
    """Which kind of archive this is, by what it must contain; `zip` when nothing says more."""
    try:
        names = {entry.filename for entry in _entries(stream)}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "zip"
    return next((kind for marker, kind in MARKERS.items() if marker in names), "zip")


def inspect(stream: BinaryIO, limits: Limits) -> Problem | None:
    """Why an archive can't be taken: broken, encrypted, a bomb, macros, hidden paths."""
    try:
        entries = _entries(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return Problem("file.broken")
    if any(entry.flag_bits & 1 for entry in entries):
        return Problem("file.encrypted")
    if _is_bomb(entries, stream.seek(0, 2), limits):
        return Problem("file.bomb")
    return _forbidden(entries)


def is_hidden_in(stream: BinaryIO) -> bool:
    """Whether a file of another kind is a readable archive too: two files in one."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL_BYTES))
    if END not in stream.read():
        return False
    try:
        return bool(_entries(stream))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _entries(stream: BinaryIO) -> list[zipfile.ZipInfo]:
    """The table of contents.

    Raises:
        ValueError: the table itself is too large to look at.
        zipfile.BadZipFile: there is none.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL_BYTES))
    tail = stream.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile
    if struct.unpack_from("<I", tail, at + 12)[0] > TABLE_BYTES:
        raise ValueError("the table of contents is too large")
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        return archive.infolist()


def _is_bomb(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> bool:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    return (
        len(entries) > limits.max_entries
        or unpacked > limits.max_unpacked_bytes
        or unpacked > MAX_RATIO * size + 1_000_000
        or packed > size  # entries that overlap count the same bytes again and again
        or any(entry.filename.lower().endswith(INNER_ARCHIVES) for entry in entries)
    )


def _forbidden(entries: list[zipfile.ZipInfo]) -> Problem | None:
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
            return Problem("file.broken")
        if parts[-1].lower() == "vbaproject.bin":
            return Problem("file.macros")
    return None
