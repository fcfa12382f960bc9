"""Patterns that every validator reads alike and matches in linear time.

The subset: anchored with ^ and $, ASCII classes written out, groups without names, escapes of
punctuation only; what RE2 compiles (no look-around, no back-references, no huge repetitions).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import re2

from definitions.problems import Problem

MAX_MEMORY = 1 << 20
"""Bytes that a compiled pattern may take."""

_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|.", re.DOTALL)
_ESCAPABLE = frozenset(r".\-/[](){}^$|*+?")


@lru_cache(maxsize=4_096)
def pattern_problem(pattern: str) -> Problem | None:
    """What is wrong with a pattern, or None."""
    if not (pattern.startswith("^") and pattern.endswith("$")) or pattern.endswith(r"\$"):
        return Problem("definition.pattern_not_anchored")
    parts = _PART.findall(pattern[1:-1])
    for problem in _part_problems(parts):
        return problem
    if _alternates(parts):
        return Problem("definition.pattern_not_anchored")
    return _refused(pattern)


def compile_pattern(pattern: str) -> re2._Regexp:
    """A pattern of the subset, compiled; raises `re2.error` for others."""
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)


def _part_problems(parts: list[str]) -> Iterator[Problem]:
    for before, part in zip(["", *parts], parts, strict=False):
        if part.startswith("\\") and part[1:] not in _ESCAPABLE:
            yield Problem("definition.pattern_escape", "", {"part": part})
        elif part.startswith("[") and _strange_class(part):
            yield Problem("definition.pattern_class", "", {"part": part})
        elif part == "?" and before == "(":
            yield Problem("definition.pattern_group", "", {"part": "(?"})
        elif part in "^$":
            yield Problem("definition.pattern_not_anchored")


def _strange_class(part: str) -> bool:
    escapes = re.findall(r"\\(.)", part)
    return part in ("[]", "[^]") or "[" in part[1:] or any(one not in _ESCAPABLE for one in escapes)


def _alternates(parts: list[str]) -> bool:
    """Whether an alternative stands outside every group: an anchor binds only to one side of it."""
    depth = 0
    for part in parts:
        depth += (part in ("(", "(?:")) - (part == ")")
        if part == "|" and depth == 0:
            return True
    return False


def _refused(pattern: str) -> Problem | None:
    try:
        compile_pattern(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return Problem("definition.pattern_refused", "", {"reason": text})
    return None
