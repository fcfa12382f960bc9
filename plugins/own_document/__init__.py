"""A PDF e-license that the applicant brings: read in a limited process, offered as prefill.

What comes of it has trust C (国办函〔2016〕108号): uploaded by the holder, to be checked against
the original. The PDF proves nothing, so nothing in it is ever taken as verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from definitions.model import License, LicenseType
from definitions.problems import Problem
from plugins.own_document.process import Limits, printed
from plugins.own_document.recognise import last_date, recognised

__all__ = ["SOURCE", "Limits", "read_license"]

SOURCE = "own_document"
HOLDER_KEYS = ("person.id_number", "enterprise.credit_code")
HOLDER_NAME = "party.name"
TERMS = ("有效期", "有效期至", "营业期限")
ISSUED = ("发证日期", "发证时间", "签发日期", "登记日期")
IDENTIFIER = re.compile(r"1\.2\.156\.3005\.2(?:\.[0-9A-Z]+){5}(?![0-9A-Z.])")


def read_license(
    content: bytes, types: Iterable[LicenseType], today: date, limits: Limits | None = None
) -> License | Problem:
    """The licence that a PDF shows, by the printed titles and labels of `types`.

    A `Problem` (`own_document.…`) says in words why there is none. `holder` is empty where the
    number of the holder isn't printed on such a licence.
    """
    pages = printed(content, limits or Limits())
    if isinstance(pages, Problem):
        return pages
    found = recognised(pages, types)
    if found is None:
        return Problem("own_document.nothing_recognised")
    type_, data = found
    text = "\n".join(line for page in pages for line in page["lines"])
    return _license(type_, data, text, today)


def _license(type_: LicenseType, data: dict[str, str], text: str, today: date) -> License:
    holder = _of_holder(type_, data, HOLDER_KEYS)
    valid_to = _date(data, TERMS)
    identifier = IDENTIFIER.search(text)
    return License(
        type=type_.id,
        number=_number(type_, data) or holder,
        holder=holder,
        holder_name=_of_holder(type_, data, (HOLDER_NAME,)),
        data=data,
        identifier=identifier[0] if identifier else "",
        issued_on=_date(data, ISSUED),
        valid_to=valid_to,
        status="expired" if valid_to and valid_to < today.isoformat() else "valid",
        source=SOURCE,
        trust="C",
    )


def _of_holder(type_: LicenseType, data: dict[str, str], elements: tuple[str, ...]) -> str:
    """The raw text of the first field that says one of these things about the holder."""
    for field in type_.fields.values():
        if field.element in elements and "holder" in field.about and field.label in data:
            return data[field.label]
    return ""


def _number(type_: LicenseType, data: dict[str, str]) -> str:
    """The licence's own number: the field that its type calls `number`."""
    field = type_.fields.get("number")
    return data.get(field.label, "") if field else ""


def _date(data: dict[str, str], labels: tuple[str, ...]) -> str | None:
    return next((last_date(data[label]) for label in labels if label in data), None)
