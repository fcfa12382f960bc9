"""Rules as words."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.rules import sentence

TITLES = {
    "area": "经营面积",
    "hot": "现场制售",
    "kind": "经营类型",
    "t": "股东",
    "share": "出资比例",
}
OPTIONS = {"kind": {"snack": "小吃店", "bar": "酒吧"}}

CASES: list[tuple[Any, str]] = [
    (
        {"and": [{">": [{"var": "area"}, 100]}, {"==": [{"var": "hot"}, True]}]},
        "经营面积 大于 100 并且 现场制售 为 是",
    ),
    ({"==": [{"var": "kind"}, "bar"]}, "经营类型 为 酒吧"),
    ({"in": [{"var": "kind"}, ["snack", "bar"]]}, "经营类型 属于 小吃店、酒吧"),
    ({"<": [50, {"var": "area"}, 100]}, "经营面积 在 50 和 100 之间"),
    ({"!": [{"is_answered": {"var": "area"}}]}, "并非（已填写 经营面积）"),
    ({"sum": [{"var": "t"}, {"var": "share"}]}, "股东 中 出资比例 的合计"),
    (
        {"if": [{"var": "hot"}, 1, {"var": "x"}, 2, 3]},
        "如果 现场制售 则为 1，否则 如果 x 则为 2，否则 3",
    ),
    ({"strange": [1]}, "{'strange': [1]}"),
    ({"a": 1, "b": 2}, "{'a': 1, 'b': 2}"),
    (None, "空"),
]


@pytest.mark.parametrize(("rule", "words"), CASES, ids=str)
def test_a_rule_in_chinese(rule: Any, words: str) -> None:
    assert sentence(rule, TITLES, "zh-CN", OPTIONS) == words


def test_a_rule_in_english() -> None:
    rule = {"or": [{">=": [{"var": "area"}, 100]}, {"!=": [{"var": "kind"}, "bar"]}]}
    assert sentence(rule, {"area": "Area", "kind": "Kind"}, "en", {"kind": {"bar": "Bar"}}) == (
        "(Area is at least 100 or Kind is not Bar)"
    )


def test_a_rule_without_end_is_cut() -> None:
    rule: Any = True
    for _ in range(1_000):
        rule = {"!": [rule]}
    assert "…" in sentence(rule, {}, "zh-CN")
