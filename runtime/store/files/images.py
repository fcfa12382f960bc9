"""Images: the size in pixels is read from the header, nothing is decoded."""

from __future__ import annotations

import struct
from typing import BinaryIO

from definitions.problems import Problem
from runtime.store.files import archives
from runtime.store.files.limits import Limits

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"})
HEIC_HEADER_BYTES = 1024 * 1024
MAX_SEGMENTS = 1_000
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})

Size = tuple[int, int]


def inspect_png(stream: BinaryIO, limits: Limits) -> Problem | None:
    """Why a PNG can't be taken."""
    head = stream.read(24)
    if head[12:16] != b"IHDR" or len(head) < 24:
        return Problem("file.broken")
    stream.seek(-12, 2)
    if stream.read(8) != b"\x00\x00\x00\x00IEND":
        return Problem("file.polyglot")
    return _judge(stream, struct.unpack(">II", head[16:24]), limits)


def inspect_jpeg(stream: BinaryIO, limits: Limits) -> Problem | None:
    """Why a JPEG can't be taken. Phones add data behind the image, so that alone is no reason."""
    return _judge(stream, _jpeg_size(stream), limits)


def inspect_heic(stream: BinaryIO, limits: Limits) -> Problem | None:
    """Why a HEIC can't be taken; the largest `ispe` box counts."""
    return _judge(stream, _heic_size(stream.read(HEIC_HEADER_BYTES)), limits)


def _judge(stream: BinaryIO, size: Size | None, limits: Limits) -> Problem | None:
    if size is None or 0 in size:
        return Problem("file.broken")
    if size[0] * size[1] > limits.max_pixels:
        params = {"width": size[0], "height": size[1], "max": limits.max_pixels // 1_000_000}
        return Problem("file.too_many_pixels", params=params)
    return Problem("file.polyglot") if archives.is_hidden_in(stream) else None


def _jpeg_size(stream: BinaryIO) -> Size | None:
    """Width and height of the first frame (ITU-T T.81, B.2.2)."""
    stream.seek(2)
    for _ in range(MAX_SEGMENTS):
        marker = _jpeg_marker(stream)
        if marker is None or marker == 0xD9:
            return None
        if marker in STANDALONE:
            continue
        length = int.from_bytes(stream.read(2), "big")
        if marker in START_OF_FRAME:
            frame = stream.read(5)
            return struct.unpack(">HH", frame[1:])[::-1] if len(frame) == 5 else None
        if length < 2:
            return None
        stream.seek(length - 2, 1)
    return None


def _jpeg_marker(stream: BinaryIO) -> int | None:
    if stream.read(1) != b"\xff":
        return None
    for _ in range(MAX_SEGMENTS):
        byte = stream.read(1)
        if byte != b"\xff":
            return byte[0] if byte else None
    return None


def _heic_size(head: bytes) -> Size | None:
    """Width and height of the largest image (ISO/IEC 23008-12, 6.5.3)."""
    sizes: list[Size] = []
    at = head.find(b"ispe")
    while 0 <= at <= len(head) - 16:
        sizes.append(struct.unpack_from(">II", head, at + 8))
        at = head.find(b"ispe", at + 4)
    return max(sizes, key=lambda size: size[0] * size[1], default=None)
