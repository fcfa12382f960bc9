"""The registries as Markdown: field types, operators of rules, and every problem with its words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from definitions.fieldtypes import REGISTRY
from definitions.fieldtypes.contract import FieldType
from definitions.rules import FAMILIES, OPERATORS, Operator
from definitions.wording import sentences
from docs.shapes import sort, table

HIDDEN = "$"
"""What a view holds under such names is given by the platform: today, the calendar."""


def field_types() -> Iterator[str]:
    """One table of all field types, in the order in which an author is offered them."""
    heads = ("id", "title", "in JSON", "example", "settings")
    yield table((_field_type(kind) for kind in REGISTRY.values()), heads)


def _field_type(kind: FieldType) -> tuple[str, ...]:
    settings = ", ".join(
        f"`{name}` ({setting['title']['en']}: {sort(setting)})"
        for name, setting in kind.settings["properties"].items()
    )
    example = "" if kind.json_type is None else _json(kind.example)
    title = f"{kind.title['zh-CN']} · {kind.title['en']}"
    return f"`{kind.id}`", title, kind.json_type or "nothing", example, settings


def operators() -> Iterator[str]:
    """A table for each family of operators; every example is run by a test."""
    heads = ("operator", "reads as", "arguments", "example", "with", "gives")
    for family in FAMILIES:
        name = family.__name__.rpartition(".")[2]
        mine = [one for one in OPERATORS.values() if one.family == name]
        yield f"### {(family.__doc__ or name).partition(':')[0]}"
        yield table((_operator(one) for one in mine), heads)


def _operator(one: Operator) -> tuple[str, ...]:
    view = {key: value for key, value in one.example.view.items() if key[0] != HIDDEN}
    return (
        f"`{one.name}`",
        f"{one.phrase['zh-CN']} · {one.phrase['en']}",
        _count(one),
        _json(one.example.rule),
        _json(view),
        _json(one.example.gives),
    )


def _count(one: Operator) -> str:
    if one.most == one.least:
        return str(one.least)
    return f"{one.least} or more" if one.most is None else f"{one.least} to {one.most}"


def problems() -> Iterator[str]:
    """A table for each area of codes, with the sentence in both languages."""
    areas: dict[str, dict[str, Mapping[str, str]]] = {}
    for code, text in sorted(sentences().items()):
        areas.setdefault(code.partition(".")[0], {})[code] = text
    for area, found in areas.items():
        yield f"### `{area}.*`"
        lines = ((f"`{code}`", text["zh-CN"], text["en"]) for code, text in found.items())
        yield table(lines, ("code", "zh-CN", "en"))


def _json(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"
