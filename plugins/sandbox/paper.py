"""Licences as PDF, set with typst; data go in as JSON and stay data."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import cvttf_NotoSansCJK_Regular as chinese_font
import typst

from plugins.sandbox.seeds import Record, types

TEMPLATE = Path(__file__).with_name("paper.typ")


def license_pdf(record: Record) -> bytes:
    """The licence on one page, its fields in a table of label and value."""
    license = {
        "title": types()[record.type]["title"],
        "rows": [[label, _line(value)] for label, value in record.data.items()],
        "number": record.number,
        "identifier": record.identifier,
        "issuer": record.issuer,
        "issued_on": record.issued_on or "",
    }
    data = {"license": json.dumps(license, ensure_ascii=False)}
    return typst.compile(TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs=data)


@cache
def _fonts() -> typst.Fonts:
    """The packaged font only: the same page on every machine."""
    folder = str(Path(chinese_font.__file__).parent)
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def _line(value: object) -> str:
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)
