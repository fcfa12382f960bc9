"""What several schemas for one value leave together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from definitions.model import Schema

_JOIN: Mapping[str, Callable[[Any, Any], Any]] = {
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "minItems": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
    "maxItems": min,
    "uniqueItems": lambda one, other: one or other,
    "enum": lambda one, other: [code for code in one if code in other],
    "required": lambda one, other: list(dict.fromkeys([*one, *other])),
}


def intersection(schemas: Iterable[Schema]) -> dict[str, Any]:
    """A schema that accepts what all of them accept, with as few words as possible.

    Keywords that can't be joined in place (two patterns) stand in an `allOf`.
    """
    joined: dict[str, Any] = {}
    also: list[dict[str, Any]] = []
    for schema in schemas:
        for keyword, value in schema.items():
            if keyword not in joined:
                joined[keyword] = value
            elif keyword in _JOIN:
                joined[keyword] = _JOIN[keyword](joined[keyword], value)
            elif keyword == "type" and {joined[keyword], value} == {"integer", "number"}:
                joined[keyword] = "integer"
            elif keyword == "items":
                joined["items"] = intersection([joined["items"], value])
            elif joined[keyword] != value and {keyword: value} not in also:
                also.append({keyword: value})
    return {**joined, "allOf": also} if also else joined


def empty(schema: Schema) -> bool:
    """Whether no value at all can satisfy the schema, as far as bounds and lists tell."""
    return (
        any(_crossed(schema, low, high) for low, high in _BOUNDS)
        or _no_number_between(schema)
        or schema.get("enum") == []
        or _contradiction(schema)
        or ("items" in schema and schema.get("minItems", 0) > 0 and empty(schema["items"]))
    )


_BOUNDS = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))


def _crossed(schema: Schema, low: str, high: str) -> bool:
    return low in schema and high in schema and schema[low] > schema[high]


def _no_number_between(schema: Schema) -> bool:
    lowest = [schema[key] for key in ("minimum", "exclusiveMinimum") if key in schema]
    highest = [schema[key] for key in ("maximum", "exclusiveMaximum") if key in schema]
    if not lowest or not highest or max(lowest) < min(highest):
        return False
    touching = max(lowest) == min(highest)
    open_ended = schema.get("exclusiveMinimum") == max(lowest) or schema.get(
        "exclusiveMaximum"
    ) == min(highest)
    return not touching or open_ended


def _contradiction(schema: Schema) -> bool:
    """Two types or two constants, or a constant that the list leaves out."""
    also = schema.get("allOf", ())
    if any("type" in other or "const" in other for other in also):
        return True
    return "const" in schema and "enum" in schema and schema["const"] not in schema["enum"]
