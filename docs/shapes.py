"""The schemas of definitions as Markdown: a row for each key, a section for each shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from definitions.fieldtypes import REGISTRY
from definitions.model import KINDS
from definitions.reader.shape import schema

Schema = Mapping[str, Any]
SAYS_ENOUGH = ("column", "row", "value_schema", "plain_items", "names", "rules", "subjects")
"""Shapes of which a key or two nobody has to look up: described, but without a table of keys."""


def kinds() -> Iterator[str]:
    """A section for each kind of definition."""
    for kind in KINDS:
        document = schema(kind)
        yield f"### `{kind}`"
        yield f"{document['title']}. {document['description']}"
        yield table(rows(document))


def shapes() -> Iterator[str]:
    """A section for each shape that several kinds share."""
    for name, one in schema("common")["$defs"].items():
        yield f"### {name}"
        yield "\n".join(filter(None, [one.get("description", ""), f"*{sort(one)}*"]))
        if "properties" in one and name not in SAYS_ENOUGH:
            yield table(rows(one))
        elif name in SAYS_ENOUGH and "properties" in one:
            yield "Keys: " + ", ".join(f"`{key}`" for key in one["properties"]) + "."


def rows(one: Schema, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Key, type and meaning of each key; of what is nested too, by its path."""
    required = one.get("required", ())
    for key, value in one.get("properties", {}).items():
        path = prefix + key
        star = " \\*" if key in required else ""
        yield f"`{path}`{star}", sort(value), value.get("description", "")
        inner, step = inside(value)
        yield from rows(inner, f"{path}{step}.")


def inside(one: Schema) -> tuple[Schema, str]:
    """What stands inside a value, and how a path says so: each entry of a list or an object."""
    if isinstance(one.get("items"), Mapping) and "properties" in one["items"]:
        return one["items"], "[]"
    named = one.get("additionalProperties")
    if isinstance(named, Mapping) and "properties" in named:
        return named, ".*"
    return one, ""


def sort(one: Schema) -> str:
    """What a value may be, in few words; a shape of its own as a link."""
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in one:
        return _code(one["const"])
    if "enum" in one:
        if set(one["enum"]) == set(REGISTRY):
            return "a [field type](#field-types)"
        return ", ".join(_code(value) for value in one["enum"])
    return _structure(one)


def _structure(one: Schema) -> str:
    kinds = one.get("type", "any")
    name = kinds if isinstance(kinds, str) else " or ".join(kinds)
    if name == "array" and "items" in one:
        return f"list of {sort(one['items'])}"
    named = one.get("additionalProperties")
    if name == "object" and isinstance(named, Mapping) and named:
        return f"object: id to {sort(named)}"
    return name


def _code(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def table(found: Iterator[tuple[str, ...]], heads: tuple[str, ...] = ()) -> str:
    """A table in Markdown."""
    heads = heads or ("key (\\* always)", "what it is", "what it says")
    lines = [heads, tuple("---" for _ in heads), *found]
    return "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
