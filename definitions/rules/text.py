"""Texts: cat, substr, length (of lists and tables too)."""

from __future__ import annotations

from typing import Any

from definitions.problems import Problem
from definitions.rules.compiler import RuleTooExpensive
from definitions.rules.numbers import is_number
from definitions.rules.registry import Example, words
from definitions.rules.strict import strict
from definitions.rules.types import INTEGER, ITERABLE, TEXT, TEXTUAL

LONGEST = 20_000
"""No text that a rule makes is longer: more is a rule that runs away."""

_WRITABLE = TEXTUAL | {"integer", "number", "date", "time"}
_COUNTABLE = TEXTUAL | ITERABLE
_INTEGER = frozenset({"integer"})


@strict(
    "cat",
    "text",
    takes=[_WRITABLE],
    repeats=True,
    gives=TEXT,
    title=words("连接文字", "joined text"),
    phrase=words("{all}", "{all}"),
    joiner=words(" 接 ", " followed by "),
    example=Example(
        {"cat": [{"var": "road"}, {"var": "no"}, "号"]}, {"road": "情侣路", "no": 8}, "情侣路8号"
    ),
)
def concatenate(*values: Any) -> str | None:
    """The texts one after the other, numbers as they are written."""
    pieces = [_written(value) for value in values]
    if None in pieces:
        return None
    result = "".join(piece for piece in pieces if piece is not None)
    if len(result) > LONGEST:
        raise RuleTooExpensive(Problem("definition.rule_budget"))
    return result


def _written(value: Any) -> str | None:
    if value.__class__ is str:
        return str(value)
    if not is_number(value):
        return None
    return str(int(value)) if value == int(value) else repr(value)


@strict(
    "substr",
    "text",
    takes=[TEXTUAL, _INTEGER, _INTEGER],
    least=2,
    gives=TEXT,
    title=words("截取文字", "part of a text"),
    phrase=words("{0} 的一部分", "part of {0}"),
    example=Example({"substr": [{"var": "id"}, 6, 4]}, {"id": "440402199001011234"}, "1990"),
)
def part(text: Any, start: Any, length: Any = None) -> str | None:
    """From `start` (negative: from the end), `length` characters (negative: leave so many)."""
    if text.__class__ is not str or start.__class__ is not int:
        return None
    rest = str(text[start:])
    if length is None:
        return rest
    return rest[:length] if length.__class__ is int else None


@strict(
    "length",
    "text",
    takes=[_COUNTABLE],
    gives=INTEGER,
    title=words("长度", "length"),
    phrase=words("{0} 的长度", "the length of {0}"),
    example=Example({"length": [{"var": "name"}]}, {"name": "珠海"}, 2),
)
def length(value: Any) -> int | None:
    """Characters of a text, entries of a list, rows of a table."""
    return len(value) if value.__class__ in (str, list) else None
