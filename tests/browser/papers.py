"""Papers to hand in: small, real files of the kinds that people have."""

from __future__ import annotations

from io import BytesIO
from typing import TypedDict

from PIL import Image

from plugins.sandbox.paper import license_pdf
from plugins.sandbox.seeds import records

A4 = (620, 877)


class File(TypedDict):
    """A file as a browser's chooser gives it."""

    name: str
    mimeType: str
    buffer: bytes


def photo(name: str) -> File:
    """A picture of a paper, as a phone takes it."""
    return File(name=f"{name}.jpg", mimeType="image/jpeg", buffer=_page("JPEG"))


def scan(name: str) -> File:
    """A scanned paper: a PDF of one page without text."""
    return File(name=f"{name}.pdf", mimeType="application/pdf", buffer=_page("PDF"))


def program(name: str) -> File:
    """What is not a paper, whatever its name says."""
    return File(name=f"{name}.pdf", mimeType="application/pdf", buffer=b"MZ\x90\x00" + bytes(512))


def license(type_: str, holder: str) -> File:
    """A licence that the sandbox's offices keep, as the PDF that its holder has."""
    kept = (*records("province"), *records("city"))
    one = next(one for one in kept if (one.type, one.holder_name) == (type_, holder))
    return File(name=f"{type_}.pdf", mimeType="application/pdf", buffer=license_pdf(one))


def _page(kind: str) -> bytes:
    paper = BytesIO()
    Image.new("RGB", A4, "white").save(paper, kind)
    return paper.getvalue()
