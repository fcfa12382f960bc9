"""What could hurt the server or fool a person, whatever kind of definition it is in.

One pass without recursion over a value that was just parsed; after it, everything else may recurse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from definitions.canonical import MAX_INTEGER
from definitions.order import KEYED_BY_ID
from definitions.problems import Problem, escaped
from definitions.reader.text import Twice

MAX_DEPTH = 64
MAX_NODES = 200_000
MAX_LIST = 1_000
MAX_STRING = 20_000
MAX_PROBLEMS = 1_000
"""Nobody reads more of one definition."""

UNSAFE = frozenset(
    {
        "definition.too_deep",
        "definition.too_much",
        "definition.list_too_long",
        "definition.key_not_text",
        "definition.not_json_value",
        "definition.half_a_character",
    }
)
"""After one of these nothing else looks at the value."""

FORBIDDEN_NAMES = frozenset({"constructor", "prototype", "hasOwnProperty", "toString", "valueOf"})
MARKUP = re.compile(r"<[A-Za-z/!?]")
"""How a tag begins. It is one when a `>` follows, for which one look is enough."""
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LOOKS = str.maketrans({"0": "o", "1": "l", "_": None})

Place = tuple["Place", str | int] | None


def hazards(value: Any) -> list[Problem]:
    """Every hazard in a parsed value, each with its JSON Pointer, at most `MAX_PROBLEMS`.

    When the value is too deep or too large the search ends there, with that problem alone.
    """
    found: list[Problem] = []
    stack: list[tuple[Any, Place, int, str | int]] = [(value, None, 1, "")]
    nodes = 0
    while stack:
        node, place, depth, name = stack.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            return [Problem("definition.too_deep", pointer(place), {"limit": MAX_DEPTH})]
        if nodes > MAX_NODES:
            return [Problem("definition.too_much", "", {"limit": MAX_NODES})]
        if isinstance(node, str):
            if not node.isascii() or len(node) > MAX_STRING:
                found += _string(node, place)
        elif isinstance(node, dict):
            found += _object(node, name, place)
            stack += [(child, (place, key), depth + 1, key) for key, child in node.items()]
        elif isinstance(node, list):
            if len(node) > MAX_LIST:
                found.append(
                    Problem("definition.list_too_long", pointer(place), {"limit": MAX_LIST})
                )
                continue
            stack += [(child, (place, at), depth + 1, "") for at, child in enumerate(node)]
        elif node is not True and node is not False and node is not None:
            found += _number(node, place)
    return _foremost(found) if len(found) > MAX_PROBLEMS else found


def _foremost(found: list[Problem]) -> list[Problem]:
    """As many as are told, those first that keep the value from being looked at."""
    return sorted(found, key=lambda one: one.code not in UNSAFE)[:MAX_PROBLEMS]


def pointer(place: Place) -> str:
    """The JSON Pointer (RFC 6901) of a place; half a character in it as its escape."""
    steps: list[str] = []
    while place is not None:
        place, step = place
        steps.append(escaped(str(step)))
    return written("".join("/" + step for step in reversed(steps)))


def written(text: str) -> str:
    """A text as it can be written, half a character (a lone surrogate) as its escape."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def _string(text: str, place: Place) -> Iterator[Problem]:
    if len(text) > MAX_STRING:
        yield Problem("definition.string_too_long", pointer(place), {"limit": MAX_STRING})
    if written(text) != text:
        yield Problem("definition.half_a_character", pointer(place))


def _number(number: Any, place: Place) -> Iterator[Problem]:
    if not isinstance(number, int | float):
        yield Problem("definition.not_json_value", pointer(place), {"type": type(number).__name__})
    elif not math.isfinite(number) or (isinstance(number, int) and abs(number) > MAX_INTEGER):
        yield Problem("definition.number_too_large", pointer(place))


def _object(node: dict[str, Any], name: str | int, place: Place) -> Iterator[Problem]:
    if isinstance(node, Twice):
        for key in node.keys_twice:
            yield Problem("definition.key_twice", pointer((place, key)), {"key": written(key)})
    for key in node:
        if not isinstance(key, str):
            yield Problem("definition.key_not_text", pointer(place), {"key": str(key)})
        elif not key.isascii() and written(key) != key:
            yield Problem("definition.half_a_character", pointer((place, key)))
        elif key.startswith("__") or key in FORBIDDEN_NAMES:
            yield Problem("definition.forbidden_name", pointer((place, key)), {"key": key})
    if "zh-CN" in node:
        yield from _text(node, place)
    if name in KEYED_BY_ID and len(node) > 1:
        yield from look_alikes(node, place)


def _text(node: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    for language, words in node.items():
        if not isinstance(words, str):
            continue
        if _has_markup(words):
            yield Problem("definition.markup", pointer((place, language)))
        if INVISIBLE.search(words):
            yield Problem("definition.invisible_character", pointer((place, language)))
    if "en" not in node:
        yield Problem("definition.no_english", pointer(place), level="warning")


def _has_markup(words: str) -> bool:
    tag = MARKUP.search(words) if "<" in words else None
    return tag is not None and words.find(">", tag.end()) > 0


def skeleton(name: str) -> str:
    """What a hurried reader sees: names with one skeleton are taken for each other."""
    return name.lower().translate(_LOOKS).replace("rn", "m").replace("vv", "w")


def look_alikes(names: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    """A problem for each name that looks like one before it."""
    seen: dict[str, str] = {}
    for name in names:
        if not isinstance(name, str):
            continue
        other = seen.setdefault(skeleton(name), name)
        if other != name:
            params = {"name": name, "other": other}
            yield Problem("definition.look_alike", pointer((place, name)), params)
