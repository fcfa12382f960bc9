"""AutoCAD drawings (DWG): the header says the version, and whether it is locked or has macros.

Offsets are those of the Open Design Specification for .dwg files, R2004 file header.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from definitions.problems import Problem
from runtime.store.files import archives
from runtime.store.files.limits import Limits

BEGINNING = b"AC10"
HEADER_BYTES = 0x80
"""Every version since R13 has more than this before its first object."""

SECURED_SINCE = 18
"""AC1018 (2004) and later say in the header what protects and what accompanies the drawing."""

SECURITY_AT = 0x18
MACROS_AT = 0x24
PASSWORD = 0b11
"""The drawing, or what describes it, is encrypted; a signature alone locks nothing."""


def detect(head: bytes) -> bool:
    """Whether a file begins like a drawing of R13 (1994) or later: `AC1012` to `AC1032`."""
    return head.startswith(BEGINNING) and head[4:6].isdigit()


def inspect(stream: BinaryIO, limits: Limits) -> Problem | None:
    """Why a drawing can't be taken: cut off, locked, with macros, two files in one."""
    head = stream.read(HEADER_BYTES)
    if len(head) < HEADER_BYTES:
        return Problem("file.broken")
    if int(head[4:6]) >= SECURED_SINCE:
        if _number(head, SECURITY_AT) & PASSWORD:
            return Problem("file.encrypted")
        if _number(head, MACROS_AT):
            return Problem("file.macros")
    return Problem("file.polyglot") if archives.is_hidden_in(stream) else None


def _number(head: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", head, at)[0])
