"""The receipt as a PDF: one A4 page with a QR code that leads to the application."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import cvttf_NotoSansCJK_Regular as chinese_font
import segno
import typst

TEMPLATE = Path(__file__).with_name("receipt.typ")


def receipt_pdf(words: Mapping[str, Any], address: str, made: datetime) -> bytes:
    """The receipt. `words` are what `receipt.typ` reads, in one language; `address` is the QR's.

    The words go in as JSON and stay data: nothing in them is markup. Tagged (PDF/UA-1), so that
    a screen reader can read it.
    """
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={
            "words": json.dumps(words, ensure_ascii=False),
            "qr": qr_svg(address),
        },
        pdf_standards=["ua-1"],
        timestamp=made.replace(microsecond=0),
    )


def qr_svg(address: str) -> str:
    """A QR code of an address as a standalone SVG."""
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=0, dark="#000000", omitsize=True)
    return out.getvalue().decode()


def qr_inline(address: str, title: str) -> str:
    """A QR code as an SVG element for a page; `title` says what it is for."""
    code = segno.make(address, error="m")
    return code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True, title=title)


@cache
def _fonts() -> typst.Fonts:
    """The packaged font only: the same page on every machine."""
    folder = str(Path(chinese_font.__file__).parent)
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
