"""What people type, and the one way it is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions import normalise
from definitions.fieldtypes.date import show_date


@pytest.mark.parametrize(
    "typed",
    [
        *("2026年1月5日", "2026/1/5", "2026.1.5", "2026-01-05", "20260105", "2026 1 5"),
        *("２０２６年１月５日", " 2026 年 1 月 5 日 ", "2026年01月05号", "2026-1-5", "2026年1月5"),
        *("5 January 2026", "05 jan 2026", "January 5, 2026", "Jan. 5 2026", "5January2026"),
    ],
)
def test_dates(typed: str) -> None:
    assert normalise.iso_date(typed) == "2026-01-05"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "2026-02-30", "2026/1.5", "5/1/2026", "26-1-5", "长期", "2026-1", "0000-01-01"),
        *("31 June 2026", "5 Janus 2026", "5 J 2026", "January 2026"),
    ],
)
def test_what_is_no_date(typed: str) -> None:
    assert normalise.iso_date(typed) is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_is_read_in_every_form(day: date) -> None:
    iso = str(day)
    year, month, number = (int(part) for part in iso.split("-"))
    for typed in (
        iso,
        iso.replace("-", ""),
        f"{year}年{month}月{number}日",
        f"{year}/{month}/{number}",
        show_date(iso, "zh-CN"),
        show_date(iso, "en"),
    ):
        assert normalise.iso_date(typed) == iso


@pytest.mark.parametrize(
    "typed",
    ["2026年1月1日至2026年12月31日", "2026-1-1 ~ 2026-12-31", "2026/1/1 到 2026/12/31"],
)
def test_date_ranges(typed: str) -> None:
    assert normalise.iso_date_range(typed) == ("2026-01-01", "2026-12-31")


@pytest.mark.parametrize(
    "typed", ["2021年05月20日至长期", "2021.5.20—长期", "2021-05-20 to no end"]
)
def test_date_ranges_without_an_end(typed: str) -> None:
    assert normalise.iso_date_range(typed) == ("2021-05-20", None)


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("9:30", "09:30"),
        ("09：30", "09:30"),
        ("9点", "09:00"),
        ("9点半", "09:30"),
        ("21时5分", "21:05"),
        ("0930", "09:30"),
        ("上午9点半", "09:30"),
        ("下午3点", "15:00"),
        ("下午 3:05", "15:05"),
        ("下午15点", "15:00"),
        ("下午12点", "12:00"),
        ("上午13点", None),
        ("下午", None),
        ("24:00", None),
        ("9:60", None),
        ("早上", None),
    ],
)
def test_times(typed: str, time: str | None) -> None:
    assert normalise.iso_time(typed) == time


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1,234.50", 123450),
        ("１，２３４．５０", 123450),
        ("100万元", 100_000_000),
        ("100 万", 100_000_000),
        ("1.5亿", 15_000_000_000),
        ("¥80", 8000),
        ("￥80.5元", 8050),
        ("人民币伍拾元", None),
        ("500千元", 50_000_000),
        ("10元整", 1000),
        ("-3", -300),
        ("1,23", None),
        ("", None),
        ("99999999999999999", None),
    ],
)
def test_amounts(typed: str, fen: int | None) -> None:
    assert normalise.fen(typed) == fen


def test_a_fraction_of_a_fen_is_left_to_the_caller() -> None:
    assert normalise.fen("0.001") == Decimal("0.1")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,234.5", "1234.5"),
        ("１２０", "120"),
        (".5", "0.5"),
        ("+3", "3"),
        ("1e5", None),
        ("NaN", None),
        ("∞", None),
        ("12,34", None),
        ("٣", None),
        ("9" * 50, None),
    ],
)
def test_numbers(typed: str, number: str | None) -> None:
    assert normalise.number(typed) == (None if number is None else Decimal(number))


def test_lines_are_made_regular() -> None:
    assert (
        normalise.one_line(" ＡＢＣ　餐饮\u200b（珠海）\t有限公司 ") == "ABC 餐饮（珠海） 有限公司"
    )
    assert normalise.many_lines(" a \r\nb\u202e \r\r") == "a\nb"
    assert normalise.code("４４０ 524 18800101001x") == "44052418800101001X"


@given(st.text())
def test_regular_text_stays_as_it_is(text: str) -> None:
    for regular in (normalise.one_line, normalise.many_lines, normalise.code):
        assert regular(regular(text)) == regular(text)
        regular(text).encode("utf-8")
