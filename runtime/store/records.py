"""Provenance and licenses as JSON: small to write with every save, cheap to open.

Hundreds of values come from the same few licenses, so what their provenance has in common is
written once. A provenance becomes an object only when somebody looks at it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from definitions.model import License, Provenance

OWN = ("license_field", "original", "edited_by", "edited_at")
"""What differs from value to value; the rest is of the license or of the source."""


class ProvenanceMap(Mapping[str, Provenance]):
    """Provenance by place: which of the `common` records it is, and what is its own."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        self._common = packed.get("common", [])
        self._at = packed.get("at", {})
        self._made: dict[str, Provenance] = {}

    def __getitem__(self, where: str) -> Provenance:
        if where not in self._made:
            number, own = self._at[where]
            self._made[where] = Provenance(**self._common[number], **own)
        return self._made[where]

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


def pack(provenance: Mapping[str, Provenance]) -> dict[str, Any]:
    """The JSON that `ProvenanceMap` reads."""
    numbers: dict[str, int] = {}
    at = {}
    for where, record in provenance.items():
        common = plain(record)
        own = {name: common.pop(name) for name in OWN if name in common}
        text = json.dumps(common, sort_keys=True)
        at[where] = [numbers.setdefault(text, len(numbers)), own]
    return {"common": [json.loads(text) for text in numbers], "at": at}


def plain(thing: Provenance | License) -> dict[str, Any]:
    """A flat record as JSON, without what is at its default."""
    return {
        one.name: value
        for one in fields(thing)
        if (value := getattr(thing, one.name)) != one.default or one.default is MISSING
    }


def _licenses(value: list[dict[str, Any]]) -> tuple[License, ...]:
    return tuple(License(**record) for record in value)


READ: Mapping[str, Callable[[Any], Any]] = {"provenance": ProvenanceMap, "licenses": _licenses}
WRITE: Mapping[str, Callable[[Any], Any]] = {
    "provenance": pack,
    "licenses": lambda value: [plain(record) for record in value],
}
