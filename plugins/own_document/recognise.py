"""Which licence a printed page is, and what stands beside each of its labels. Pure text work."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from definitions.model import LicenseType

SPACE = re.compile(r"\s+")
ASIDE = re.compile(r"\(.*?\)")
DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})")
FOREVER = "长期"
ENOUGH = 2
"""So many labels of a type must be there, beside its title, before a page counts as one."""


def recognised(
    pages: Sequence[Mapping[str, Any]], types: Iterable[LicenseType]
) -> tuple[LicenseType, dict[str, str]] | None:
    """The type whose title is printed and whose labels are found most, and its raw texts."""
    text = squeezed("".join(line for page in pages for line in page["lines"]))
    best: tuple[LicenseType, dict[str, str]] | None = None
    for type_ in types:
        if any(title in text for title in _titles(type_)):
            found = labelled(pages, [field.label for field in type_.fields.values()])
            least = min(ENOUGH, len(type_.fields))
            if len(found) >= max(least, len(best[1]) + 1 if best else 0):
                best = (type_, found)
    return best


def labelled(pages: Sequence[Mapping[str, Any]], labels: Iterable[str]) -> dict[str, str]:
    """What stands beside each label: in the next cell of a table, else after it on its line."""
    known = {squeezed(label): label for label in labels}
    found: dict[str, str] = {}
    for pair in (*_cells(pages, known), *_lines(pages, known)):
        label, value = pair
        if value:
            found.setdefault(known[label], value)
    return found


def last_date(text: str) -> str | None:
    """The last date in a text, as YYYY-MM-DD, where a term ends; None if it has no end (长期)."""
    dates = DATE.findall(text)
    if not dates or FOREVER in text:
        return None
    year, month, day = dates[-1]
    return f"{year}-{int(month):02d}-{int(day):02d}"


def squeezed(text: str) -> str:
    """A text for comparing: full-width forms folded, no spaces (licences set titles wide)."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text))


def _titles(type_: LicenseType) -> list[str]:
    """The titles that may be printed: a slash separates two, an aside in brackets is none."""
    title = ASIDE.sub("", squeezed(type_.title["zh-CN"]))
    return [one for one in title.split("/") if one]


def _cells(
    pages: Sequence[Mapping[str, Any]], known: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for page in pages:
        for row in (row for table in page["tables"] for row in table):
            cells = [cell for cell in row if cell]  # a merged cell leaves None behind
            for label, value in pairwise(cells):
                name = squeezed(label).rstrip(":")
                if name in known and squeezed(value).rstrip(":") not in known:
                    yield name, _joined(value)


def _lines(
    pages: Sequence[Mapping[str, Any]], known: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Values after a label that begins a line or stands after a gap, up to the next label."""
    if not known:
        return
    names = sorted(known, key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, name)) for name in names)
    label = re.compile(rf"(?:^|(?<=\s))({spaced})(?:\s*:\s*|\s+)")
    for line in (line for page in pages for line in page["lines"]):
        text = unicodedata.normalize("NFKC", line)
        hits = list(label.finditer(text))
        ends = [hit.start() for hit in hits[1:]] + [len(text)]
        for hit, end in zip(hits, ends, strict=False):
            yield squeezed(hit[1]), text[hit.end() : end].strip()


def _joined(cell: str) -> str:
    """A cell's text without the line breaks that its width made."""
    return "".join(line.strip() for line in cell.splitlines())
