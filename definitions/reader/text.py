"""Bytes to JSON values, strictly: what two parsers could read differently is a problem."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn

from definitions.problems import Problem

MAX_BYTES = 2_000_000
"""No definition that a person wrote comes near; a release's are capped the same."""


class _RefusedError(ValueError):
    """Not JSON in the sense of RFC 8259."""


class Twice(dict[str, Any]):
    """An object in which `keys_twice` were written more than once."""

    keys_twice: tuple[str, ...] = ()


def parse(data: bytes) -> tuple[Any, list[Problem]]:
    """The value that `data` says, or None and the problems that kept it from being read.

    Accepts UTF-8 without a byte order mark only. The scanner counts its own depth and gives up
    long before the stack ends.
    """
    if len(data) > MAX_BYTES:
        return None, [Problem("definition.file_too_large", "", {"limit": MAX_BYTES})]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [Problem("definition.not_utf8", "", {"byte": error.start})]
    if text.startswith("\ufeff"):
        return None, [Problem("definition.byte_order_mark")]
    return _value(text)


def _value(text: str) -> tuple[Any, list[Problem]]:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant), []
    except json.JSONDecodeError as error:
        params = {"line": error.lineno, "column": error.colno, "reason": error.msg}
        return None, [Problem("definition.not_json", "", params)]
    except _RefusedError as error:
        return None, [Problem("definition.not_a_number", "", {"value": str(error)})]
    except ValueError:  # an integer with more digits than Python agrees to read
        return None, [Problem("definition.number_too_large")]
    except RecursionError:
        return None, [Problem("definition.too_deep")]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = Twice(plain)
    written = Counter(name for name, _ in pairs)
    marked.keys_twice = tuple(name for name, times in written.items() if times > 1)
    return marked


def _constant(name: str) -> NoReturn:
    raise _RefusedError(name)
