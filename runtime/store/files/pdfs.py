"""PDF: looked through as bytes, in one pass. Reading one as a document happens elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from definitions.problems import Problem
from runtime.store.files import archives
from runtime.store.files.limits import Limits

STEP = 256 * 1024
OVERLAP = 64
ENCRYPTED = re.compile(rb"/Encrypt[\s/<\d]")
ACTIVE = re.compile(rb"/(JavaScript|Launch|RichMedia)[\s/<(\[\d]")
"""Names long enough not to turn up in compressed data by chance. Files inside are fine: a Chinese
e-invoice carries its own data as one."""

END_BYTES = 2048


def inspect(stream: BinaryIO, limits: Limits) -> Problem | None:
    """Why a PDF can't be taken: cut off, encrypted, two files in one, with scripts inside."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - END_BYTES))
    if b"%%EOF" not in stream.read():
        return Problem("file.broken")
    if archives.is_hidden_in(stream):
        return Problem("file.polyglot")
    for window in _windows(stream):
        if ENCRYPTED.search(window):
            return Problem("file.encrypted")
        if ACTIVE.search(window):
            return Problem("file.active")
    return None


def _windows(stream: BinaryIO) -> Iterator[bytes]:
    """The whole content in pieces that overlap, so that no name is cut in two."""
    stream.seek(0)
    kept = b""
    while piece := stream.read(STEP):
        yield kept + piece
        kept = piece[-OVERLAP:]
