"""Ids that sort by the time they were made, and the numbers that people write down."""

from __future__ import annotations

import secrets
from datetime import datetime

from runtime.engine.validity import CHINA

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def new_id(now: datetime) -> str:
    """A UUID of version 7 (RFC 9562, 5.7) as 32 hexadecimal digits: later ones sort later."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return f"{value:032x}"


def number_prefix(district: str, now: datetime) -> str:
    """City and day (in China) of an application number: `4404-20261123`."""
    return f"{district[:4]}-{now.astimezone(CHINA):%Y%m%d}"


def application_number(prefix: str, count: int) -> str:
    """The number with its check character: `4404-20261123-000123-C`."""
    body = f"{prefix}-{count:06d}"
    return f"{body}-{check_character(body)}"


def check_character(text: str) -> str:
    """The check character of ISO/IEC 7064, MOD 37,36 over the letters and digits of a text.

    It catches every single wrong character and nearly every swap of two neighbours.
    """
    product = 36
    for character in text.upper():
        if character in ALPHABET:
            total = (product + ALPHABET.index(character)) % 36 or 36
            product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]
