"""Files to hand in, each as small as its kind allows, and the way to hand one in."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import BinaryIO

from definitions.problems import Problem
from runtime.store import Limits, StoredFile, Upload
from tests.store.fixtures import NOW, Town

EVERYTHING = Limits(accept=("pdf", "jpg", "png", "heic", "docx", "xlsx", "ofd", "zip", "dwg"))
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 6))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    return b"\xff\xd8" + app + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def heic(width: int = 2, height: int = 2) -> bytes:
    ispe = struct.pack(">I4sIII", 20, b"ispe", 0, width, height)
    return struct.pack(">I4s4sI", 16, b"ftyp", b"heic", 0) + ispe


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def drawing(version: bytes = b"AC1032", security: int = 0, macros: int = 0) -> bytes:
    """The beginning of an AutoCAD drawing, and something after it."""
    head = bytearray(version.ljust(0x80, b"\0"))
    struct.pack_into("<I", head, 0x18, security)
    struct.pack_into("<I", head, 0x24, macros)
    return bytes(head) + b"\x1f" * 200


DOCX = archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w/>"})
XLSX = archive({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<w/>"})
OFD = archive({"OFD.xml": b"<ofd/>"})
ZIP = archive({"readme.txt": b"hello"})


def accept(
    town: Town,
    name: str,
    content: bytes | BinaryIO,
    limits: Limits = EVERYTHING,
    declared: str = "",
) -> StoredFile | Problem:
    """Hand a file in for the draft that the town holds, begun if there is none."""
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    owner, town.held = town.people["owner"], town.held or town.draft()
    upload = Upload(stream, name, "lease_contract", declared)
    kept = town.store.files.accept(owner, town.held, upload, limits, NOW)
    town.held = town.store.applications.fresh(owner, town.held)
    return kept
