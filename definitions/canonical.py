"""Canonical JSON (RFC 8785): one value, one text, so that a hash names it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping
from json.encoder import encode_basestring as _quoted
from typing import Any

_WORDS = {None: "null", True: "true", False: "false"}
MAX_INTEGER = 2**53 - 1
"""Beyond it an integer has no exact JSON number (RFC 8785, section 3.2.2.3)."""


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value, as UTF-8.

    Raises ValueError for what JSON can't say exactly: NaN, infinities, integers beyond 2**53 - 1,
    half a surrogate pair; TypeError for what isn't JSON at all.
    """
    return _text(value).encode("utf-8")


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _text(value: Any) -> str:
    """The canonical JSON of one value as text; a submission signs thousands of them."""
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        members = [f"{_quoted(name)}:{_text(value[name])}" for name in _in_order(value)]
        return "{" + ",".join(members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_text(item) for item in value]) + "]"
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _in_order(names: Collection[str]) -> list[str]:
    """Names by UTF-16 code units (section 3.2.3); Python sorts those in ASCII alike by itself."""
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"{type(name).__name__} is no name of a JSON member")
    ascii_only = all(map(str.isascii, names))
    return sorted(names, key=None if ascii_only else _code_units)


def _code_units(name: str) -> bytes:
    """Big-endian bytes compare as UTF-16 code units do."""
    return name.encode("utf-16-be")


def _number(value: float) -> str:
    """A number as ECMAScript writes it (ECMA-262, Number::toString)."""
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError(f"{value} is no exact JSON number")
        return str(value)
    if not math.isfinite(value):
        raise ValueError(f"{value} is no JSON number")
    if value == 0:
        return "0"
    return ("-" if value < 0 else "") + _positive(abs(value))


def _positive(value: float) -> str:
    """Python's shortest digits that read back the same, laid out by ECMAScript's rules."""
    mantissa, _, exponent = f"{value!r}e0".partition("e")
    whole, _, fraction = mantissa.partition(".")
    shift = int(exponent.partition("e")[0])
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + shift - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"
