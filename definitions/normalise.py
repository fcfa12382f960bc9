"""What people type becomes the one way it is written: half-width, ISO dates, whole fen."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

LARGEST = 10**15
"""No typed number is larger: beyond it JSON readers start to lose digits."""

ENDLESS = frozenset({"长期", "长期有效", "永久", "无固定期限", "no end"})
"""Where a range's end would stand, these say that it has none."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FULL_WIDTH_ALPHANUMERIC = {
    code: half for code, half in _FULL_WIDTH.items() if chr(half).isalnum() or half == 0x20
}
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_DATES = (
    re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    re.compile(r"(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})[日号]?"),
    re.compile(r"(?P<y>[0-9]{4}) (?P<m>[0-9]{1,2}) (?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<d>[0-9]{1,2}) ?(?P<m>[A-Za-z]{3,9})[.,]? ?(?P<y>[0-9]{4})"),
    re.compile(r"(?P<m>[A-Za-z]{3,9})[.]? ?(?P<d>[0-9]{1,2}),? ?(?P<y>[0-9]{4})"),
)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""The months in English, as dates are written; a typed one may be shortened to three letters."""
_TIME = re.compile(r"(?P<h>[0-9]{1,2})[:时点](?P<m>[0-9]{1,2})?分?(:[0-9]{2})?")
_HALVES = {"上午": 12, "下午": 23}
"""Halves of a day as people write them before an hour, and the last hour that makes sense there."""
_NUMBER = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]*)?|[+-]?\.[0-9]+")
_MULTIPLES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_MONEY = re.compile(
    r"(?:¥|￥|人民币|RMB|CNY)?(?P<number>[-+0-9.,]+)(?P<times>千万|百万|千|万|亿)?(?:元|圆|块|RMB|CNY)?整?"
)


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as their half-width twins; Chinese stays."""
    return text.translate(_FULL_WIDTH)


def visible(text: str) -> str:
    """Without control characters, direction marks and other things that no one can see."""
    return _INVISIBLE.sub("", text)


def one_line(text: str) -> str:
    """Text for one line: visible, spaces single, half-width letters and digits, trimmed."""
    return " ".join(visible(text).translate(_FULL_WIDTH_ALPHANUMERIC).split())


def many_lines(text: str) -> str:
    """Text for several lines: visible, line ends as \\n, without blanks at the end of lines."""
    lines = visible(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def code(text: str) -> str:
    """A number or code as it is stored: half-width, no blanks, capital letters."""
    return "".join(half_width(visible(text)).split()).upper()


def day_of(iso: str) -> date | None:
    """The day that is written exactly like 2026-11-23; None for anything else."""
    if len(iso) != 10 or iso[4] != "-" or iso[7] != "-":
        return None
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def iso_date(text: str) -> str | None:
    """The ISO form of a date: 2026年1月5日, 2026/1/5, 2026.1.5, 2026-1-5, 20260105, and of
    5 January 2026 or Jan 5, 2026.

    None when it isn't one, or when there is no such day.
    """
    typed = _close_up(" ".join(half_width(visible(text)).split()))
    for pattern in _DATES:
        found = pattern.fullmatch(typed)
        if found:
            try:
                return date(int(found["y"]), _month(found["m"]), int(found["d"])).isoformat()
            except ValueError:
                return None
    return None


def _month(typed: str) -> int:
    """The number of a month that is written as a number or in English; 0 for no month."""
    if typed.isdigit():
        return int(typed)
    begins = (
        number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(typed.lower())
    )
    return next(begins, 0)


def _close_up(typed: str) -> str:
    """Without the blanks around signs, which some input methods put there."""
    return re.sub(r" ?([-/.年月日号]) ?", r"\1", typed)


def iso_date_range(text: str) -> tuple[str, str | None] | None:
    """Both ends of "2026年1月1日至2027年1月1日" (also with ~, —, 到, or "to").

    The end is None for "2021年5月20日至长期": the range has none.
    """
    ends = re.split(r"至|到|~|—+|–| to | - ", half_width(visible(text)))
    if len(ends) != 2:
        return None
    start, end = iso_date(ends[0]), iso_date(ends[1])
    endless = ends[1].strip() in ENDLESS
    return (start, end) if start and (end or endless) else None


def iso_time(text: str) -> str | None:
    """The form 09:30 of 9:30, 9点30分, 上午9点半 or 0930, and 15:00 of 下午3点; None when it is no
    time of day."""
    typed = code(text).replace("点半", ":30")
    half, typed = (typed[:2], typed[2:]) if typed[:2] in _HALVES else ("", typed)
    if re.fullmatch(r"[0-9]{4}", typed):
        typed = f"{typed[:2]}:{typed[2:]}"
    found = _TIME.fullmatch(typed)
    if not found or int(found["h"]) > _HALVES.get(half, 23) or int(found["m"] or 0) > 59:
        return None
    hour = int(found["h"]) + (12 if half == "下午" and int(found["h"]) < 12 else 0)
    return f"{hour:02d}:{int(found['m'] or 0):02d}"


def number(text: str) -> Decimal | None:
    """The number of "1,234.50"; None when it isn't one or is larger than LARGEST."""
    typed = code(text)
    if len(typed) > 40 or not _NUMBER.fullmatch(typed):
        return None
    try:
        value = Decimal(typed.replace(",", ""))
    except InvalidOperation:
        return None
    return value if abs(value) <= LARGEST else None


def fen(text: str) -> Decimal | None:
    """The fen of an amount in yuan: "100万元", "¥1,234.50", "1.5亿"; None when it isn't one.

    A fraction of a fen comes back as such: it is for the caller to refuse.
    """
    found = _MONEY.fullmatch(code(text))
    amount = number(found["number"]) if found else None
    if found is None or amount is None:
        return None
    value = amount * _MULTIPLES[found["times"] or ""] * 100
    return value if abs(value) <= LARGEST else None
