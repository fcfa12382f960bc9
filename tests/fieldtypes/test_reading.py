"""What people type into each type of field, and how it is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from definitions.fieldtypes import REGISTRY, Unreadable
from tests.fieldtypes.fields import field_of

READ: list[tuple[str, Any, Any]] = [
    ("text", " ＡＢＣ　公司 ", "ABC 公司"),
    ("long_text", "一\r\n二 \r\n", "一\n二"),
    ("integer", "１，２００", 1200),
    ("number", "120.50", 120.5),
    ("number", "120", 120),
    ("money", "100万元", 100_000_000),
    ("boolean", "是", True),
    ("boolean", ["", "false"], False),
    ("declaration", ["", "true"], True),
    ("declaration", "false", None),
    ("date", "2026年1月5日", "2026-01-05"),
    ("date_range", ["2026/1/1", "2026/12/31"], {"start": "2026-01-01", "end": "2026-12-31"}),
    ("date_range", "2026.1.1至2026.12.31", {"start": "2026-01-01", "end": "2026-12-31"}),
    ("time", "9点半", "09:30"),
    ("choice", "甲", "a"),
    ("choice", "B", "b"),
    ("multi_choice", ["乙", "", "a", "b"], ["a", "b"]),
    ("division", "珠海市香洲区", "440402"),
    ("division", "440402001", "440402001"),
    ("phone", "+86 138-0013-8000", "13800138000"),
    ("phone", "(0756)2123456", "0756-2123456"),
    ("phone", "0756-2123456转801", "0756-2123456-801"),
    ("email", " Zhang@Example.COM ", "Zhang@example.com"),
    ("person_id", "11010519491231002x", "11010519491231002X"),
    ("social_credit_code", "9144 0400 1925 4825 6n", "91440400192548256N"),
    ("plate_number", "粤C·12345", "粤C12345"),
    ("file", ["f1", "f2", "f1"], ["f1", "f2"]),
    ("table", '[{"n": 1}]', [{"$row": "r1", "n": 1}]),
    ("computed", "12", None),
    ("note", "12", None),
]


@pytest.mark.parametrize(("kind", "typed", "value"), READ)
def test_is_read_as(kind: str, typed: Any, value: Any) -> None:
    read = REGISTRY[kind].parse(typed, field_of(kind))
    assert read == value
    assert type(read) is type(value)


REFUSED = [
    ("integer", "1.5", "answer.whole_number"),
    ("integer", "many", "answer.number"),
    ("number", "1e5", "answer.number"),
    ("money", "十元", "answer.money"),
    ("money", "0.001", "answer.money_fen"),
    ("boolean", "maybe", "answer.boolean"),
    ("date", "2026-02-30", "answer.date"),
    ("date_range", ["2026-01-01"], "answer.date_range"),
    ("date_range", ["2026-01-01", "soon"], "answer.date_range"),
    ("time", "25:00", "answer.time"),
    ("choice", "c", "answer.not_an_option"),
    ("multi_choice", ["a", "c"], "answer.not_an_option"),
    ("division", "广州市", "answer.not_an_option"),
    ("file", "../x", "answer.file"),
    ("table", "[1]", "answer.table"),
    ("table", "[" * 100_000, "answer.table"),
    ("table", '[{"n": NaN}]', "answer.table"),
]


@pytest.mark.parametrize(("kind", "typed", "code"), REFUSED, ids=lambda part: str(part)[:20])
def test_is_refused_with(kind: str, typed: Any, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        REGISTRY[kind].parse(typed, field_of(kind))
    assert refused.value.problem.code == code
    assert refused.value.typed == typed


SHOWN: list[tuple[str, dict[str, Any], Any, str, str]] = [
    ("number", {"unit": "m2"}, 1234.5, "1,234.5 平方米", "1,234.5 m²"),
    ("number", {"unit": "%"}, 30, "30%", "30%"),
    ("integer", {"unit": "person"}, 12, "12 人", "12 people"),
    ("integer", {"unit": "strange"}, 12, "12 strange", "12 strange"),
    ("number", {}, -1234.0, "-1,234", "-1,234"),
    ("number", {}, 999.5, "999.5", "999.5"),
    ("number", {}, 1e-7, "0.0000001", "0.0000001"),
    ("computed", {"unit": "m2"}, 0.5, "0.5 平方米", "0.5 m²"),
    ("money", {}, 123450, "1,234.50 元", "CNY 1,234.50"),
    ("money", {}, -5, "-0.05 元", "CNY -0.05"),
    ("money", {}, 99999, "999.99 元", "CNY 999.99"),
    ("money", {}, -123456789012, "-1,234,567,890.12 元", "CNY -1,234,567,890.12"),
    ("boolean", {}, False, "否", "No"),
    ("date", {}, "2026-01-05", "2026年1月5日", "5 January 2026"),
    ("date", {}, "2026-13-45", "2026-13-45", "2026-13-45"),
    ("date", {}, "2026-10-20", "2026年10月20日", "20 October 2026"),
    ("multi_choice", {}, ["a", "b"], "甲、乙", "A, B"),
    ("choice", {}, "old", "old", "old"),
    ("division", {}, "440402001", "香洲区翠香街道", "Cuixiang Subdistrict, Xiangzhou District"),
    ("file", {}, ["x"], "1 个文件", "1 file"),
    ("table", {}, [{}, {}], "2 行", "2 rows"),
]


@pytest.mark.parametrize(("kind", "more", "value", "chinese", "english"), SHOWN)
def test_is_shown_as(kind: str, more: Any, value: Any, chinese: str, english: str) -> None:
    shown = REGISTRY[kind].shown(value, field_of(kind, **more))
    assert shown == {"zh-CN": chinese, "en": english}


@pytest.mark.parametrize("typed", ["120平方米", "120 m²", "120㎡", "１２０平米", "120 m2", "120"])
def test_a_unit_behind_a_number_is_understood(typed: str) -> None:
    assert REGISTRY["number"].parse(typed, field_of("number", unit="m2")) == 120


@pytest.mark.parametrize("typed", ["2021年05月20日至长期", ["2021-05-20", "长期"]])
def test_a_range_has_no_end_where_its_field_needs_none(typed: Any) -> None:
    kind, bounded = REGISTRY["date_range"], field_of("date_range")
    endless = replace(bounded, schema=bounded.schema | {"required": ["start"]})
    value = kind.parse(typed, endless)
    assert value == {"start": "2021-05-20"}
    assert kind.check(value, endless) == []
    assert kind.parse(kind.to_input(value, endless), endless) == value
    assert kind.shown(value, endless) == {
        "zh-CN": "2021年5月20日至长期",
        "en": "from 20 May 2021, without end",
    }
    with pytest.raises(Unreadable):
        kind.parse(typed, bounded)
    assert kind.check(value, bounded)
