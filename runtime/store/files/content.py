"""What a file really is, by its content; what its name and its sender say is only compared.

A kind is a row of the registry: adding one is a row, and a function that looks inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from definitions.problems import Problem
from runtime.store.files import archives, drawings, images, pdfs
from runtime.store.files.limits import Limits

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type, the extensions that fit, and what to look at inside."""

    id: str
    media_type: str
    extensions: tuple[str, ...]
    inspect: Callable[[BinaryIO, Limits], Problem | None]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file turned out to be."""

    type: str
    media_type: str


KINDS: Mapping[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",), pdfs.inspect),
        Kind("jpg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), images.inspect_jpeg),
        Kind("png", "image/png", ("png",), images.inspect_png),
        Kind("heic", "image/heic", ("heic", "heif"), images.inspect_heic),
        Kind(
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ("docx",),
            archives.inspect,
        ),
        Kind(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ("xlsx",),
            archives.inspect,
        ),
        Kind("ofd", "application/ofd", ("ofd",), archives.inspect),
        Kind("zip", "application/zip", ("zip",), archives.inspect),
        Kind("dwg", "image/vnd.dwg", ("dwg",), drawings.inspect),
    )
}
BY_MEDIA_TYPE = {kind.media_type: kind.id for kind in KINDS.values()} | {"image/heif": "heic"}


def judge(stream: BinaryIO, filename: str, declared: str, limits: Limits) -> Facts | Problem:
    """What the file is, or why it can't be taken. Reads headers and tables, unpacks nothing."""
    kind = detect(stream)
    if kind is None:
        return Problem("file.unknown_type", params={"accept": limits.named})
    problem = _compare(kind, filename, declared) or _accept(kind, limits)
    if problem is None:
        stream.seek(0)
        problem = kind.inspect(stream, limits)
    return problem or Facts(kind.id, kind.media_type)


def detect(stream: BinaryIO) -> Kind | None:
    """The kind that the first bytes (and for archives, the table of contents) show."""
    stream.seek(0)
    head = stream.read(HEAD)
    for beginning, kind in BEGINNINGS.items():
        if head.startswith(beginning):
            return KINDS[kind]
    if head[4:8] == b"ftyp" and head[8:12] in images.HEIC_BRANDS:
        return KINDS["heic"]
    if drawings.detect(head):
        return KINDS["dwg"]
    if head.startswith(archives.BEGINNING):
        return KINDS[archives.detect(stream)]
    return None


BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}


def _compare(kind: Kind, filename: str, declared: str) -> Problem | None:
    """Name and sender must not say something else; saying nothing is no lie."""
    extension = PurePosixPath(filename).suffix.lower().lstrip(".")
    media_type = declared.partition(";")[0].strip().lower()
    wrong_name = bool(extension) and extension not in kind.extensions
    wrong_type = BY_MEDIA_TYPE.get(media_type, kind.id) != kind.id
    if wrong_name or wrong_type:
        said = extension if wrong_name else media_type
        return Problem("file.disagrees", params={"said": said[:40], "type": kind.id.upper()})
    return None


def _accept(kind: Kind, limits: Limits) -> Problem | None:
    if kind.id in limits.accept:
        return None
    params = {"type": kind.id.upper(), "accept": limits.named}
    return Problem("file.wrong_type", params=params)
